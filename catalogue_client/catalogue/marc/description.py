"""Tells what a MARC record describes: title, authors, language, year, subjects, formats, copies.

Two families: MARC21 (title in 245) and UNIMARC with RUSMARC (title in 200). pymarc's own accessors know only the first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pymarc import Field, Record

from catalogue_client.catalogue.marc import holdings
from catalogue_client.catalogue.marc.placing import WorkPlacing, is_designation, placing

LANGUAGES = {
    "kaz": "kk", "rus": "ru", "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "tur": "tr", "uzb": "uz",
    "kir": "ky", "tat": "tt", "uig": "ug", "ita": "it", "spa": "es", "chi": "zh", "zho": "zh", "ara": "ar", "ukr": "uk",
}  # fmt: skip
"""MARC's three letters -> ISO 639-1; a language that is not here keeps its three."""

HELD_IN = {True: ("899", "995", "910"), False: ("952", "852")}
"""Whether UNIMARC -> fields that tell of copies."""
YEAR = re.compile(r"(1[4-9]|20)\d\d")
EDGE = re.compile(r"^[\s.,:;/=\[\]«»\"']+|[\s,:;/=\[\]«»\"']+$")
FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")
"""At the end of a phrase; an initial keeps its own."""
NON_SORTING = re.compile("[\x88\x89\x98\x9c]|<<|>>")
EMBEDDED = "1"
"""Subfield of a UNIMARC linking field that begins an embedded field: its tag, indicators, then its subfields follow."""


class Undescribed(Exception):
    """The record does not say what it describes."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is kept of a record."""

    id: str
    title: str
    author: str
    language: str
    year: int | None
    subjects: tuple[str, ...]
    formats: tuple[str, ...]
    aliases: tuple[str, ...]
    annotation: str
    copies: tuple[tuple[str, str], ...]
    """For each copy the code or name of the place that has it, as the record writes it, and what keeps it from being
    taken: "lent", "lost", "away" or nothing."""
    place: WorkPlacing
    """Of which work and series it is."""


def describe(record: Record) -> Description:
    """Raises Undescribed when there is no title."""
    unimarc = record.get("200") is not None and record.get("245") is None
    title = _joined(record, "200", "a", "hi", "e") if unimarc else _joined(record, "245", "a", "np", "b")
    if not title:
        raise Undescribed("no title in 200 or 245")
    place = placing(record, unimarc, _clean)
    authors = list(dict.fromkeys(_unimarc_authors(record) if unimarc else _marc21_authors(record)))
    return Description(
        id=_identity(record, title, authors),
        title=f"{place.set_title}. {title}" if place.set_title and is_designation(title) else title,
        author=", ".join(authors) or place.set_author,
        language=_language(record, unimarc),
        year=_year(record, unimarc),
        subjects=_several(record, ("606", "607", "610") if unimarc else ("650", "651", "653", "655"), "a"),
        formats=(_format(record, unimarc),),
        aliases=tuple(dict.fromkeys(_unimarc_aliases(record) if unimarc else _marc21_aliases(record))),
        annotation=next(iter(_several(record, ("330",) if unimarc else ("520",), "a")), ""),
        copies=tuple(holdings.copies(record, HELD_IN[unimarc])),
        place=place,
    )


def _clean(text: str | None) -> str:
    return FULL_STOP.sub("", EDGE.sub("", NON_SORTING.sub("", text or "")).strip())


def _joined(record: Record, tag: str, *groups: str) -> str:
    """The title proper, then part numbers and names, then the rest of the title behind a colon."""
    field = record.get(tag)
    if field is None:
        return ""
    main, parts, rest = (
        [_clean(subfield.value) for subfield in field.subfields if subfield.code in group] for group in groups
    )
    # A second $a is another title in the same volume; the first one names it.
    name = ". ".join(filter(None, (*main[:1], *parts)))
    return ": ".join(filter(None, (name, *rest[:1])))


def _marc21_authors(record: Record) -> Iterator[str]:
    for field in record.get_fields("100", "110", "700"):
        if name := _clean(field.get("a")):
            yield _forename_first(name) if field.tag != "110" else name


def _unimarc_authors(record: Record) -> Iterator[str]:
    for field in record.get_fields("700", "701"):
        if not _is_other_script(field) and (name := _unimarc_name(field)):
            yield name


def _unimarc_name(field: Field) -> str:
    forenames = _clean(field.get("g")) or _clean(field.get("b"))
    return " ".join(filter(None, (forenames, _clean(field.get("a")))))


def _is_other_script(field: Field) -> bool:
    """Whether the field repeats a name in Latin letters ($6 links it, $7 begins with "ba")."""
    return "6" in field and (field.get("7") or "").startswith("ba")


def _forename_first(name: str) -> str:
    surname, comma, forenames = name.partition(",")
    return f"{_clean(forenames)} {_clean(surname)}".strip() if comma else name


def _marc21_aliases(record: Record) -> Iterator[str]:
    for field in record.get_fields("130", "240", "246"):
        yield from filter(None, [_clean(field.get("a"))])
    for field in record.get_fields("765", "767", "775"):
        yield from filter(None, [_clean(field.get("t"))])
    for field in record.get_fields("880"):  # the same title or name in its own script
        if (field.get("6") or "")[:3] in ("245", "100", "700") and (name := _clean(field.get("a"))):
            yield _forename_first(name)


def _unimarc_aliases(record: Record) -> Iterator[str]:
    for field in record.get_fields("500", "510", "512", "517", "541"):
        yield from filter(None, [_clean(field.get("a"))])
    for field in record.get_fields("423", "453", "454"):
        yield from filter(None, [_clean(field.get("t")), _embedded_title(field)])
    for field in record.get_fields("700", "701"):
        if _is_other_script(field):
            yield from filter(None, [_unimarc_name(field)])


def _embedded_title(field: Field) -> str:
    """The $a of the field 200 that is embedded in a linking field."""
    inside = ""
    for subfield in field.subfields:
        if subfield.code == EMBEDDED:
            inside = subfield.value[:3]
        elif subfield.code == "a" and inside == "200":
            return _clean(subfield.value)
    return ""


def _language(record: Record, unimarc: bool) -> str:
    field = record.get("101" if unimarc else "041")
    code = (field.get("a") or "")[:3].lower() if field else ""
    if not code and not unimarc and (fixed := record.get("008")):
        code = (fixed.data or "")[35:38].strip().lower()
    return LANGUAGES.get(code, code if code.isalpha() else "und")


def _year(record: Record, unimarc: bool) -> int | None:
    tags, code = (("210", "214"), "d") if unimarc else (("264", "260"), "c")
    texts = [field.get(code) or "" for field in record.get_fields(*tags)]
    fixed = record.get("100" if unimarc else "008")
    if fixed is not None:
        texts.append((fixed.get("a") or "")[9:13] if unimarc else (fixed.data or "")[7:11])
    return next((int(found.group()) for text in texts if (found := YEAR.search(text))), None)


def _several(record: Record, tags: tuple[str, ...], code: str) -> tuple[str, ...]:
    values = (_clean(value) for field in record.get_fields(*tags) for value in field.get_subfields(code))
    return tuple(dict.fromkeys(value.replace(";", ",") for value in values if value))


def _format(record: Record, unimarc: bool) -> str:
    if str(record.leader)[6:7] == "i":
        return "audio"
    coded = record.get("106" if unimarc else "008")
    form = ((coded.get("a") or "")[:1] if unimarc else (coded.data or "")[23:24]) if coded else ""
    return {"f": "braille", "d": "large_print"}.get(form, "print")


def _identity(record: Record, title: str, authors: list[str]) -> str:
    """Made of the record's own number and agency where it has one, so that a second import changes and adds nothing."""
    number = record.get("001")
    agency = record.get("003")
    made_of = (number.data or "", (agency.data or "") if agency else "") if number else (title, *authors)
    return "m" + hashlib.blake2s("\t".join(made_of).encode(), digest_size=8).hexdigest()
