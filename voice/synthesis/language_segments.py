"""Lines cut into what one voice says in one breath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from languages.language_identification import language_of
from languages.letters import ANY_CYRILLIC
from voice.synthesis.normaliser import bounded, normalise
from voice.synthesis.spelled_text import spell
from voice.values.lines import Line, Span

LINE_PAUSE_MS = 300
"""Silence after a line at 170 words a minute; it shrinks as the rate grows."""
REFERENCE_RATE = 170
CYRILLIC = re.compile(rf"[{ANY_CYRILLIC}][{ANY_CYRILLIC}\s.,«»\-–—]*", re.IGNORECASE)
LONGEST = 400
"""Characters that a voice is given at once, half a minute of speech: a longer text is cut where it pauses."""
PAUSES = (". ", "! ", "? ", "; ", ", ", " ")
"""Where a long text is cut, the best place first."""
SAYS_NOTHING = re.compile(r"[\W_]*")


@dataclass(frozen=True, slots=True)
class Segment:
    """Text for one voice."""

    text: str
    language: str
    pause_ms: int = 0
    """Silence after it."""


def segments(lines: Iterable[Line], rate: int) -> Iterator[Segment]:
    """The segments of all lines in order; a pause follows the last one of each line."""
    pause_ms = LINE_PAUSE_MS * REFERENCE_RATE // max(rate, 1)
    for line in lines:
        spoken = [segment for segment in _segments(line) if not SAYS_NOTHING.fullmatch(segment.text)]
        yield from spoken[:-1]
        yield from (Segment(last.text, last.language, pause_ms) for last in spoken[-1:])


def _segments(line: Line) -> Iterator[Segment]:
    if line.spelled:
        spans: Iterable[Span] = (part for span in line.spans for part in spell(span.text, span.language))
    else:
        spans = (
            part for span in line.spans for part in _by_script(Span(normalise(span.text, span.language), span.language))
        )
    for language, group in groupby(spans, key=lambda span: span.language):
        for piece in _pieces(bounded("".join(span.text for span in group))):
            yield Segment(piece, language)


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of at most `LONGEST` characters; words stay whole, since `bounded` ones are shorter."""
    while len(text) > LONGEST:
        places = (text.rfind(pause, LONGEST // 2, LONGEST) for pause in PAUSES)
        place = next((place for place in places if place >= 0), LONGEST - 1) + 1
        yield text[:place]
        text = text[place:]
    yield text


def _by_script(span: Span) -> Iterator[Span]:
    """Cyrillic words inside English go to the voice that can read them; the other way espeak-ng does it by itself."""
    if span.language != "en":
        yield span
        return
    start = 0
    for found in CYRILLIC.finditer(span.text):
        yield Span(span.text[start : found.start()], "en")
        yield Span(found.group(), language_of(found.group(), otherwise="ru"))
        start = found.end()
    yield Span(span.text[start:], "en")
