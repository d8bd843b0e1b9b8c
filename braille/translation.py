"""Text to cells, with positions both ways."""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Sequence

from braille import liblouis
from braille.alphabets import cyrillic_and_latin, stretches
from braille.braille_codes import CYRILLIC, LATIN, Code, code, code_of, sign_name
from braille.cells import BLANK, SIX_DOTS, Cells, from_unicode
from braille.cleaning import clean, plainer
from braille.marking import Marked, brackets_in_pairs, corrected, english_quotes, quotes_in_pairs
from languages.scripts import Script, convert, script_of

_SIGN_CELLS = frozenset(from_unicode("⠠⠨⠐⠘⠼"))
_LATIN_SMALL, _LATIN_CAPITAL = from_unicode("⠠"), from_unicode("⠨")
_NUMERIC_SPACE = "\u00a0"
Languages = Sequence[tuple[int, str]]
"""(0-based position, ISO 639-1 code) from which a text is in which language."""


def translate(text: str, language: str, *, capitals: bool = False, grade: int = 1, languages: Languages = ()) -> Cells:
    """`text` in Braille of six dots.

    `language` is that of the line, an ISO 639-1 code; `languages` says where others begin in it. Their words are
    marked as the code of the line marks them. `capitals` shows capital signs in Cyrillic. `grade` 2 contracts English.
    Kazakh in Arabic or unmistakable Latin letters is converted to Cyrillic first. A sign that the code has no cells for
    is named; a run of characters without a name, such as Chinese, is a sign that is no letter of the code. What is
    not seen on paper either (marks of order) and pictures (emoji) give no cell at all.

    Raises LiblouisMissing.
    """
    parts = _parts(text, language, languages)
    letters: Marked = []
    for part, tongue, start in parts:
        letters += [(character, start + origin) for character, origin in _clean(part, tongue)]
    kind = _line_code(parts, language)
    done = _Done()
    tongues = _Tongues(parts)
    if kind.name == "ueb":
        for stretch in stretches("".join(character for character, _ in letters), kind):
            piece = letters[stretch.start : stretch.end]
            done.sign(stretch.opening, piece[0][1])
            begins = len(done.cells)
            if stretch.opening:
                _write(done, _marked(piece, code("kazakh"), capitals), code("kazakh"), tongues, capitals=capitals)
            else:
                _write(done, corrected(english_quotes(piece), kind), kind, tongues, grade=grade)
            done.repeat(begins, stretch.opening)
            done.sign(stretch.closing, piece[-1][1])
    elif letters:
        _write(done, _marked(letters, kind, capitals), kind, tongues, capitals=capitals)
    return done.cells_of(text)


def _parts(text: str, language: str, languages: Languages) -> list[tuple[str, str, int]]:
    """(text, language, 0-based position) of each part; neighbours in one language and script are one part."""
    starts = [(0, language), *(begin for begin in languages if begin[0])]
    starts[0] = (0, next((tongue for start, tongue in languages if not start), language))
    ends = [start for start, _ in starts[1:]] + [len(text)]
    parts: list[tuple[str, str, int]] = []
    for (start, tongue), end in zip(starts, ends, strict=True):
        part = text[start:end]
        if parts and parts[-1][1] == tongue and script_of(parts[-1][0]) == script_of(part):
            parts[-1] = (parts[-1][0] + part, tongue, parts[-1][2])
        else:
            parts.append((part, tongue, start))
    return parts


def _line_code(parts: Sequence[tuple[str, str, int]], language: str) -> Code:
    """The one code of a line: that of its language, but English for nothing but English words, and Russian for nothing
    but Russian ones, whatever the number before them is written in."""
    cyrillic = [(part, tongue) for part, tongue, _ in parts if CYRILLIC.search(part)]
    lettered = [tongue for part, tongue, _ in parts if any(map(str.isalpha, part))]
    if language == "en" or (lettered and not cyrillic and set(lettered) == {"en"}):
        return code("ueb")
    if cyrillic and {tongue for _, tongue in cyrillic} == {"ru"}:
        return code_of("".join(part for part, _ in cyrillic), "ru")
    return code_of("".join(part for part, _, _ in parts), "ru" if language == "ru" and not cyrillic else "kk")


def _clean(text: str, language: str) -> Marked:
    script = script_of(text) if language == "kk" else Script.CYRILLIC
    if script is Script.CYRILLIC:
        cleaned = clean(text, language)
        return list(zip(cleaned.text, cleaned.origins, strict=True))
    converted = convert(text, script)
    cleaned = clean(converted.text, language)
    return [(sign, converted.origins[at]) for sign, at in zip(cleaned.text, cleaned.origins, strict=True)]


def _marked(letters: Marked, kind: Code, capitals: bool) -> Marked:
    """What the tables of Kazakh and Russian are given."""
    text = corrected(brackets_in_pairs(quotes_in_pairs(letters), kind), kind)
    return cyrillic_and_latin(text, kind, capitals=capitals)


class _Tongues:
    """Which language stands at which position of a text."""

    def __init__(self, parts: Sequence[tuple[str, str, int]]) -> None:
        self._starts = [start for _, _, start in parts]
        self._languages = [language for _, language, _ in parts]

    def at(self, position: int) -> str:
        """Return the language of the character at that 0-based position."""
        return self._languages[bisect_right(self._starts, position) - 1]


class _Done:
    """Cells that grow stretch by stretch, with positions."""

    def __init__(self) -> None:
        self.cells = bytearray()
        self._inputs: list[int] = []
        self._origins: list[int] = []
        self._outputs: list[int] = []
        self._signs: dict[int, bytes] = {}

    def sign(self, cells: str, origin: int) -> None:
        """Add cells that stand for no character, beside the one at `origin`."""
        self.cells += from_unicode(cells)
        self._inputs += [origin] * len(cells)

    def add(self, cells: bytes, inputs: Sequence[int], outputs: Sequence[int], letters: Marked, *, signs: bool) -> None:
        """Add the cells of `letters` with liblouis's positions; with `signs` what a row repeats that begins in them."""
        if signs:
            for at, position in enumerate(inputs):
                letter = letters[position][0]
                if cells[at] not in _SIGN_CELLS and letter.isalpha():
                    sign = b"" if not LATIN.match(letter) else _LATIN_CAPITAL if letter.isupper() else _LATIN_SMALL
                    self._signs[len(self.cells) + at] = sign
        self._outputs += [len(self.cells) + output for output in outputs]
        self._origins += [origin for _, origin in letters]
        self._inputs += [letters[position][1] for position in inputs]
        self.cells += cells

    def repeat(self, start: int, opening: str) -> None:
        """Let every row that begins in the cells since `start` say what they are written in; English says nothing."""
        if opening:
            self._signs |= dict.fromkeys(range(start, len(self.cells)), from_unicode(opening))

    def cells_of(self, text: str) -> Cells:
        """Return everything as the cells of `text`."""
        outputs: list[int] = []
        index = 0
        for position in range(len(text)):
            while index < len(self._origins) and self._origins[index] < position:
                index += 1
            outputs.append(self._outputs[index] if index < len(self._origins) else len(self.cells))
        return Cells(text, bytes(self.cells), tuple(self._inputs), tuple(outputs), self._signs)


@functools.cache
def _numeric_space() -> str:
    """The space that this liblouis joins the parts of a number with: any one in 3.24, the no-break one in 3.33."""
    cells, _, _ = liblouis.forward(code("ueb").tables, f"1{_NUMERIC_SPACE}2")
    return " " if BLANK in cells else _NUMERIC_SPACE


def _write(
    done: _Done, letters: Marked, kind: Code, tongues: _Tongues, *, capitals: bool = False, grade: int = 1
) -> None:
    """Let liblouis write the letters, again as long as it meets characters that it does not know."""
    tables = kind.tables_contracted if grade == 2 else kind.tables_with_capitals if capitals else kind.tables
    while True:
        text = "".join(character for character, _ in letters)
        if kind.name == "ueb" and _NUMERIC_SPACE in text:
            text = text.replace(_NUMERIC_SPACE, _numeric_space())
        cells, inputs, outputs = liblouis.forward(tables, text) if text else (b"", [], [])
        # The tables make six dots; only liblouis's way to write an unknown character, \x4E2D, has a dot 7 in its cells.
        unknown = {position for cell, position in zip(cells, inputs, strict=True) if cell > SIX_DOTS}
        if not unknown:
            return done.add(cells, inputs, outputs, letters, signs=kind.name != "ueb" and bool(LATIN.search(text)))
        letters = _plainer(letters, unknown, kind, tongues)


def _plainer(letters: Marked, unknown: set[int], kind: Code, tongues: _Tongues) -> Marked:
    """The text with each unknown character one step plainer, named, or marked; runs are marked once."""
    shown: Marked = []
    at = 0
    while at < len(letters):
        character, origin = letters[at]
        if at not in unknown:
            shown.append(letters[at])
            at += 1
            continue
        run = next((end for end in range(at, len(letters)) if letters[end][0] != character), len(letters)) - at
        if name := sign_name(character, tongues.at(origin)):
            named = f"{name} {run}" if run > 1 else name
            shown += [(sign, origin) for sign in _set_off(named, shown, letters, at + run)]
            at += run
            continue
        plain = plainer(character)
        if plain:
            shown += [(part, origin) for part in plain]
        elif "".join(sign for sign, _ in shown[-len(kind.unknown) :]) != kind.unknown:
            shown += [(part, origin) for part in kind.unknown]
        at += 1
    return shown


def _set_off(name: str, before: Marked, letters: Marked, after: int) -> str:
    """A name with the spaces that keep it from its neighbours."""
    left = " " if before and before[-1][0].isalnum() else ""
    right = " " if after < len(letters) and (letters[after][0].isalnum() or letters[after][0] in "(\u00ab") else ""
    return left + name + right
