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
from catalogue_client.catalogue.marc.carriers import format_of
from catalogue_client.catalogue.marc.holdings import CopyNote
from catalogue_client.catalogue.marc.own_script import in_own_script
from catalogue_client.catalogue.marc.placing import WorkPlacing, is_designation, placing
from catalogue_client.catalogue.marc.responsibility import (
    authors,
    forename_first,
    is_other_script,
    narrators,
    unimarc_name,
)

LANGUAGES = {
    "kaz": "kk", "rus": "ru", "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "tur": "tr", "uzb": "uz",
    "kir": "ky", "tat": "tt", "uig": "ug", "ita": "it", "spa": "es", "chi": "zh", "zho": "zh", "ara": "ar", "ukr": "uk",
}  # fmt: skip
"""MARC's three letters -> ISO 639-1; a language that is not here keeps its three."""

HELD_IN = {True: ("899", "995", "930", "910"), False: ("952", "852")}
"""Whether UNIMARC -> fields that tell of copies."""
YEAR = re.compile(r"(1[4-9]|20)\d\d")
EDGE = re.compile(r"^[\s.,:;/=\[\]«»\"']+|[\s,:;/=\[\]«»\"']+$")
FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")
"""At the end of a phrase; an initial keeps its own."""
NON_SORTING = re.compile("[\x88\x89\x98\x9c\ufe20-\ufe2f]|<<|>>")
"""Also the halves of ligatures over transliterated letters."""
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
    copies: tuple[CopyNote, ...]
    place: WorkPlacing
    """Of which work and series it is."""
    older_id: str = ""
    """The id that a record without a number had in older stores, from its title and authors alone."""
    narrator: str = ""
    """Who reads it aloud; several joined by ", "."""


def describe(record: Record) -> Description:
    """Raises Undescribed when there is no title."""
    unimarc = record.get("200") is not None and record.get("245") is None
    transliterated: tuple[Field, ...] = ()
    if not unimarc:
        record, transliterated = in_own_script(record)
    title = _joined(record, "200", "a", "hi", "e") if unimarc else _joined(record, "245", "a", "np", "b")
    if not title:
        raise Undescribed(_why_untitled(record))
    place = placing(record, unimarc, _clean)
    written = list(authors(record, unimarc, _clean))
    copies = tuple(holdings.copies(record, HELD_IN[unimarc]))
    aliases = _unimarc_aliases(record) if unimarc else (*_marc21_aliases(record), *_in_latin_letters(transliterated))
    form, year = format_of(record, unimarc, bool(copies)), _year(record, unimarc)
    number = identity(record)
    apart = (title, *written, str(year), form, *place.isbns, *_imprint(record, unimarc))
    return Description(
        id=number or _made_of(apart),
        title=f"{place.set_title}. {title}" if place.set_title and is_designation(title) else title,
        author=", ".join(written) or place.set_author,
        language=_language(record, unimarc),
        year=year,
        subjects=_several(record, ("606", "607", "610") if unimarc else ("650", "651", "653", "655"), "a"),
        formats=(form,),
        aliases=tuple(dict.fromkeys(aliases)),
        annotation=next(iter(_several(record, ("330",) if unimarc else ("520",), "a")), ""),
        copies=copies,
        place=place,
        older_id=number or _made_of((title, *written)),
        narrator=", ".join(narrators(record, unimarc, _clean)),
    )


def identity(record: Record) -> str:
    """Return an id made of the record's own number and agency, "" without a number: changes and deletions of a record
    find it by this, also where it has no title any more."""
    number, agency = record.get("001"), record.get("003")
    if number is None or not (number.data or "").strip():
        return ""
    return _made_of((number.data or "", (agency.data or "") if agency else ""))


def is_deleted(record: Record) -> bool:
    """Return whether the record says that what it described is no more: leader/05, or Alma's mark of suppression."""
    suppressed = record.get("DEL")
    return str(record.leader)[5:6] == "d" or (suppressed is not None and (suppressed.get("a") or "").upper() == "Y")


def _made_of(parts: tuple[str, ...]) -> str:
    return "m" + hashlib.blake2s("\t".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _imprint(record: Record, unimarc: bool) -> Iterator[str]:
    """What tells editions apart that have no number: edition and publisher."""
    for tag, codes in (("205", "a"), ("210", "ac")) if unimarc else (("250", "a"), ("260", "ab"), ("264", "ab")):
        for field in record.get_fields(tag):
            yield from (_clean(field.get(code)) for code in codes)


def _why_untitled(record: Record) -> str:
    kind = str(record.leader)[6:7]
    if kind in "uvxy":
        return "a record of holdings, which describes no book"
    if kind == "z" or record.get("150") is not None:
        return "an authority record, which describes no book"
    return "no title in 200 or 245"


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


def _marc21_aliases(record: Record) -> Iterator[str]:
    for field in record.get_fields("130", "240", "246"):
        yield from filter(None, [_clean(field.get("a"))])
    for field in record.get_fields("765", "767", "775"):
        yield from filter(None, [_clean(field.get("t"))])


def _in_latin_letters(fields: tuple[Field, ...]) -> Iterator[str]:
    """Titles and names that stand in the record in two scripts, in the one that is not spoken."""
    for field in fields:
        if name := _clean(field.get("a")):
            yield forename_first(name, _clean) if field.tag in ("100", "700") else name


def _unimarc_aliases(record: Record) -> Iterator[str]:
    for field in record.get_fields("500", "510", "512", "517", "541"):
        yield from filter(None, [_clean(field.get("a"))])
    for field in record.get_fields("423", "453", "454"):
        yield from filter(None, [_clean(field.get("t")), _embedded_title(field)])
    for field in record.get_fields("700", "701"):
        if is_other_script(field):
            yield from filter(None, [unimarc_name(field, _clean)])


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
