"""Walks through every place of the dialogue that words, keys and answers can lead to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tests.voice.dialogue.small_library import ASKED, HELD, HOLDS, LOANS, NOW, ON_THE_WAY, REQUESTS, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import DialogueContext, Profile, begin, commands, step
from voice.dialogue.commands import Identify
from voice.dialogue.confirmation import AGREES
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import (
    Answered,
    Began,
    Event,
    Failed,
    HeardOut,
    NotUnderstood,
    Pressed,
    Routed,
    Said,
    Silence,
    TurnedDown,
    Unsure,
)
from voice.dialogue.features.delivery.address import Street
from voice.dialogue.reading_room.reading_states import ReadingBook
from voice.dialogue.registry import ANYWHERE, EVERYWHERE, STATES
from voice.dialogue.states import Confirm, Pin, SlotList, Ticket
from voice.dialogue.turn import Turn
from voice.reading.book_moves import ReadingUnit
from voice.values.audio import ChannelKind
from voice.values.intents import Intent
from voice.values.refusals import RefusalReason

NAMES = sorted({*EVERYWHERE, *ANYWHERE, *(name for here in STATES.values() for name in here if name != "*")})
NUMBERED = ("select", "more", "reserve", "deliver", "renew", "cancel", "availability", "connect_courier", "suspend")
BELOW = 0.001
THRESHOLDS = {
    0.05: ("search", "digits", "next", "stop", "no", "greeting"),
    0.2: ("yes",),
    0.4: ("deliver", "reserve", "renew", "my_loans", "start_over", "louder", "slower", "brief", "capitals", "grade"),
    0.5: ("goodbye", "undo", "cancel", "person", "register", "new_address", "recording", "recording_agreed"),
}
"""What the policy says, in numbers of the tests' own: a threshold that is lowered must fail here. The confidence from
which on these are obeyed; the events hold each at it and just below."""
NO_ENDS_FROM = 0.5
"""Where "no" may part from the reader."""
WORDS = (
    Intent("search", {"words": "абай"}, "kk", "абай"),
    Intent("search", {"words": "әбай"}, "kk", "әбай"),
    Intent("search", {"words": "жоқтың бәрі"}, "kk", "жоқтың бәрі"),
    Intent("language", {"language": "tlh"}, "en", "in klingon please"),
    Intent("language", {"language": "ru"}, "ru", "по-русски"),
    Intent("hours", {"place": "жамбыл"}, "kk", "жамбыл"),
    Intent("hours", {"place": "атлантида"}, "ru", "атлантида"),
    Intent("hours", {"place": "әуезов"}, "kk", "әуезов 16 желтоқсанда ашық па"),
    Intent("hours", {"when": "30 февраля"}, "ru", "30 февраля работаете"),
    Intent("hours", {"when": "воскресенье"}, "ru", "в воскресенье работаете"),
    Intent("place_info", {"place": "әуезов", "info": "phone"}, "kk", "әуезов кітапханасының телефоны"),
    *(
        Intent("library_question", {"topic": topic}, "kk", topic)
        for topic in ("loan_period", "fines", "ticket_cost", "return_where", "holidays", "events", "dogs")
    ),
    Intent("search", {"words": "собакой"}, "ru", "можно с собакой"),
    Intent("reserve", {"place": "атлантида"}, "ru", "отложи в атлантиде"),
    Intent("reserve", {"n": 1, "place": "әуезов"}, "kk", "біріншісін әуезовте сақтап қой"),
    Intent("digits", {"digits": "100001"}, "kk", "100001"),
    Intent("digits", {"digits": "100002"}, "kk", "100002"),
    Intent("digits", {"digits": "2580"}, "kk", "2580"),
    Intent("digits", {"digits": "1470"}, "kk", "1470"),
    Intent("digits", {"digits": "87010000000"}, "kk", "87010000000"),
    Intent("digits", {"digits": "1" * 40}, "kk", "1" * 40),
    Intent("note", {"note": "есікті қағыңыз"}, "kk", "курьерге айтыңыз есікті қағыңыз"),
    Intent("read_aloud", {"book": "абай"}, "kk", "абай жолын оқып бер"),
    Intent("read_aloud", {"book": "путь"}, "ru", "прочитай путь абая"),
    Intent("read_aloud", {"book": "жоқ"}, "kk", "жоқ кітапты оқып бер"),
    *(Intent(way, {"unit": unit, "n": 2}, "kk", way) for way in ("forward", "backward") for unit in ReadingUnit),
    Intent("find_in_text", {"sought": "бала"}, "kk", "мәтіннен бала тап"),
    Intent("find_in_text", {"sought": "піл"}, "kk", "мәтіннен піл тап"),
    Intent("weather", {}, "kk", "a request nobody knows"),
    Intent("search", {"words": "сөз " * 500}, "kk", "сөз " * 500),
)
TWO = (Intent("renew", {"n": 2}, "kk", "екіншісін ұзарт"), Intent("search", {"words": "абай"}, "kk", "абай"))
EVENTS: tuple[Event, ...] = (
    *(Said(Intent(name, {}, "kk", name)) for name in NAMES),
    *(Said(Intent(name, {"n": n}, "kk", name)) for name in NUMBERED for n in (2, 99, -1)),
    *(Said(intent) for intent in WORDS),
    *(Said(Intent(name, {}, "kk", name), least) for least, names in THRESHOLDS.items() for name in names),
    *(Said(Intent(name, {}, "kk", name), least - BELOW) for least, names in THRESHOLDS.items() for name in names),
    *(Said(Intent(name, {}, "kk", name), 0.05 - BELOW) for names in THRESHOLDS.values() for name in names),
    *(Said(Intent("no", {}, "kk", "жоқ"), least) for least in (NO_ENDS_FROM - BELOW, NO_ENDS_FROM)),
    *(Said(Intent("language", {"language": "en"}, "en", "english please now"), least) for least in (0.4 - BELOW, 0.4)),
    *(NotUnderstood("абай", least) for least in (0.05 - BELOW, 0.05)),
    *(Said(Intent(name, {}, "kk", f"иә {name}", agreed=True)) for name in sorted(frozenset().union(*AGREES.values()))),
    Said(Intent("reserve", {"place": "әуезов"}, "kk", "иә әуезовте сақтап қой", agreed=True)),
    Said(Intent("renew", {"n": 2}, "kk", "иә екіншісін ұзарт", agreed=True)),
    *(Pressed(key) for key in "0123456789*#"),
    *(TurnedDown(reason, "сөз") for reason in RefusalReason),
    *(TurnedDown(RefusalReason.OTHER, "сөз", least) for least in (0.05 - BELOW, 0.05)),
    *(Unsure(TWO, "сөз", confidence) for confidence in (None, 0.05 - BELOW)),
    Said(Intent("similar", {}, "kk", "осыған ұқсас кітап")),
    Said(Intent("my_loans", {}, "kk", "кітаптарым"), then=(Intent("hours", {}, "kk", "жұмыс уақыты"),)),
    Said(Intent("renew_all", {}, "kk", "бәрін ұзарт"), then=(Intent("undo", {}, "kk", "болдырма"),)),
    Routed(0), Routed(1), Routed(50), Routed(-1), Routed(None),
    Silence(), HeardOut(), NotUnderstood(), NotUnderstood("айгүл"), NotUnderstood("100001"),
    Began(),
)  # fmt: skip
PROMPTS = ("unavailable", "wrong_ticket_or_pin", "locked", "refused_slot_taken", "refused_overdue", "outcome_unknown")


def libraries() -> tuple[SmallLibrary, ...]:
    return (
        SmallLibrary(deliveries=(ON_THE_WAY, ASKED), person=True),
        SmallLibrary(deliveries=(ASKED,), loans=LOANS[:1], holds=HOLDS[:1], slots=()),
        SmallLibrary(loans=(), holds=(), requests=REQUESTS, begun=HELD),
    )


def beginning() -> DialogueContext:
    return begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW))


def outcomes(turn: Turn) -> Iterator[Event]:
    """Everything that the library may answer to what a turn asks."""
    if turn.command:
        yield from (library.do(turn.command) for library in libraries())
        yield from (Failed(turn.command, prompt, (("time", "10:15"),)) for prompt in PROMPTS)


def likeness(context: DialogueContext) -> tuple[object, ...]:
    """States that differ in this only in what they talk about."""
    state = context.state
    reads = any(isinstance(behind, ReadingBook) for behind in context.trail)
    match state:
        case Confirm():
            about: object = type(state.command)
        case Ticket():
            about = (state.then.name, reads)  # any of them may be asked for here, wherever the reader came from
        case Pin():
            known = state.ticket in ("100001", "100002")
            about = (state.then.name, reads, known and state.ticket)
        case SlotList():
            about = (state.collection, bool(state.moves))
        case Street():
            about = bool(state.text)
        case ReadingBook():
            about = bool(state.bookmarks)
        case _:
            about = bool(context.undo)
    return (type(state), state.question, about, context.reader and context.reader.ticket)


def reason(ask: commands.AnyCommand | None) -> object:
    """Why a command was issued."""
    then = getattr(ask, "then", None)
    return then.name if then else getattr(ask, "purpose", None)


@cache
def explored() -> tuple[tuple[DialogueContext, ...], tuple[tuple[DialogueContext, Event, Turn], ...]]:
    """One state of every likeness that can be reached, and every step that was taken between them."""
    found: dict[tuple[object, ...], DialogueContext] = {}
    steps: list[tuple[DialogueContext, Event, Turn]] = []
    answered: set[tuple[object, ...]] = set()
    waiting = [beginning()]
    while waiting:
        context = waiting.pop(0)
        if likeness(context) in found:
            continue
        found[likeness(context)] = context
        todo = [(context, event) for event in EVENTS]
        for before, happens in todo:
            turn = step(before, happens)
            steps.append((before, happens, turn))
            wanted = turn.command if isinstance(turn.command, Identify) else type(turn.command)
            asked = (likeness(turn.context), wanted, reason(turn.command))
            if turn.command is None:
                waiting.append(turn.context)
            elif asked not in answered:
                answered.add(asked)
                todo += [(turn.context, outcome) for outcome in outcomes(turn)]
    return tuple(found.values()), tuple(steps)


def state_names(kind: type[DialogueState] = DialogueState) -> set[str]:
    """Names of all states that are written down, whatever shape they share."""
    own = {kind.name} if hasattr(kind, "name") else set()
    return own.union(*(state_names(special) for special in kind.__subclasses__()))


def states_reached() -> set[type[DialogueState]]:
    return {type(context.state) for context in explored()[0]}


@cache
def stale_answers() -> tuple[Answered, ...]:
    """Answers of every kind, which may come when the reader is already elsewhere."""
    asked = {type(turn.command): turn.command for _, _, turn in explored()[1] if turn.command}
    outcomes = [SmallLibrary(deliveries=(ASKED,), requests=REQUESTS).do(ask) for ask in asked.values()]
    return tuple(outcome for outcome in outcomes if isinstance(outcome, Answered))
