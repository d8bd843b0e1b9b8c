"""What can be settled at a read-back before the yes: a note for the courier, or another library to collect at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from languages.folding import fold
from voice.dialogue.commands import BookCollection, BookDelivery, FindPlace, MoveDelivery, PlaceHold
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import ChoiceList, DialogueState
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.lists import choice, next_page, options, previous_page
from voice.dialogue.navigation import number_of
from voice.dialogue.no_match import not_yet
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm
from voice.dialogue.turn import Transition
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName

DOES_NOT_SEE = "notes.does_not_see"
"""The only note that says why books are brought: to choose it is to agree to that."""
NOTES = ("notes.call_first", "notes.wait", "notes.say_name", DOES_NOT_SEE)
"""Ready notes for the courier."""
LONGEST_NOTE = 200
"""Characters; a longer note is cut, not refused."""

Books = BookDelivery | BookCollection


@dataclass(frozen=True, slots=True)
class CourierNotes(ChoiceList[str]):
    """A note for the courier is being chosen, by the prompts of the ready ones, or dictated."""

    name = "notes"
    takes_words = True
    expects = ExpectedInput.NUMBER
    kept = False
    may_be_empty = True
    confirm: Confirm
    books: Books
    """What `confirm` will book, and the note goes with."""

    @property
    def before(self) -> Confirm:
        return self.confirm


def other(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """What else can be settled before yes: a note for the courier, or another library to collect at."""
    match state.command:
        case BookDelivery() | BookCollection() as books:
            return Transition(context.go(CourierNotes(NOTES, state, books)))
        case PlaceHold():
            here = context.leave()
            then = Intent(IntentName.RESERVE, number_of(here, state.command.record_id), context.language)
            return Transition(here, command=FindPlace("", then=then))
    return Transition(context)


def change(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Another time, note or library at once where it was said which; else what can be changed here."""
    part, place = intent.slots.get("part"), str(intent.slots.get("place", ""))
    books = isinstance(state.command, BookDelivery | BookCollection)
    timed = books or isinstance(state.command, MoveDelivery)
    if timed and intent.slots.get("when"):
        return Transition(context, then=replace(intent, name=IntentName.WHEN))
    if timed and part == "time":
        return Transition(context, then=Intent(IntentName.LATER, {}, context.language))
    if books and part == "note":
        return other(context, state, intent)
    if isinstance(state.command, PlaceHold) and place:
        then = Intent(IntentName.RESERVE, number_of(context.leave(), state.command.record_id), context.language)
        return Transition(context, command=FindPlace(place, intent.text, then))
    if isinstance(state.command, PlaceHold) and part == "place":
        return other(context, state, intent)
    kind = "delivery" if books else "hold" if isinstance(state.command, PlaceHold) else "nothing"
    return Transition(context, (prompt(context, f"confirm.change_{kind}"),), question=True)


def move(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Another time for what is read back, before anything is booked."""
    part = {} if intent.slots.get("when") else {"part": "time"}
    return change(context, state, replace(intent, name=IntentName.CHANGE, slots={**intent.slots, **part}))


def place_alone(context: DialogueContext, state: Confirm, intent: Intent) -> Transition | None:
    """The bare name of a library, said to the read-back of a hold, is where the book is wanted."""
    place = str(intent.slots.get("place", ""))
    if isinstance(state.command, PlaceHold) and place and fold(place) == fold(intent.text):
        return change(context, state, intent)
    return None


def change_elsewhere(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Where nothing is read back, a place alone asks about that place; another time is for what is booked. The
    rest of a booking is not changed here yet."""
    if intent.slots.get("place"):
        return Transition(context, then=Intent(IntentName.HOURS, intent.slots, intent.language, intent.text))
    if intent.slots.get("when") or intent.slots.get("part") == "time":
        return Transition(context, then=replace(intent, name=IntentName.MOVE))
    return not_yet(context, intent)


def note(context: DialogueContext, state: CourierNotes, intent: Intent) -> Transition:
    """A ready note by its number, or any words of the reader's own; the read-back follows with it."""
    n = choice(context, state, intent)
    if isinstance(n, Transition):
        return n
    if n is None:
        return Transition(context.stay(replace(state.confirm, command=_noted(state.books, intent.text))))
    agrees = state.books.may_tell or state.items[n] == DOES_NOT_SEE
    command = _noted(state.books, prompt(context, state.items[n]).text)
    return Transition(context.stay(replace(state.confirm, command=replace(command, may_tell=agrees))))


def _noted(command: Books, words: str) -> Books:
    """One more thing for the courier: several notes stand one after another, each once."""
    words = " ".join(words.split()).rstrip(".")
    notes = [note for note in command.note.split("; ") if note and note != words]
    return replace(command, note="; ".join((*notes, words))[:LONGEST_NOTE].strip())


def note_at_once(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """A note said together with the request to leave one, while the read-back waits."""
    words = str(intent.slots.get("note", "")).strip()
    if not words or not isinstance(state.command, BookDelivery | BookCollection):
        return other(context, state, intent)
    return Transition(context.stay(replace(state, command=_noted(state.command, words))))


def no_note(context: DialogueContext, state: CourierNotes, intent: Intent) -> Transition:
    """The courier hears nothing beside the address."""
    command = replace(state.books, note="", may_tell=False)
    return Transition(context.stay(replace(state.confirm, command=command)))


FEATURE = Feature(
    states=(
        for_state(
            Confirm,
            {
                IntentName.MORE: other,
                IntentName.NEXT: other,
                IntentName.NOTE: note_at_once,
                IntentName.CHANGE: change,
                IntentName.MOVE: move,
                IntentName.HOURS: place_alone,
            },
        ),
        for_state(
            CourierNotes,
            {
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.SELECT: note,
                IntentName.DIGITS: note,
                IntentName.NO: no_note,
                IntentName.YES: no_note,
                IntentName.NUMBER: no_note,
                "*": note,
            },
            content=options,
        ),
    ),
    anywhere={IntentName.CHANGE: change_elsewhere},
)
