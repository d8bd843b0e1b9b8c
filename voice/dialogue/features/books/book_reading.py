"""A book that is open: read on, stop, move, ask where, look for words, mark places.

What is read is given out a few sentences at a time, each a line of its own whose `record` is its sentence. While it is
heard, the session says which sentence that is; when all has been heard, `READ_FURTHER` gives out the next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from catalogue_client.values.books import Bookmark, OpenBook
from voice.dialogue.commands import ListRequestOutcomes
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, Handlers, On, answer_to, failure_of, for_state, nothing, one
from voice.dialogue.lists import listed, next_page, number, previous_page
from voice.dialogue.navigation import back, begin_number
from voice.dialogue.phrasing import clock, prompt
from voice.dialogue.reading_room.joined_places import MOST_BOOKMARKS, in_every_book, joined, joining
from voice.dialogue.reading_room.reading_aloud import read_from
from voice.dialogue.reading_room.reading_commands import AllowPlaces, FindInBook, ForgetPlaces, JoinPlaces
from voice.dialogue.reading_room.reading_states import BookContents, BookmarkList, ReadingBook
from voice.dialogue.states import Confirm
from voice.dialogue.turn import Control, Transition
from voice.reading.book_moves import ReadingUnit, TextFound, moved, whereabouts
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line, Span

USUAL_RATE = 170
"""Words a minute where the reader has not chosen."""
LONGEST_SLEEP_MINUTES = 240
USUAL_SLEEP_MINUTES = 15


def words_a_minute(context: DialogueContext) -> int:
    """Return the reader's rate of speech."""
    return context.preferences.rate or USUAL_RATE


def further(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """All was heard: the next sentences, unless it is time to stop."""
    if state.until and context.now >= state.until:
        context = context.stay(replace(state, until=None, at=_next(state)).still())
        return Transition(context, (prompt(context, "reading.asleep"),), quiet=True)
    return read_from(context, state, state.to)


def _next(state: ReadingBook) -> int:
    return min(state.to, state.map.length - 1)


def next_or_on(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """While a book is read, the next sentence; where it stands still, or nobody hears it, read on."""
    moves = (state.goes_on and context.profile.line.follows_speech) or "unit" in intent.slots
    return move(context, state, intent) if moves else go_on(context, state, intent)


def go_on(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Read on: on the telephone from the sentence that was broken off, elsewhere behind what was shown."""
    return read_from(context, state, state.to)


def stop(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Stop here. The first time in a book, say that the place can be kept."""
    say: tuple[Line, ...] = ()
    if context.reader and not state.keeps and not state.hinted:
        state, say = replace(state, hinted=True), (prompt(context, "reading.can_be_kept"),)
    return Transition(context.stay(state.still()), say, quiet=True, controls=frozenset({Control.STOP}), aside=True)


def pause(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """The reader needs time: the book stands still."""
    return Transition(context.stay(state.still()), (prompt(context, "talk.take_your_time"),), quiet=True, aside=True)


def stop_or_go_on(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """One key for both."""
    return stop(context, state, intent) if state.goes_on else go_on(context, state, intent)


def again(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """What was that? The sentence once more, and on from there."""
    return read_from(context, state, state.at)


def leave(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Close the book; "continue" opens it again."""
    return back(context.stay(state.still()), state.still(), intent)


def move(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """By a sentence, or by the unit and number that were said."""
    unit = ReadingUnit(str(intent.slots.get("unit", ReadingUnit.SENTENCE)))
    steps = intent.slots.get("n", 1)
    steps = min(max(steps, 1), 999) if isinstance(steps, int) else 1
    is_back = intent.name in (IntentName.BACKWARD, IntentName.PREVIOUS)
    if unit is ReadingUnit.SENTENCE and not is_back and not context.profile.line.follows_speech:
        steps = max(state.to - state.at, 1) + steps - 1  # behind what was shown
    to = moved(state.map, state.at, unit, -steps if is_back else steps, words_a_minute(context))
    if to is not None:
        return read_from(context, state, to)
    if is_back and unit is not ReadingUnit.PAGE:
        return read_from(context, state, 0, (prompt(context, "reading.at_beginning"),))
    none = "reading.no_pages" if unit is ReadingUnit.PAGE and not state.map.pages else "reading.no_more"
    return Transition(context.stay(state.still()), (prompt(context, none),), question=True)


def to_sentence(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """A routing key over a line reads on from there."""
    n = number(intent, state.map.length)
    return again(context, state, intent) if n is None else read_from(context, state, n)


def where(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Chapter, page, per cent and minutes left; then reading goes on if it did."""
    here = whereabouts(state.map, state.at, words_a_minute(context))
    say = [prompt(context, "reading.chapter", title=Span(here.chapter, state.book.language))] if here.chapter else []
    say += [prompt(context, "reading.page", page=here.page)] if here.page else []
    say.append(prompt(context, "reading.percent", count=here.percent))
    say.append(prompt(context, "reading.left", count=here.minutes_left))
    return Transition(context, tuple(say), quiet=state.goes_on, question=not state.goes_on, aside=True)


def time_left(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Minutes to the end of the chapter and of the book, at the reader's rate."""
    here = whereabouts(state.map, state.at, words_a_minute(context))
    say = [prompt(context, "reading.left_of_chapter", count=here.minutes_of_chapter)] if here.chapter else []
    say.append(prompt(context, "reading.left", count=here.minutes_left))
    return Transition(context, tuple(say), quiet=state.goes_on, question=not state.goes_on, aside=True)


def contents(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """The headings, to go to one of them."""
    if not state.map.headings:
        return Transition(context.stay(state.still()), (prompt(context, "reading.no_contents"),), question=True)
    here = max((n for n, each in enumerate(state.map.headings) if each.sentence <= state.at), default=0)
    page = BookContents(state.map.headings)
    return Transition(context.stay(state.still()).go(replace(page, first=here - here % page.page)))


def find(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """The next sentence with the words; without words those of the last time."""
    words = str(intent.slots.get("sought") or intent.slots.get("words") or state.looked_for)
    if not words:
        return Transition(context.stay(state.still()), (prompt(context, "reading.find_what"),), quiet=True)
    context = context.stay(replace(state, looked_for=words))
    return Transition(context, command=FindInBook(state.map, words, state.at))


def on_text_found(context: DialogueContext, command: FindInBook, found: TextFound) -> Transition:
    """Read on from there; where the words are not in the book, say so."""
    state = context.state
    if not isinstance(state, ReadingBook) or state.map != command.map:
        return Transition(context)
    if found.sentence is None:
        say = (prompt(context, "reading.not_found", words=command.words),)
        return Transition(context.stay(state.still()), say, question=True)
    return read_from(context, state, found.sentence)


def mark(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Mark this sentence, under a name where one was said."""
    name = str(intent.slots.get("name", ""))[:80]
    bookmarks = (*state.bookmarks, Bookmark(state.at, name))[-MOST_BOOKMARKS:]
    context = context.stay(replace(state, bookmarks=bookmarks))
    said = [prompt(context, "reading.marked", n=len(bookmarks))]
    if not state.keeps:
        said.append(prompt(context, "reading.marked_for_now"))
    return Transition(context, tuple(said), quiet=state.goes_on, question=not state.goes_on, aside=True)


def marks(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """The bookmarks, to go to one of them."""
    if not state.bookmarks:
        return Transition(context.stay(state.still()), (prompt(context, "reading.no_marks"),), question=True)
    return Transition(context.stay(state.still()).go(BookmarkList(state.bookmarks)))


def sleep(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Stop by itself after so many minutes."""
    n = intent.slots.get("n", USUAL_SLEEP_MINUTES)
    minutes = min(max(n, 1), LONGEST_SLEEP_MINUTES) if isinstance(n, int) else USUAL_SLEEP_MINUTES
    until = context.now + timedelta(minutes=minutes)
    say = (prompt(context, "reading.sleep", time=clock(until)),)
    return read_from(context, replace(state, until=until), state.at, say)


def skip_notes(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Leave notes out, or read them again."""
    skips = not state.skips_notes
    say = (prompt(context, "reading.notes_off" if skips else "reading.notes_on"),)
    return read_from(context, replace(state, skips_notes=skips), state.at, say)


def keep(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Ask whether places are to be kept with the ticket."""
    assert context.reader
    return _asked(context, state, AllowPlaces(context.reader.ticket))


def forget(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Ask whether places are to be forgotten."""
    assert context.reader
    return _asked(context, state, ForgetPlaces(context.reader.ticket))


def _asked(context: DialogueContext, state: DialogueState, command: AllowPlaces | ForgetPlaces) -> Transition:
    """The read-back of `command`; a book that is open stands still behind it."""
    calm = state.still() if isinstance(state, ReadingBook) else state
    return Transition(context.stay(calm).go(Confirm(command)))


def kept(context: DialogueContext, command: AllowPlaces, answer: None) -> Transition:
    """Places are kept from now on, this one first; what is kept already comes before it."""
    if join := joining(context):
        return Transition(context, command=join)
    context = in_every_book(context, lambda book: replace(book, keeps=book.ticket == command.ticket))
    return Transition(context, (prompt(context, "reading.kept"),), question=True)


def forgotten(context: DialogueContext, command: ForgetPlaces, answer: None) -> Transition:
    """Nothing is kept any more."""
    context = in_every_book(context, lambda book: replace(book, keeps=False, bookmarks=(), hinted=True))
    return Transition(context, (prompt(context, "reading.forgotten"),), question=True)


def on_joined(context: DialogueContext, command: JoinPlaces, opened: OpenBook) -> Transition:
    """The reader's kept place and bookmarks are in the book that she had opened before."""

    def with_kept(book: ReadingBook) -> ReadingBook:
        if book.book.id != command.book.id or book.ticket == command.ticket:
            return book
        return joined(book, opened.place, command.ticket, keeps=opened.keeps_place)

    context = in_every_book(context, with_kept)
    if command.signs_in:
        return Transition(context, command=ListRequestOutcomes(command.ticket, command.then))
    return Transition(context, (prompt(context, "reading.kept"),), question=True)


def not_joined(context: DialogueContext, command: JoinPlaces, event: Failed, sentence: Line) -> Transition:
    """The book goes on without them, and nothing is kept of it: what is kept stays as it is."""
    if command.signs_in:
        return Transition(context, command=ListRequestOutcomes(command.ticket, command.then))
    return Transition(context, (sentence,), question=True)


def read_on_or_contents(context: DialogueContext, state: ReadingBook, intent: Intent) -> Transition:
    """Of a record these words mean its description; of an open book its contents, where they name those."""
    named = any(word.startswith(("мазмұн", "содержан")) for word in intent.text.casefold().split())
    return contents(context, state, intent) if named else go_on(context, state, intent)


def go_to(context: DialogueContext, state: BookContents | BookmarkList, intent: Intent) -> Transition:
    """Read from the heading or bookmark with this number; without one from the first on the table."""
    n = number(intent, len(state.items)) if {"n", "digits"} & intent.slots.keys() else state.at_hand
    if n is None:
        return Transition(context, (prompt(context, "list.no_such_number", count=len(state.items)),), question=True)
    context = context.leave()
    if not isinstance(context.state, ReadingBook):
        return Transition(context)
    return read_from(context, context.state, state.items[n].sentence)


def _book_behind(context: DialogueContext) -> ReadingBook | None:
    """The book over which a table lies."""
    behind = context.trail[-1] if context.trail else None
    return behind if isinstance(behind, ReadingBook) else None


def contents_on_table(context: DialogueContext, state: BookContents) -> tuple[Line, ...]:
    """Three headings with their numbers."""
    book = _book_behind(context)
    spoken = book.book.language if book else context.language
    return listed(
        context, state, "reading.contents",
        lambda context, each, n: replace(
            prompt(context, "reading.entry", n=n + 1, title=Span(each.title, spoken)), record=n
        ),
    )  # fmt: skip


def marks_on_table(context: DialogueContext, state: BookmarkList) -> tuple[Line, ...]:
    """Three bookmarks, each with its name or how its sentence begins."""

    def entry(context: DialogueContext, mark: Bookmark, n: int) -> Line:
        book = _book_behind(context)
        name = Span(mark.name, context.language)
        if not mark.name and book and mark.sentence < book.map.length:
            said = book.map.sentences[mark.sentence]
            name = Span(" ".join(said.text.split()[:6]), said.language)
        return replace(prompt(context, "reading.entry", n=n + 1, title=name), record=n)

    return listed(context, state, "reading.marks", entry)


GOES_TO: Handlers[BookContents | BookmarkList] = {
    IntentName.SELECT: go_to,
    IntentName.DIGITS: go_to,
    IntentName.YES: go_to,
    IntentName.MORE: go_to,
    IntentName.NO: back,
    IntentName.NUMBER: begin_number,
}

FEATURE = Feature(
    states=(
        for_state(
            ReadingBook,
            {
                IntentName.READ_FURTHER: further,
                IntentName.CONTINUE_READING: go_on,
                IntentName.READ_ON: read_on_or_contents,
                IntentName.YES: go_on,
                IntentName.MORE: go_on,
                IntentName.STOP: stop,
                IntentName.NO: stop,
                IntentName.WAIT: pause,
                IntentName.PLAY_OR_PAUSE: stop_or_go_on,
                IntentName.BACK: leave,
                IntentName.REPEAT: again,
                IntentName.NEXT: next_or_on,
                IntentName.PREVIOUS: move,
                IntentName.FORWARD: move,
                IntentName.BACKWARD: move,
                IntentName.SELECT: to_sentence,
                IntentName.WHERE_AM_I: where,
                IntentName.TIME_LEFT: time_left,
                IntentName.CONTENTS: contents,
                IntentName.FIND_IN_TEXT: find,
                IntentName.BOOKMARK: mark,
                IntentName.BOOKMARKS: marks,
                IntentName.SLEEP_TIMER: sleep,
                IntentName.SKIP_NOTES: skip_notes,
            },
        ),
        for_state(
            BookContents,
            {**GOES_TO, IntentName.NEXT: next_page, IntentName.PREVIOUS: previous_page},
            content=contents_on_table,
        ),
        for_state(
            BookmarkList,
            {**GOES_TO, IntentName.NEXT: next_page, IntentName.PREVIOUS: previous_page},
            content=marks_on_table,
        ),
    ),
    anywhere={
        IntentName.KEEP_PLACE: On(keep, needs_reader=True),
        IntentName.FORGET_PLACES: On(forget, needs_reader=True),
    },
    answers=(
        answer_to(AllowPlaces, nothing, kept),
        answer_to(ForgetPlaces, nothing, forgotten),
        answer_to(FindInBook, one(TextFound), on_text_found),
        answer_to(JoinPlaces, one(OpenBook), on_joined),
    ),
    failures=(failure_of(JoinPlaces, not_joined),),
    costs={
        IntentName.READ_FURTHER: Cost.HARMLESS,
        IntentName.PLAY_OR_PAUSE: Cost.HARMLESS,
        IntentName.FORWARD: Cost.HARMLESS,
        IntentName.BACKWARD: Cost.HARMLESS,
        IntentName.TIME_LEFT: Cost.HARMLESS,
        IntentName.CONTENTS: Cost.HARMLESS,
        IntentName.FIND_IN_TEXT: Cost.HARMLESS,
        IntentName.BOOKMARK: Cost.HARMLESS,
        IntentName.BOOKMARKS: Cost.HARMLESS,
        IntentName.SLEEP_TIMER: Cost.HARMLESS,
        IntentName.SKIP_NOTES: Cost.HARMLESS,
        IntentName.KEEP_PLACE: Cost.SETTING,
        IntentName.FORGET_PLACES: Cost.SETTING,
    },
)
