"""Finds out how the bytes of an ISO 2709 record are to be read; what the leader says is often wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue_client.catalogue.marc.encoding_names import EIGHT_BIT
from catalogue_client.catalogue.marc.letter_model import likeness

ESCAPE = 0x1B
HEADER = 24
"""Bytes of the leader."""
ISOLATED = re.compile(rb"(?<![\x80-\xff])[\xe0-\xfe](?=[A-Za-z])")
"""A MARC-8 accent: one high byte before the letter it belongs to."""
HIGH = re.compile(rb"[\x80-\xff]")
TWO_BYTES = re.compile(rb"[\xc3-\xc5\xcc\xcd\xd0-\xd4][\x80-\xbf]")
"""A letter of UTF-8, Latin with marks or Cyrillic; in an 8-bit encoding it is a rare pair."""

AS_GOOD = 0.5
"""Within this of the best likeness, the encoding of the whole file counts."""
DOUBTFUL = -6.0
"""A likeness below this is of text that was damaged before, or of a language that is neither Kazakh nor Russian."""
SAMPLE = 1 << 18
"""Bytes beyond UTF-8 by which the encoding of a file is found."""


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How a record's bytes are read."""

    encoding: str
    """One of encoding_names.ENCODINGS."""
    doubtful: bool = False
    """No encoding gives text that looks like a language of this library."""


def encoding_of(record: bytes, of_file: str = "") -> TextEncoding:
    """Return how a whole record, leader included, is to be read; `of_file` is what most of its file is written in."""
    body = record[HEADER:]
    if ESCAPE in body:
        return TextEncoding("marc-8")
    if body.isascii() or _is_utf8(body):
        return TextEncoding("utf-8")
    high = len(HIGH.findall(body))
    if 2 * len(ISOLATED.findall(body)) > high:
        return TextEncoding("marc-8")
    return _eight_bit(body, of_file)


def encoding_of_file(records: Iterable[bytes]) -> str:
    """Return the 8-bit encoding of a file, by the first of its records that are not UTF-8; "" when all are."""
    sample = b""
    for record in records:
        body = record[HEADER:]
        if not body.isascii() and ESCAPE not in body and not _is_utf8(body):
            sample += body
        if len(sample) > SAMPLE:
            break
    return _eight_bit(sample, "").encoding if sample else ""


def _eight_bit(body: bytes, of_file: str) -> TextEncoding:
    scores = {encoding: likeness(body, encoding) for encoding in EIGHT_BIT}
    best = max(EIGHT_BIT, key=scores.__getitem__)
    if of_file and scores[of_file] > scores[best] - AS_GOOD:
        best = of_file
    return TextEncoding(best, scores[best] < DOUBTFUL)


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes beyond ASCII are UTF-8; a broken letter among several does not change what the rest is."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        good = len(TWO_BYTES.findall(body))
        bad = len(HIGH.findall(TWO_BYTES.sub(b"", body)))
        return good >= 4 * bad
    return True
