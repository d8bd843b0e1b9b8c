"""Plain text and Markdown, in the encodings that such files have here."""

from __future__ import annotations

import re

from catalogue_client.books.errors import BookTooLarge
from catalogue_client.books.limits import MOST_TEXT_BYTES
from catalogue_client.books.sentences import BookBuilder
from catalogue_client.values.books import BlockKind, BookText
from languages.letters import KAZAKH_ONLY

ENCODINGS = ("utf-8-sig", "cp1251", "koi8-r")
_PAGE = re.compile(r"^\f")
_HEADING = re.compile(r"^(#{1,6})\s+(.+)$")
_UNDERLINED = re.compile(r"^(=+|-+)\s*$")
_CHAPTER = re.compile(
    r"^(?:глава|часть|chapter|part|тарау|бөлім|пролог|эпилог|prologue|epilogue)\b.{0,60}$|^.{1,20}\s(?:тарау|бөлім)\.?$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(\*\*|__|\*|_|`)(?=\S)(.{1,300}?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^)]{0,500}\)")
"""Both are bounded: from each of many beginnings without an end they would run to the end of the text."""
_FRONT = re.compile(r"^(title|author|language):\s*(.+)$", re.IGNORECASE)


def decoded(data: bytes) -> str:
    """Return the text of a file, in whichever of the usual encodings gives words of our languages.

    UTF-16 is known by its mark. Every file is some text in cp1251, so the one with more small letters wins over koi8-r,
    in which small and large change places. Raises BookTooLarge.
    """
    if len(data) > MOST_TEXT_BYTES:
        raise BookTooLarge(f"the text has more than {MOST_TEXT_BYTES // 2**20} MB; add it in parts")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        texts = [data.decode(encoding, errors="replace") for encoding in ENCODINGS[1:]]
        return max(texts, key=lambda text: sum("а" <= letter <= "я" for letter in text[:20_000]))


MIN_KAZAKH_LETTERS = 0.02
"""Share of Cyrillic letters that Russian does not have from which a text is Kazakh: a usual one has a fifth."""


def guessed_language(text: str) -> str:
    """Return the language that most of a text's beginning is in, by its letters: kk, ru or en."""
    letters = [letter for letter in text[:20_000].lower() if letter.isalpha()]
    kazakh = sum(letter in KAZAKH_ONLY for letter in letters)
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    if cyrillic * 2 < len(letters):
        return "en"
    return "kk" if kazakh > cyrillic * MIN_KAZAKH_LETTERS else "ru"


def read_plain_text(data: bytes, name: str) -> BookText:
    """A book of a plain text: paragraphs are parted by empty lines, or each line is one where lines are long."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    builder = BookBuilder(name, language=guessed_language(text))
    for paragraph in _paragraphs(text):
        if _PAGE.match(paragraph):
            builder.page("")
        paragraph = paragraph.strip()
        is_heading = "\n" not in paragraph and _CHAPTER.match(paragraph)
        builder.add(BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH, paragraph, level=1 if is_heading else 0)
    return builder.book()


def _paragraphs(text: str) -> list[str]:
    lines = text.split("\n")
    long = [line for line in lines if len(line) > 120]
    if len(long) * 4 > sum(1 for line in lines if line.strip()):
        return [line for line in lines if line.strip()]
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def read_markdown(data: bytes, name: str) -> BookText:
    """A book of Markdown: headings by # or underlined, quotes and lists as paragraphs. `title:`, `author:` and
    `language:` may stand at its head between lines of three hyphens."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    builder = BookBuilder(name)
    lines = text.split("\n")
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:20]):
        end = next(at for at, line in enumerate(lines[1:20], 1) if line.strip() == "---")
        for line in lines[1:end]:
            if found := _FRONT.match(line):
                setattr(builder, found[1].lower(), found[2].strip())
        lines = lines[end + 1 :]
    builder.language = builder.language or guessed_language(text)
    paragraph: list[str] = []

    def close(level: int = 0) -> None:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        builder.add(kind, _plain(" ".join(paragraph)), level=level)
        paragraph.clear()

    for line in lines:
        if found := _HEADING.match(line):
            close()
            paragraph.append(found[2].rstrip().rstrip("#").rstrip())
            close(len(found[1]))
        elif paragraph and (found := _UNDERLINED.match(line)):
            close(1 if found[1][0] == "=" else 2)
        elif not line.strip() or re.match(r"^\s*([-*+]|\d+[.)])\s", line):
            close()
            paragraph.extend([re.sub(r"^\s*([-*+]|\d+[.)])\s+", "", line)] if line.strip() else [])
        else:
            paragraph.append(line.strip().removeprefix("> ").removeprefix(">"))
    close()
    return builder.book()


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    for _ in range(2):
        text = _MARKS.sub(r"\2", text)
    return text
