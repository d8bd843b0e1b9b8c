"""What is said about a book: the most important first, names in the nominative."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue_client.records import Format, Record, Shelf
from voice.conversation.lines import Line, Span
from voice.conversation.prompts import text_of
from voice.conversation.stages import OpenedRecord
from voice.conversation.state import State
from voice.conversation.telling import capitalised, language_name, tell, title_of

SENTENCES_AT_ONCE = 2
"""Sentences of an annotation that are read before the reader is asked."""


def entry(state: State, record: Record, n: int) -> Line:
    """One result in a list: number, title, author, special formats, where it is."""
    spans = [Span(f"{n + 1}. ", state.language), title_of(record)]
    short = f"{n + 1}. {record.title}"
    if record.author:
        spans.append(Span(f", {record.author}", state.language))
        short += f", {record.author}"
    rest = ". ".join(capitalised(part) for part in (formats(state, record), where(state, record.available)) if part)
    spans.append(Span(f". {rest}." if rest else ".", state.language))
    return Line(tuple(spans), record=n, short=short)


def formats(state: State, record: Record) -> str:
    """Formats other than ordinary print."""
    special = [form for form in record.formats if form is not Format.PRINT]
    return ", ".join(text_of(state.language, f"formats.{form}") for form in special)


def where(state: State, shelves: tuple[Shelf, ...]) -> str:
    """The nearest place with a copy and how many more there are."""
    if not shelves:
        return text_of(state.language, "all_out")
    first = shelves[0].place
    if len(shelves) == 1:
        return first
    return text_of(state.language, "and_more_places", place=first, count=len(shelves) - 1)


def opened(state: State) -> tuple[Line, ...]:
    """One record in full: title, author, formats, where it stands, the beginning of its annotation."""
    stage = state.stage
    assert isinstance(stage, OpenedRecord)
    record = stage.record
    head = tell(
        state,
        "record.title",
        n=stage.n + 1,
        total=max(stage.results.total, len(stage.results.records)),
        title=title_of(record),
    )
    lines = [head]
    if record.author:
        lines.append(tell(state, "record.author", author=record.author))
    if record.year and not state.brief:
        lines.append(tell(state, "record.year", year=record.year))
    if record.language != state.language:
        lines.append(tell(state, "record.language", language=language_name(state, record.language)))
    if special := formats(state, record):
        lines.append(tell(state, "record.formats", formats=special))
    lines += standing(state, stage)
    if not state.brief and record.annotation:
        lines.append(Line((Span(" ".join(sentences(record)[:SENTENCES_AT_ONCE]), record.language),)))
    return tuple(replace(line, record=stage.n) for line in lines)


def standing(state: State, stage: OpenedRecord) -> list[Line]:
    """Where copies stand, a line for each of the first three places."""
    if stage.record.reading_room_only:
        return [tell(state, "record.reading_room")]
    if not stage.shelves:
        return [tell(state, "record.all_out")]
    lines = [tell(state, "record.shelf", place=shelf.place, count=shelf.copies) for shelf in stage.shelves[:3]]
    if more := len(stage.shelves) - 3:
        lines += [tell(state, "record.more_shelves", count=more)] if more > 0 else []
    return lines


def sentences(record: Record) -> list[str]:
    """An annotation, sentence by sentence."""
    return [part for part in re.split(r"(?<=[.!?…])\s+", record.annotation.strip()) if part]


def spelled(text: str, language: str) -> Line:
    """The same text letter by letter."""
    return Line((Span(text, language),), spelled=True)
