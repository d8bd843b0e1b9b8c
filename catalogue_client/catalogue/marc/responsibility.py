"""Who wrote a book, and who reads it aloud, by the roles of a MARC record; illustrators and translators did neither.

Roles: $4 of MARC21 (letters) and UNIMARC (digits), $e in words. 200 $f and 245 $c where no name stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pymarc import Field, Record

Clean = Callable[[str | None], str]

AUTHOR_ROLES = {"aut", "cre", "cmp", "dis", "070", "230", "110", "330"}
"""Author, creator, composer, dissertant. UNIMARC's 330 is a presumed author."""
NARRATOR_ROLES = {"nrt", "550"}
AUTHOR_WORDS = re.compile(r"author|автор(?!.*(предисл|коммент|вступ|послесл))|creator|composer|композитор|авторы", re.I)
NARRATOR_WORDS = re.compile(r"narrator|read by|reader|чтец|читает|диктор|оқитын|оқыған", re.I)
NOT_A_NAME = re.compile(
    r"\b(ред|редкол|сост|пер|перев|худож|ил|под общ|отв|авт\. предисл|құраст|ауд|translat|edit|illustrat|compil|"
    r"министерство|институт|university|библиотека|кітапхана)",
    re.I,
)
"""In a statement of responsibility: others than an author."""
MOST_IN_STATEMENT = 3


def authors(record: Record, unimarc: bool, clean: Clean) -> tuple[str, ...]:
    """Return the authors, forenames first, the main one before the others."""
    found = [name for name, role in _people(record, unimarc, clean) if role == "author"]
    return tuple(dict.fromkeys(found)) or tuple(_in_statement(record, unimarc, clean))


def narrators(record: Record, unimarc: bool, clean: Clean) -> tuple[str, ...]:
    """Return who reads it aloud."""
    return tuple(dict.fromkeys(name for name, role in _people(record, unimarc, clean) if role == "narrator"))


def forename_first(name: str, clean: Clean) -> str:
    """Return "Surname, Forenames" the other way round."""
    surname, comma, forenames = name.partition(",")
    return f"{clean(forenames)} {clean(surname)}".strip() if comma else name


def unimarc_name(field: Field, clean: Clean) -> str:
    """Return the name in a UNIMARC field 700 to 702."""
    forenames = clean(field.get("g")) or clean(field.get("b"))
    return " ".join(filter(None, (forenames, clean(field.get("a")))))


def is_other_script(field: Field) -> bool:
    """Return whether a UNIMARC field repeats a name in Latin letters ($6 links it, $7 begins with "ba")."""
    return "6" in field and (field.get("7") or "").startswith("ba")


def _people(record: Record, unimarc: bool, clean: Clean) -> Iterator[tuple[str, str]]:
    tags = ("700", "701", "702") if unimarc else ("100", "110", "700")
    for field in record.get_fields(*tags):
        if unimarc and is_other_script(field):
            continue
        name = unimarc_name(field, clean) if unimarc else clean(field.get("a"))
        if not unimarc and field.tag != "110":
            name = forename_first(name, clean)
        if name:
            yield name, _role(field)


def _role(field: Field) -> str:
    """ "author", "narrator" or "other". A name without a role is an author's, but in UNIMARC's 702."""
    codes = {code.strip().lower()[-3:] for code in field.get_subfields("4")}
    words = " ".join(field.get_subfields("e"))
    if codes & AUTHOR_ROLES or AUTHOR_WORDS.search(words):
        return "author"
    if codes & NARRATOR_ROLES or NARRATOR_WORDS.search(words):
        return "narrator"
    return "other" if codes or words or field.tag == "702" else "author"


def _in_statement(record: Record, unimarc: bool, clean: Clean) -> Iterator[str]:
    """Names of the first statement of responsibility, when it names nobody but authors."""
    field = record.get("200" if unimarc else "245")
    statement = (field.get("f" if unimarc else "c") or "") if field is not None else ""
    first = re.sub(r"^\s*(by|авт\.?|автор)\s+", "", re.split(r"[;\[]", statement)[0].strip(" /"), flags=re.I)
    names = [clean(part) for part in first.split(",")]
    if first and len(names) <= MOST_IN_STATEMENT and not NOT_A_NAME.search(first):
        yield from (name for name in names if name and not re.search(r"\d", name) and 1 < len(name.split()) < 5)
