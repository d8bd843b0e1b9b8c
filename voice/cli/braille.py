"""`dauys braille`: text to Braille, for a screen, a note-taker or an embosser."""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click

from braille import Passage, Wrap, brf, ebraille, lay_out, paginate, passage, pef, to_unicode, translate
from braille.book_blocks import read_text
from braille.book_pages import book_pages
from braille.errors import BrailleError
from languages.codes import LANGUAGES
from languages.letters import KAZAKH_ONLY
from languages.scripts import Script, script_of

FORMATS = ("unicode", "brf", "pef", "ebraille")
SURE_LETTERS = 40
LARGEST = 5_000_000
"""Bytes of a file: a long novel is a fifth of it."""
FILE_NAME = re.compile(r"(/|\.{1,2}/|~/)(\S+|.*\.\w{1,5})|\S+\.(txt|text|md|csv|html?|brf|docx?|pdf)")
"""What is meant as the name of a file though there is none: и/или and 1/2 are texts."""
_CYRILLIC = re.compile("[\u0400-\u052f]")


@click.command()
@click.argument("text")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: by the letters of each line.")
@click.option("--width", default=40, show_default=True, help="Cells in a row.")
@click.option("--height", default=25, show_default=True, help="Rows on a page, for brf and pef.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="unicode", show_default=True)
@click.option("--book", is_flag=True, help="Paragraphs, # headings, - items and [[12]] print pages, with contents.")
@click.option("--author", default="", help="Of the book, for ebraille; the year of its print after a comma.")
@click.option("--wrap", type=click.Choice([wrap.value for wrap in Wrap]), default="words", show_default=True)
@click.option("--capitals", is_flag=True, help="Show capital signs in Kazakh and Russian.")
@click.option("--grade", type=click.IntRange(1, 2), default=1, show_default=True, help="English Braille grade.")
def command(
    text: str,
    language: str | None,
    width: int,
    height: int,
    form: str,
    book: bool,
    author: str,
    wrap: str,
    capitals: bool,
    grade: int,
) -> None:
    """Write TEXT in Braille. TEXT may be the name of a text file, or - for standard input."""
    title, content = _content(text)
    cyrillic = "ru" if _is_russian(content) else "kk"
    passages = [passage(line, language or _language(line, cyrillic)) for line in content.splitlines()]
    render = partial(translate, capitals=capitals, grade=grade)
    try:
        if form == "ebraille" or book:
            blocks = read_text(content, lambda line: language or _language(line, cyrillic))
        if form == "ebraille":
            about = _about(title, author, content, language or _language(content, cyrillic), grade)
            sys.stdout.buffer.write(ebraille.write(blocks, about, render=render))
            return
        if form == "unicode" and not book:
            for part in passages:
                for row in lay_out([part], width, wrap=Wrap(wrap), render=render):
                    click.echo(to_unicode(row.cells))
            return
        if book:
            contents = language or _language(content, cyrillic)
            pages = book_pages(blocks, width, height, contents=contents, wrap=Wrap(wrap), render=render)
        else:
            pages = paginate(passages, width, height, wrap=Wrap(wrap), render=render)
        if form == "unicode":
            for page in pages:
                click.echo("\n".join(to_unicode(row) for row in page))
            return
        sys.stdout.buffer.write(
            brf.write(pages) if form == "brf" else _pef(pages, width, height, title, passages, content)
        )
    except BrailleError as error:
        raise click.ClickException(str(error)) from error


def _about(title: str, author: str, content: str, language: str, grade: int) -> ebraille.About:
    """What the book says of itself; the year of its print is the last word of the author."""
    name, _, year = author.rpartition(",")
    if not re.fullmatch(r"\s*\d{4}\s*", year):
        name, year = author, ""
    if not name.strip() or not year:
        raise click.ClickException('An eBraille book names author and year: --author "Мұхтар Әуезов, 1942".')
    heading = re.search(r"^# (.+)", content, re.M)
    systems = ("ueb grade2",) if language == "en" and grade == 2 else ()
    return ebraille.About(
        "dauys-" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16],
        heading[1] if heading else title,
        language,
        (name.strip(),),
        year.strip(),
        "Dauys",
        datetime.now(UTC),
        systems,
    )


def _content(text: str) -> tuple[str, str]:
    """A title and the text: of standard input, of the file of that name, or as given."""
    try:
        if text == "-":
            return "standard input", sys.stdin.buffer.read(LARGEST).decode("utf-8-sig")
        path = Path(text)
        if _is_there(path) or FILE_NAME.fullmatch(text):
            if path.stat().st_size > LARGEST:
                raise click.ClickException(f"{path} is larger than {LARGEST} bytes. Split it.")
            return path.name, path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(
            f"This text is not UTF-8: {error.reason} at byte {error.start + 1}. Convert it first."
        ) from error
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        raise click.ClickException(f"{text} cannot be read: {problem}. A text that looks so goes through -.") from error
    return text[:60], text


def _is_there(path: Path) -> bool:
    """Whether there is a file of that name; a text that can be no name has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_russian(content: str) -> bool:
    """Whether a text in Cyrillic is long enough for a Kazakh letter to be missed in it: one letter in seven is one."""
    return len(_CYRILLIC.findall(content)) >= SURE_LETTERS and not set(KAZAKH_ONLY) & set(content.lower())


def _language(line: str, cyrillic: str) -> str:
    """The language of a line; of one in Cyrillic letters that of the whole text."""
    if script_of(line) is not Script.CYRILLIC:
        return "kk"
    return cyrillic if _CYRILLIC.search(line) else "en"


def _pef(
    pages: list[tuple[bytes, ...]], width: int, height: int, title: str, passages: list[Passage], content: str
) -> bytes:
    language = passages[0].spans[0][1] if passages else "kk"
    identifier = "dauys-" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]
    return pef.write(pages, width, height, title=title, language=language, identifier=identifier, made=date.today())
