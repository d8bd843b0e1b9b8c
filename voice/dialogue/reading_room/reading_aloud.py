"""What is given out of an open book, and how."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.reading_room.reading_states import ReadingBook
from voice.dialogue.turn import Transition
from voice.reading.book_moves import passage
from voice.values.lines import Line, Span


def read_from(context: DialogueContext, state: ReadingBook, at: int, say: tuple[Line, ...] = ()) -> Transition:
    """Give out what stands at `at`, after `say`, and go on from there; at the end of the book say so."""
    given = passage(state.map, at, skip_notes=state.skips_notes)
    if not given:
        ended = replace(state, at=state.map.length - 1, to=state.map.length).still()
        return Transition(context.stay(ended), (*say, prompt(context, "reading.end")), question=True)
    reading = replace(state, at=given[0], to=given[-1] + 1, goes_on=True)
    lines = tuple(line_of(state, sentence) for sentence in given)
    return Transition(context.stay(reading), (*say, *lines), quiet=True, aside=True)


def line_of(state: ReadingBook, sentence: int) -> Line:
    """A sentence of the book in its own language."""
    said = state.map.sentences[sentence]
    return Line((Span(said.text, said.language),), record=sentence)
