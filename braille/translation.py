"""Text to cells, with positions both ways."""

from __future__ import annotations

from bisect import bisect_left

from braille import liblouis
from braille.cells import SIX_DOTS, Cells
from braille.cleaning import UNKNOWN, Cleaned, clean, plainer
from braille.tables import tables_for
from languages.scripts import Script, convert, script_of


def translate(text: str, language: str, *, capitals: bool = False, grade: int = 1) -> Cells:
    """`text` in Braille of six dots.

    `language` is an ISO 639-1 code. `capitals` shows capital signs in Cyrillic. `grade` 2 contracts English. Kazakh in
    Arabic or unmistakable Latin letters is converted to Cyrillic first. A run of characters that no table knows, such
    as Chinese, is one full cell; what is not seen on paper either (marks of order, emoji) gives no cell at all.

    Raises LiblouisMissing.
    """
    cleaned = _clean(text, language)
    tables = tables_for(cleaned.text, language, capitals=capitals, grade=grade)
    while True:
        cells, inputs, outputs = liblouis.forward(tables, cleaned.text) if cleaned.text else (b"", [], [])
        # The tables make six dots; only liblouis's way to write an unknown character, \x4E2D, has a dot 7 in its cells.
        unknown = {position for cell, position in zip(cells, inputs, strict=True) if cell > SIX_DOTS}
        if not unknown:
            break
        cleaned = _plainer(cleaned, unknown)
    origins = cleaned.origins
    input_positions = tuple(origins[position] for position in inputs)
    output_positions = tuple(
        outputs[index] if (index := bisect_left(origins, position)) < len(origins) else len(cells)
        for position in range(len(text))
    )
    return Cells(text, cells, input_positions, output_positions)


def _clean(text: str, language: str) -> Cleaned:
    script = script_of(text) if language == "kk" else Script.CYRILLIC
    if script is Script.CYRILLIC:
        return clean(text, language)
    converted = convert(text, script)
    cleaned = clean(converted.text, language)
    return Cleaned(cleaned.text, tuple(converted.origins[position] for position in cleaned.origins))


def _plainer(cleaned: Cleaned, unknown: set[int]) -> Cleaned:
    """The text with each unknown character one step plainer; runs that stay unknown shrink to one sign."""
    pairs: list[tuple[str, int]] = []
    for position, (character, origin) in enumerate(zip(cleaned.text, cleaned.origins, strict=True)):
        shown = plainer(character) if position in unknown else character
        if shown == UNKNOWN and pairs and pairs[-1][0] == UNKNOWN:
            continue
        pairs += [(part, origin) for part in shown]
    return Cleaned("".join(part for part, _ in pairs), tuple(origin for _, origin in pairs))
