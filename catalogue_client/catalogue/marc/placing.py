"""Tells of which work, set and series a MARC record is: uniform and original titles, linked sets, volumes, ISBNs.

MARC21: 130, 240, 730, 765, 767, 775, 245 $n, 490/800/830, 020. UNIMARC and RUSMARC: 454, 461, 463, 500, 225/410, 010.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pymarc import Field, Record

from catalogue_client.works.identity import plain_isbn
from languages.numerals import roman

Clean = Callable[[str | None], str]

VOLUME = re.compile(
    r"^\W*(?:(?:т|том|кн|книга|ч|часть|вып|выпуск|vol|volume|book|part|pt|v|bk|кітап|бөлім)\b\.?\s*(?P<before>\d{1,3}|[ivxlc]+)\b"
    r"|(?P<after>\d{1,3}|[ivxlc]+)\s*[-–.]?\s*(?:-?(?:й|я|ші|шы))?\s*(?:том|кітап|кн|книга|бөлім|часть|ч|т)\b)",
    re.IGNORECASE,
)
"""A designation of a volume, at the beginning of a title or part: "Т. 1", "Вып. 13.", "2-кітап"."""
BARE = re.compile(r"^\W*[\d–—-]+\W*$")
"""A title that is only a number or a span of years: of a volume, not of a book."""
NUMBER = re.compile(r"\d{1,3}")
EMBEDDED = "1"
"""Subfield of a UNIMARC linking field that begins an embedded field: its tag, then its subfields."""


@dataclass(frozen=True, slots=True)
class WorkPlacing:
    """What a record says of the work it belongs to."""

    titles: tuple[str, ...] = ()
    """Original and uniform titles, and the title of a set whose volume it is."""
    isbns: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    """name#number, or the name alone."""
    volume: int | None = None
    set_title: str = ""
    set_author: str = ""


def placing(record: Record, unimarc: bool, clean: Clean) -> WorkPlacing:
    """Return what a record says of its work; `clean` takes punctuation off the ends of a field."""
    return _unimarc(record, clean) if unimarc else _marc21(record, clean)


def is_designation(title: str) -> bool:
    """Whether a title only says which volume it is."""
    found = VOLUME.match(title)
    return bool(BARE.match(title)) or bool(found and len(title) - found.end() <= 2)


def volume_of(text: str) -> int | None:
    """Return the number in a designation of a volume; None when there is none."""
    found = VOLUME.match(text)
    number = (found["before"] or found["after"]) if found else None
    if number is None:
        digits = NUMBER.fullmatch(text.strip(" .[]"))
        number = digits.group() if digits else None
    if number is None:
        return None
    return int(number) if number.isdigit() else roman(number.upper())


def _marc21(record: Record, clean: Clean) -> WorkPlacing:
    titles: list[str] = []
    for field in record.get_fields("130", "240", "730"):
        titles.append(clean(field.get("a")))
    for field in record.get_fields("765", "767", "775"):
        titles.append(clean(field.get("t")) or clean(field.get("s")))
    title = record.get("245")
    volume = volume_of(title.get("n") or "") if title is not None else None
    if title is not None and volume is not None:
        titles.append(clean(title.get("a")))
    series: list[str] = []
    for tags, code in ((("800",), "t"), (("830", "490"), "a")):
        for field in record.get_fields(*tags):
            series += _series(clean(field.get(code)), field.get("v"))
    return WorkPlacing(_filled(titles), _isbns(record, "020"), _filled(series), volume)


def _unimarc(record: Record, clean: Clean) -> WorkPlacing:
    titles = [clean(field.get("a")) for field in record.get_fields("500")]
    titles += [_linked(field, clean)["a"] or clean(field.get("t")) for field in record.get_fields("454")]
    set_title = set_author = ""
    volume: int | None = None
    for field in record.get_fields("461", "463"):
        inside = _linked(field, clean)
        if name := inside["a"] or clean(field.get("t")):
            titles.append(name)
            set_title, set_author = set_title or name, set_author or inside["f"]
            volume = volume or volume_of(inside["v"] or field.get("v") or "")
    own = record.get("200")
    if own is not None:
        volume = volume or volume_of(own.get("h") or "")
        volume = volume or (volume_of(own.get("a") or "") if set_title else None)
        if own.get("h") and volume is not None:
            titles.append(clean(own.get("a")))
    series: list[str] = []
    for field in record.get_fields("225", "410"):
        inside = _linked(field, clean)
        series += _series(inside["a"] or clean(field.get("a")) or clean(field.get("t")), inside["v"] or field.get("v"))
    return WorkPlacing(_filled(titles), _isbns(record, "010"), _filled(series), volume, set_title, set_author)


def _linked(field: Field, clean: Clean) -> dict[str, str]:
    """Title, author and number in the field 200 that is embedded in a linking field."""
    found = {"a": "", "f": "", "v": ""}
    inside = ""
    for subfield in field.subfields:
        if subfield.code == EMBEDDED:
            inside = subfield.value[:3]
        elif inside == "200" and subfield.code in found and not found[subfield.code]:
            found[subfield.code] = clean(subfield.value)
    return found


def _series(name: str, number: str | None) -> Iterator[str]:
    if name:
        found = NUMBER.search(number or "")
        name = name.replace(";", ",").replace("#", " ")
        yield f"{name}#{int(found.group())}" if found and int(found.group()) else name


def _isbns(record: Record, tag: str) -> tuple[str, ...]:
    return _filled([plain_isbn(value) for field in record.get_fields(tag) for value in field.get_subfields("a")])


def _filled(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.replace(";", ",") for value in values if value))
