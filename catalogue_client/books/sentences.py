"""Parts text into sentences, and builds blocks of them, for Kazakh, Russian, English and whatever else a book has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue_client.books.errors import BookTooLarge, BrokenBook
from catalogue_client.books.limits import LONGEST_SENTENCE, MOST_SENTENCES
from catalogue_client.values.books import Block, BlockKind, BookSentence, BookText, SoundClip

_ABBREVIATIONS = frozenset(
    [
        "т",
        "г",
        "гг",
        "в",
        "вв",
        "им",
        "стр",
        "рис",
        "см",
        "др",
        "пр",
        "ул",
        "д",
        "кв",
        "тыс",
        "млн",
        "млрд",
        "руб",
        "напр",
        "мр",
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "prof",
        "no",
        "vol",
        "p",
        "pp",
        "ch",
        "e.g",
        "i.e",
        "etc",
        "б",
        "ж",
        "ғ",
        "қ",
        "т.б",
        "т.с.с",
        "т.е",
        "т.д",
        "т.п",
        "и.о",
    ]
)
"""What ends with a full stop in the middle of a sentence, folded, without its last stop."""
_END = re.compile(r"(?:(?<![.!?…])[.!?…]++|(?<![。！？])[。！？]++)[»”\"'’)\]]*+(?=\s|$)|(?<=[。！？])")
"""Each run of stops is looked at once: a line of dots does not cost its square."""
_NEAR = 40
"""Characters around a stop that tell whether it ends a sentence: an abbreviation, an initial, a small letter."""
_INITIAL = re.compile(r"(?:^|[\s(«\"])\w$")


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, each without spaces around it; a very long one in several parts.

    A full stop after an initial, after a usual abbreviation and before a small letter ends no sentence.
    """
    text = " ".join(text.split())
    start = 0
    for end in _END.finditer(text):
        before = text[max(start, end.start() - _NEAR) : end.start()]
        after = text[end.end() : end.end() + _NEAR].lstrip()
        if not before or (after and _goes_on(before, end.group(), after)):
            continue
        yield from _short_enough(text[start : end.end()].strip())
        start = end.end()
    if rest := text[start:].strip():
        yield from _short_enough(rest)


def _goes_on(before: str, end: str, after: str) -> bool:
    if after.lstrip("—–- ")[:1].islower():  # also what stands behind speech: «Кто там?» — спросил он.
        return True
    if not end.startswith("."):
        return False
    if _INITIAL.search(before[-2:]):
        return True
    return before.rsplit(maxsplit=1)[-1].lower().strip('(«"') in _ABBREVIATIONS and after[0] not in "—–-«"


def _short_enough(sentence: str) -> Iterator[str]:
    start = 0
    while len(sentence) - start > LONGEST_SENTENCE:
        cut = sentence.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield sentence[start:cut].strip()
        start = cut
    if rest := sentence[start:].strip():
        yield rest


class BookBuilder:
    """Gathers the blocks of a book. Raises BookTooLarge when there are more sentences than a book may have."""

    def __init__(self, title: str = "", author: str = "", language: str = "") -> None:
        self.title, self.author, self.language = title, author, language
        self._blocks: list[Block] = []
        self._sentences = 0
        self._page = ""

    def add(self, kind: BlockKind, text: str, language: str = "", *, level: int = 0) -> None:
        """Add a block; one without words adds nothing. `language` is the book's where it is empty."""
        parts = (text.strip(),) if kind is BlockKind.VERSE else tuple(sentences_of(text))
        self.add_sentences(kind, [BookSentence(" ".join(part.split()), language) for part in parts], level=level)

    def add_clip(self, text: str, clip: SoundClip, kind: BlockKind = BlockKind.PARAGRAPH, *, level: int = 0) -> None:
        """Add a block that is spoken in a recording; `text` is shown and said where there is no sound."""
        self.add_sentences(kind, [BookSentence(text, "", clip)], level=level)

    def add_sentences(self, kind: BlockKind, parts: list[BookSentence], *, level: int = 0) -> None:
        """Add a block of sentences that are parted already."""
        parts = [part for part in parts if any(letter.isalnum() for letter in part.text)]
        if not parts:
            return
        self._sentences += len(parts)
        if self._sentences > MOST_SENTENCES:
            raise BookTooLarge(f"the book has more than {MOST_SENTENCES} sentences; add it in parts")
        self._blocks.append(Block(kind, tuple(parts), min(level, 6), self._page))
        self._page = ""

    def page(self, label: str) -> None:
        """A printed page begins with the next block."""
        self._page = " ".join(label.split())[:16]

    def book(self) -> BookText:
        """Return what was gathered. Raises BrokenBook when there is nothing to read."""
        if not self._blocks:
            raise BrokenBook("there is no text in it that could be read. Is it a book of pictures, or protected?")
        language = self.language[:2].lower() or "kk"
        blocks = tuple(
            Block(
                block.kind,
                tuple(
                    BookSentence(part.text, part.language[:2].lower() or language, part.clip)
                    for part in block.sentences
                ),
                block.level,
                block.page,
            )
            for block in self._blocks
        )
        title = " ".join(self.title.split()) or blocks[0].sentences[0].text[:80]
        return BookText(title, " ".join(self.author.split()), language, blocks)
