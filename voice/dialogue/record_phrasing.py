"""What is said about a book: the most important first, names in the nominative."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue_client.values.bibliographic import Format, Record
from catalogue_client.values.works import Likeness, SimilarRecord
from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import author_of, capitalised, language_name, place_name, prompt, title_of
from voice.dialogue.prompts import compose, text_of
from voice.dialogue.states import RecordDetail
from voice.values.lines import Line, Span

UNKNOWN = "und"
"""ISO 639 for a language that the record does not tell."""
LENT = "loan"
"""Why no copy can be taken where the library's system does not say."""
PLACES_AT_ONCE = 3
"""Places that are said; the rest is counted."""
SENTENCES_AT_ONCE = 2
"""Sentences of an annotation that are read before the reader is asked."""


def entry(context: DialogueContext, record: Record, n: int, like: SimilarRecord | None = None) -> Line:
    """One result in a list: number, title, author, the languages and special formats of the work, where it is.

    `like` is what it shares with another book."""
    short = f"{n + 1}. {record.title}" + (f", {record.author}" if record.author else "")
    pieces = [plain(context, f"{n + 1}. "), title_of(record)]
    if record.author:
        pieces += [plain(context, ", "), author_of(record)]
    if like is not None:
        pieces += [plain(context, ". "), *_shared(context, like)]
    for text in (languages(context, record), formats(context, record, whole_work=True)):
        if text:
            pieces += [plain(context, ". "), plain(context, capitalised(text))]
    standing = where(context, record) if record.standing_known else (_unknown(context),)
    pieces += [plain(context, ". "), *standing, plain(context, ".")]
    return Line(tuple(pieces), record=n, short=short)


def plain(context: DialogueContext, text: str) -> Span:
    """Text in the reader's language."""
    return Span(text, context.language)


def _shared(context: DialogueContext, like: SimilarRecord) -> tuple[Span, ...]:
    """What a book shares with another, in a word."""
    language = context.language if like.likeness is Likeness.THEME else like.record.language
    name = Span(like.name(context.language), language)
    return compose(context.language, f"likeness.{like.likeness}", context.brief, name=name).spans


def languages(context: DialogueContext, record: Record) -> str:
    """The languages in which the work is there, its own first; "" when there is only one."""
    codes = dict.fromkeys((record.language, *(other.language for other in record.expressions)))
    known = [code for code in codes if code != UNKNOWN]
    return ", ".join(language_name(context, code) for code in known) if len(known) > 1 else ""


def formats(context: DialogueContext, record: Record, *, whole_work: bool = False) -> str:
    """Formats other than ordinary print: of the record, or of every record of its work."""
    there = list(record.formats)
    if whole_work:
        there += [form for other in record.expressions for form in other.formats]
    special = [form for form in dict.fromkeys(there) if form is not Format.PRINT]
    return ", ".join(text_of(context.language, f"formats.{form}") for form in special)


def where(context: DialogueContext, record: Record) -> tuple[Span, ...]:
    """The nearest place with a copy and how many more there are, or why no copy can be taken."""
    shelves = record.available
    if not shelves:
        return (plain(context, capitalised(text_of(context.language, f"away_in_list.{record.away or LENT}"))),)
    first = place_name(context, shelves[0].place)
    first = replace(first, text=capitalised(first.text))
    if len(shelves) == 1:
        return (first,)
    return compose(context.language, "and_more_places", context.brief, place=first, count=len(shelves) - 1).spans


def _unknown(context: DialogueContext) -> Span:
    return plain(context, capitalised(text_of(context.language, "where_unknown")))


def opened(context: DialogueContext, state: RecordDetail) -> tuple[Line, ...]:
    """One record in full: title, author, formats, where it stands, the beginning of its annotation."""
    record = state.item
    total = max(state.total, len(state.items))
    if total == 1:
        lines = [prompt(context, "record.only", title=title_of(record))]
    else:
        lines = [prompt(context, "record.title", n=state.n + 1, total=total, title=title_of(record))]
    if record.author:
        lines.append(prompt(context, "record.author", author=author_of(record)))
    if record.narrator:
        lines.append(prompt(context, "record.narrator", narrator=Span(record.narrator, record.language)))
    if record.year and not context.brief:
        lines.append(prompt(context, "record.year", year=record.year))
    if record.language not in (context.language, UNKNOWN):
        lines.append(prompt(context, "record.language", language=language_name(context, record.language)))
    if special := formats(context, record):
        lines.append(prompt(context, "record.formats", formats=special))
    lines += _other_expressions(context, record)
    lines += standing(context, state)
    if not context.brief and record.annotation:
        lines.append(Line((Span(" ".join(sentences(record)[:SENTENCES_AT_ONCE]), record.language),)))
    return tuple(replace(line, record=state.n) for line in lines)


def _other_expressions(context: DialogueContext, record: Record) -> list[Line]:
    """In which other languages and formats the work is there, and in how many volumes."""
    lines: list[Line] = []
    codes = dict.fromkeys(other.language for other in record.expressions)
    if names := [language_name(context, code) for code in codes if code not in (record.language, UNKNOWN)]:
        lines.append(prompt(context, "record.other_languages", languages=", ".join(names)))
    own = formats(context, record)
    if (whole := formats(context, record, whole_work=True)) != own:
        lines.append(prompt(context, "record.other_formats", formats=whole))
    volumes = {other.volume for other in record.expressions if other.volume} | {record.volume or 0}
    if record.volume and len(volumes) > 1:
        lines.append(prompt(context, "record.volumes", volume=record.volume, count=len(volumes)))
    return lines


def standing(context: DialogueContext, state: RecordDetail) -> list[Line]:
    """Where copies stand, a line for each of the first three places."""
    here_only = [prompt(context, "record.reading_room")] if state.item.reading_room_only else []
    if not state.shelves:
        known = state.item.standing_known
        why = f"away.{state.item.away or LENT}"
        return here_only or [prompt(context, why if known else "record.place_unknown")]
    nearest = state.shelves[:PLACES_AT_ONCE]
    lines = here_only + [
        prompt(context, "record.shelf", place=place_name(context, shelf.place), count=shelf.copies) for shelf in nearest
    ]
    if more := len(state.shelves[PLACES_AT_ONCE:]):
        lines.append(prompt(context, "record.more_shelves", count=more))
    return lines


def sentences(record: Record) -> list[str]:
    """An annotation, sentence by sentence."""
    return [part for part in re.split(r"(?<=[.!?…])\s+", record.annotation.strip()) if part]


def spelled(text: str, language: str) -> Line:
    """The same text letter by letter."""
    return Line((Span(text, language),), spelled=True)
