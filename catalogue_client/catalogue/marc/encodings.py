"""Guesses how the bytes of an ISO 2709 record are to be read; what the leader says is often wrong."""

from __future__ import annotations

import re

from languages.letters import KAZAKH_ONLY

ESCAPE = 0x1B
HEADER = 24
"""Bytes of the leader."""
ISOLATED = re.compile(rb"(?<![\x80-\xff])[\xe0-\xfe][A-Za-z]")
"""A MARC-8 accent: one high byte before the letter it belongs to."""
HIGH = re.compile(rb"[\x80-\xff]")
COMMON = frozenset("оеаинтрсвлкыг") | frozenset(KAZAKH_ONLY) - frozenset("ғһ")
"""Frequent small letters of Russian and Kazakh."""

ENCODINGS = ("utf-8", "cp1251", "cp866", "marc-8")


def encoding_of(record: bytes) -> str:
    """One of ENCODINGS for a whole record, leader included."""
    body = record[HEADER:]
    high = len(HIGH.findall(body))
    if ESCAPE in body:
        return "marc-8"
    if not high or _is_utf8(body, high):
        return "utf-8"
    if 2 * len(ISOLATED.findall(body)) > high:
        return "marc-8"
    return max(("cp1251", "cp866"), key=lambda encoding: _likely_letters(body.decode(encoding, "replace")))


def _is_utf8(body: bytes, high: int) -> bool:
    """Whether nearly all of the bytes beyond ASCII are UTF-8; one broken letter does not change what the rest is."""
    return body.decode("utf-8", "replace").count("\ufffd") * 50 <= high


def _likely_letters(text: str) -> int:
    return sum(letter in COMMON for letter in text)
