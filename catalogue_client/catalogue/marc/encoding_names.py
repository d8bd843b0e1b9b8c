"""The encodings in which a library's records may be written, as Python names them."""

EIGHT_BIT = ("cp1251", "kz1048", "ptcp154", "cp866", "koi8-r", "mac_cyrillic", "iso8859-5")
"""The commonest first: of those that fit alike it counts."""
ENCODINGS = ("utf-8", *EIGHT_BIT, "marc-8")
