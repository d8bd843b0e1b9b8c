"""What is said about a book: the most important first, names in the nominative."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue_client.values.bibliographic import Availability, Format, Record
from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import author_of, capitalised, language_name, place_name, prompt, title_of
from voice.dialogue.prompts import compose, text_of
from voice.dialogue.states import RecordDetail
from voice.values.lines import Line, Span

UNKNOWN = "und"
"""ISO 639 for a language that the record does not tell."""
PLACES_AT_ONCE = 3
"""Places that are said; the rest is counted."""
SENTENCES_AT_ONCE = 2
"""Sentences of an annotation that are read before the reader is asked."""


def entry(state: DialogueContext, record: Record, n: int) -> Line:
    """One result in a list: number, title, author, special formats, where it is."""
    short = f"{n + 1}. {record.title}" + (f", {record.author}" if record.author else "")
    pieces = [plain(state, f"{n + 1}. "), title_of(record)]
    if record.author:
        pieces += [plain(state, ", "), author_of(record)]
    if special := formats(state, record):
        pieces += [plain(state, ". "), plain(state, capitalised(special))]
    standing = where(state, record.available) if record.standing_known else (_unknown(state),)
    pieces += [plain(state, ". "), *standing, plain(state, ".")]
    return Line(tuple(pieces), record=n, short=short)


def plain(state: DialogueContext, text: str) -> Span:
    """Text in the reader's language."""
    return Span(text, state.language)


def formats(state: DialogueContext, record: Record) -> str:
    """Formats other than ordinary print."""
    special = [form for form in record.formats if form is not Format.PRINT]
    return ", ".join(text_of(state.language, f"formats.{form}") for form in special)


def where(state: DialogueContext, shelves: tuple[Availability, ...]) -> tuple[Span, ...]:
    """The nearest place with a copy and how many more there are."""
    if not shelves:
        return (plain(state, capitalised(text_of(state.language, "all_out"))),)
    first = place_name(state, shelves[0].place)
    first = replace(first, text=capitalised(first.text))
    if len(shelves) == 1:
        return (first,)
    return compose(state.language, "and_more_places", state.brief, place=first, count=len(shelves) - 1).spans


def _unknown(state: DialogueContext) -> Span:
    return plain(state, capitalised(text_of(state.language, "where_unknown")))


def opened(state: DialogueContext) -> tuple[Line, ...]:
    """One record in full: title, author, formats, where it stands, the beginning of its annotation."""
    stage = state.stage
    assert isinstance(stage, RecordDetail)
    record = stage.record
    total = max(stage.results.total, len(stage.results.records))
    if total == 1:
        lines = [prompt(state, "record.only", title=title_of(record))]
    else:
        lines = [prompt(state, "record.title", n=stage.n + 1, total=total, title=title_of(record))]
    if record.author:
        lines.append(prompt(state, "record.author", author=author_of(record)))
    if record.year and not state.brief:
        lines.append(prompt(state, "record.year", year=record.year))
    if record.language not in (state.language, UNKNOWN):
        lines.append(prompt(state, "record.language", language=language_name(state, record.language)))
    if special := formats(state, record):
        lines.append(prompt(state, "record.formats", formats=special))
    lines += standing(state, stage)
    if not state.brief and record.annotation:
        lines.append(Line((Span(" ".join(sentences(record)[:SENTENCES_AT_ONCE]), record.language),)))
    return tuple(replace(line, record=stage.n) for line in lines)


def standing(state: DialogueContext, stage: RecordDetail) -> list[Line]:
    """Where copies stand, a line for each of the first three places."""
    here_only = [prompt(state, "record.reading_room")] if stage.record.reading_room_only else []
    if not stage.shelves:
        known = stage.record.standing_known
        return here_only or [prompt(state, "record.all_out" if known else "record.place_unknown")]
    nearest = stage.shelves[:PLACES_AT_ONCE]
    lines = here_only + [
        prompt(state, "record.shelf", place=place_name(state, shelf.place), count=shelf.copies) for shelf in nearest
    ]
    if more := len(stage.shelves[PLACES_AT_ONCE:]):
        lines.append(prompt(state, "record.more_shelves", count=more))
    return lines


def sentences(record: Record) -> list[str]:
    """An annotation, sentence by sentence."""
    return [part for part in re.split(r"(?<=[.!?…])\s+", record.annotation.strip()) if part]


def spelled(text: str, language: str) -> Line:
    """The same text letter by letter."""
    return Line((Span(text, language),), spelled=True)
