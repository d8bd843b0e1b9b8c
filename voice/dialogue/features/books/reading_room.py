"""The books that can be read here: "read me …", "continue", "what was I reading", and a found book read at once."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.books import HeldBook
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On, answer_to, each, failure_of, for_state, one
from voice.dialogue.lists import listed, next_page, number, previous_page
from voice.dialogue.navigation import back, begin_number, record_at_hand
from voice.dialogue.number_entry import identify_first
from voice.dialogue.phrasing import prompt
from voice.dialogue.reading_room.reading_aloud import read_from
from voice.dialogue.reading_room.reading_commands import CopiesToRead, FindBooks, ListBooksBegun, OpenToRead
from voice.dialogue.reading_room.reading_states import BookList, ReadingBook
from voice.dialogue.states import RecordDetail, ResultList
from voice.dialogue.turn import Transition
from voice.reading.book_map import BookToRead
from voice.reading.book_moves import whereabouts
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line, Span

NAMED = ("book", "title", "words", "author", "subject")
"""Slots that name a book: the first is the phrases' own, the others are learnt."""


def read_aloud(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Read what was named; without a name the book at hand, or what was being read."""
    words = next((str(intent.slots[name]) for name in NAMED if intent.slots.get(name)), "")
    if words:
        return Transition(context, command=FindBooks(words, context.language))
    if isinstance(state, ResultList | RecordDetail):
        record = record_at_hand(context, intent)
        return record if isinstance(record, Transition) else Transition(context, command=CopiesToRead(record.id))
    if isinstance(state, ReadingBook):
        return read_from(context, state, state.to)
    return Transition(context, command=FindBooks("", context.language))


def reading_room(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Which books there are to read."""
    return Transition(context, command=FindBooks("", context.language))


def continue_reading(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Go on with the book of this conversation, else with the one that was read last."""
    for at in range(len(context.trail) - 1, -1, -1):
        before = context.trail[at]
        if isinstance(before, ReadingBook):
            context = replace(context, state=before, trail=context.trail[:at])
            return read_from(context, before, before.to)
    if isinstance(state, ResultList | RecordDetail):  # what stands there is read on: the description
        return Transition(context, then=Intent(IntentName.READ_ON, {}, context.language))
    if context.reader is None:
        return identify_first(context, intent)
    return Transition(context, command=ListBooksBegun(context.reader.ticket, reads_on=True))


def begun(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What was I reading?"""
    assert context.reader
    return Transition(context, command=ListBooksBegun(context.reader.ticket))


def on_found(context: DialogueContext, command: FindBooks, books: tuple[HeldBook, ...]) -> Transition:
    """One book is opened, of several it is asked which; none leads to a search of the catalogue."""
    if not books:
        say = (prompt(context, "reading.nothing_called", words=command.words),)
        return Transition(context, say, question=True)
    if len(books) == 1:
        return Transition(context, command=_opening(context, books[0]))
    return Transition(context.go(BookList(books)))


def on_copies(context: DialogueContext, command: CopiesToRead, books: tuple[HeldBook, ...]) -> Transition:
    """The book of the catalogue, if the reading room has it."""
    if not books:
        return Transition(context, (prompt(context, "reading.not_here"),), question=True)
    return on_found(context, FindBooks("", context.language), books)


def on_begun(context: DialogueContext, command: ListBooksBegun, books: tuple[HeldBook, ...]) -> Transition:
    """Go on with the last one, or say which they are."""
    if not books:
        return Transition(context, (prompt(context, "reading.nothing_begun"),), question=True)
    if command.reads_on:
        return Transition(context, command=_opening(context, books[0]))
    return Transition(context.go(BookList(books)))


def _opening(context: DialogueContext, book: HeldBook) -> OpenToRead:
    ticket = context.ticket
    return OpenToRead(book, ticket, context.profile.line.at_library)


def on_opened(context: DialogueContext, command: OpenToRead, found: BookToRead) -> Transition:
    """Say which book it is and where she is in it, and read."""
    book = command.book
    opened, layout = found.opened, found.map
    at = opened.place.sentence
    title = Span(book.title, book.language)
    if at:
        percent = whereabouts(layout, at, 170).percent
        say = prompt(context, "reading.goes_on", title=title, count=percent)
    else:
        say = prompt(context, "reading.begins", title=title)
    state = ReadingBook(book, layout, at, at, True, opened.place.bookmarks, opened.keeps_place, command.ticket)
    context = context.stay(state) if isinstance(context.state, ReadingBook) else context.go(state)
    return read_from(context, state, at, (say,))


def not_opened(context: DialogueContext, command: OpenToRead, event: Failed, sentence: Line) -> Transition | None:
    """Why not; who has not said who she is may do so now, and the book is opened then."""
    if event.prompt == "refused_book_members" and context.reader is None:
        asked = Intent(IntentName.READ_ALOUD, {"book": command.book.title}, context.language)
        return replace(identify_first(context, asked), say=(sentence,))
    return None


def open_listed(context: DialogueContext, state: BookList, intent: Intent) -> Transition:
    """The book with this number; without one the first on the table."""
    n = number(intent, len(state.items)) if {"n", "digits"} & intent.slots.keys() else state.at_hand
    if n is None:
        return Transition(context, (prompt(context, "list.no_such_number", count=len(state.items)),), question=True)
    return Transition(context, command=_opening(context, state.items[n]))


def on_table(context: DialogueContext, state: BookList) -> tuple[Line, ...]:
    """Three books with their numbers."""

    def entry(context: DialogueContext, book: HeldBook, n: int) -> Line:
        title = Span(f"{book.title}, {book.author}" if book.author else book.title, book.language)
        return replace(prompt(context, "reading.entry", n=n + 1, title=title), record=n)

    return listed(context, state, "reading.books", entry)


FEATURE = Feature(
    states=(
        for_state(
            BookList,
            {
                IntentName.SELECT: open_listed,
                IntentName.DIGITS: open_listed,
                IntentName.YES: open_listed,
                IntentName.MORE: open_listed,
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.NO: back,
                IntentName.NUMBER: begin_number,
            },
            content=on_table,
        ),
    ),
    anywhere={
        IntentName.READ_ALOUD: read_aloud,
        IntentName.READING_ROOM: reading_room,
        IntentName.CONTINUE_READING: continue_reading,
        IntentName.BOOKS_BEGUN: On(begun, needs_reader=True),
    },
    answers=(
        answer_to(FindBooks, each(HeldBook), on_found),
        answer_to(CopiesToRead, each(HeldBook), on_copies),
        answer_to(ListBooksBegun, each(HeldBook), on_begun),
        answer_to(OpenToRead, one(BookToRead), on_opened),
    ),
    failures=(failure_of(OpenToRead, not_opened),),
    costs={
        IntentName.READ_ALOUD: Cost.HARMLESS,
        IntentName.READING_ROOM: Cost.HARMLESS,
        IntentName.CONTINUE_READING: Cost.HARMLESS,
        IntentName.BOOKS_BEGUN: Cost.HARMLESS,
    },
)
