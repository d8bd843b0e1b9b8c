"""Reads what an SRU server answers. Elements are known by local names: each version has a namespace of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pymarc import Record

from catalogue_client.catalogue.marc.marc_reader import record_from_xml
from catalogue_client.errors import BadAnswer, LibraryError, Unavailable

PAST_THE_END = 61
"""Diagnostic "first record position out of range": there are no more records, which is no fault."""
AWAY = (1, 2, 3)
"""Diagnostics that pass: general system error, system temporarily unavailable, authentication error."""


GROUPED = re.compile(r"[\s.,']")
"""What stands between the thousands of a number."""
FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[\da-f]));", re.I
)
"""Control characters, as they are or as references; none of them is part of a letter in any 8-bit encoding or UTF-8."""

log = logging.getLogger(__name__)


class Unsupported(BadAnswer):
    """The server does not know an index, relation or the like of our query."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to searchRetrieve."""

    total: int | None
    """How many fit in all; None where the server gives records and no number that can be read."""
    records: tuple[Record, ...]
    """Those that can be read; a damaged one among them is left out."""
    given: int
    """How many the server gave, damaged ones too."""


def read_page(content: bytes) -> Page:
    """Raises BadAnswer, Unsupported for a query the server cannot do, Unavailable for troubles that pass."""
    root = _parsed(content)
    if _name(root) != "searchRetrieveResponse":
        raise BadAnswer(f"SRU: {_name(root)[:40]!r} instead of searchRetrieveResponse")
    parts = {_name(child): child for child in root}
    given = [child for child in parts.get("records", ()) if _name(child) == "record"]
    if (fault := _fault(parts.get("diagnostics"))) is not None:
        if not given:
            raise fault
        log.info("beside its records: %s", fault)  # a warning, or something that it did otherwise
    total = GROUPED.sub("", parts["numberOfRecords"].text or "") if "numberOfRecords" in parts else ""
    if not (total.isascii() and total.isdecimal()) and not given:
        raise BadAnswer("SRU: no number of records")
    records = tuple(record for element in given if (record := _record(element)) is not None)
    return Page(int(total) if total.isascii() and total.isdecimal() else None, records, len(given))


def _parsed(content: bytes | str) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except ParseError:
        return _cleaned(content)
    except (DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise BadAnswer(f"SRU: no XML, or XML that is not allowed ({type(error).__name__})") from error
    return root


def _cleaned(content: bytes | str) -> Element:
    """The same without the control characters that XML forbids: one in one record costs no page."""
    try:
        clean = FORBIDDEN.sub(b"", content.encode() if isinstance(content, str) else content)
        root: Element = fromstring(clean, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise BadAnswer(f"SRU: no XML, or XML that is not allowed ({type(error).__name__})") from error
    return root


def _fault(diagnostics: Element | None) -> LibraryError | None:
    if diagnostics is None:
        return None
    for diagnostic in diagnostics:
        fields = {_name(child): (child.text or "").strip() for child in diagnostic}
        number = fields.get("uri", "").rpartition("/")[2]
        code = int(number) if number.isdecimal() else 0
        if code == PAST_THE_END:
            continue
        text = f"SRU diagnostic {code}: {fields.get('message', '')[:80]}"
        return Unavailable(text) if code in AWAY else Unsupported(text)
    return None


def _record(element: Element) -> Record | None:
    for data in element:
        if _name(data) == "recordData":
            found = next(_marc(data), None)
            return record_from_xml(found) if found is not None else None
    return None


def _marc(data: Element) -> Iterator[Element]:
    """The MARC record inside, which may be packed as text. A diagnostic in its place is none."""
    if len(data) == 0 and (data.text or "").lstrip().startswith("<"):
        try:
            data = _parsed((data.text or "").strip())
        except BadAnswer:
            return
    yield from (element for element in data.iter() if _name(element) == "record")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
