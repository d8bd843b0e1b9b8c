"""One reader, one conversation: carries events in and turns out, whatever the channel."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from catalogue_client.errors import LibraryError
from catalogue_client.protocols import ReadingRoom
from catalogue_client.values.accounts import Preferences
from catalogue_client.values.bibliographic import Record
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.questions.own_questions import TopicOf, as_own_question, no_topic
from voice.assistant.reading.place_keeper import PlaceKeeper
from voice.configuration.clock import Clock
from voice.dialogue.commands import AnyCommand
from voice.dialogue.confirmation import AGREES
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Answered, Broke, Event, Failed, NotUnderstood, Said, TurnedDown, Unsure
from voice.dialogue.key_bindings import labelled
from voice.dialogue.library_facts.opening_times import says_when
from voice.dialogue.phrasing import prompt
from voice.dialogue.prompts import follow_changes
from voice.dialogue.registry import cost_of
from voice.dialogue.states import Confirm, Doubt, Start
from voice.dialogue.step import step
from voice.dialogue.turn import Booking, Control, ExpectedInput, Turn
from voice.nlu.deciding.acts import AskWhich, Decision, Do, OfferLibrarian, Refuse, Situation, no_title
from voice.nlu.deciding.decision import Decider
from voice.nlu.intent_model import state_name
from voice.nlu.phrasebook import Phrasebook
from voice.values.errors import cause_of
from voice.values.intents import Intent
from voice.values.lines import Line
from voice.values.refusals import RefusalReason
from voice.values.utterances import Hypothesis

log = logging.getLogger(__name__)

HANDLER, COMMAND = "handler", "command"
"""What is counted when Dauys itself fails: while it answered, or while it did what the conversation asked."""
MOST_ASKS = 8
"""Errands that one event may lead to; more would be a loop in the dialogue."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What an utterance came to, as the dialogue will see it."""

    event: Event
    text: str = ""
    language: str | None = None
    confidence: float | None = None
    intent: Intent | None = None
    understand_ms: float = 0.0


@dataclass(slots=True)
class Exchange:
    """One thing the reader did and all that Dauys answered to it."""

    understood: Understood
    turns: list[Turn] = field(default_factory=list)
    act_ms: float = 0.0
    """Time spent on the library's answers."""

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for turn in self.turns for line in turn.say)

    @property
    def context(self) -> DialogueContext:
        return self.turns[-1].context

    @property
    def expects(self) -> ExpectedInput:
        return self.turns[-1].expects

    @property
    def records(self) -> tuple[Record, ...]:
        return next((turn.records for turn in reversed(self.turns) if turn.records), ())

    @property
    def booking(self) -> Booking | None:
        return next((turn.booking for turn in reversed(self.turns) if turn.booking), None)

    @property
    def controls(self) -> frozenset[Control]:
        return frozenset(control for turn in self.turns for control in turn.controls)


def event_of(
    decision: Decision, confidence: float | None, *, over_speech: bool = False
) -> Said | Unsure | TurnedDown | NotUnderstood:
    """Return a decision as the dialogue takes it; `confidence` is that of the words, None for typed ones."""
    text = decision.hypothesis.text
    match decision.act:
        case Do(intents):
            return Said(intents[0], confidence, decision.alternatives, over_speech, intents[1:])
        case AskWhich(intents):
            return Unsure(intents, text, confidence)
        case OfferLibrarian():
            return TurnedDown(RefusalReason.LIBRARIAN, text, confidence, over_speech)
        case Refuse(RefusalReason.NOT_UNDERSTOOD, True):
            return NotUnderstood(text, confidence)
        case Refuse(reason):
            return TurnedDown(reason, text, confidence, over_speech)
    assert_never(decision.act)


def _agreeing(state: DialogueState) -> frozenset[str]:
    """Intents that name what a yes would do at `state`."""
    if isinstance(state, Confirm):
        return AGREES[type(state.command)]
    return frozenset({state.intent.name}) if isinstance(state, Doubt) else frozenset()


class DialogueSession:
    """Holds the conversation's state between events. One event at a time. A mistake in the program is said to the
    reader and counted; it ends no conversation."""

    def __init__(
        self,
        context: DialogueContext,
        errands: CommandExecutor,
        phrasebook: Phrasebook,
        clock: Clock,
        *,
        decider: Decider | None = None,
        count: Callable[[str], None] = lambda kind: None,
        title_weight: Callable[[str], float] = no_title,
        topic_of: TopicOf = no_topic,
        reading_room: ReadingRoom | None = None,
    ) -> None:
        """`decider` decides what words come to; without one the phrasebook does alone. `count` counts faults: HANDLER
        or COMMAND. `title_weight` says how well the catalogue knows words without
        a request, 0 to 1; `topic_of` which question about the library staff have given words as an example of.
        `reading_room` keeps places in books."""
        self.context = context
        self._count = count
        self._title_weight = title_weight
        self._topic_of = topic_of
        self._clock = clock
        self._errands = errands
        self._places = PlaceKeeper(reading_room)
        self._decider = decider or Decider(phrasebook)

    def understand(self, hypotheses: Sequence[Hypothesis], *, over_speech: bool = False) -> Understood:
        """The event that belongs to what was heard; several hypotheses are weighed together.

        `over_speech`: Dauys itself was speaking.
        """
        started = time.perf_counter()
        try:
            decision = self._decide(hypotheses)
        except Exception as error:
            return self._not_read(hypotheses[0].text, error)
        if decision is None:
            return Understood(NotUnderstood())
        chosen = decision.hypothesis
        event = event_of(decision, chosen.confidence, over_speech=over_speech)
        intent = event.intent if isinstance(event, Said) else None
        elapsed = (time.perf_counter() - started) * 1000
        language = intent.language if intent else chosen.language
        return Understood(event, chosen.text, language, chosen.confidence, intent, elapsed)

    def understand_text(self, text: str) -> Understood:
        """The event that belongs to typed words, which are certain."""
        started = time.perf_counter()
        try:
            decision = self._decide((Hypothesis(text, self.context.language, 1.0),))
        except Exception as error:
            return self._not_read(text, error)
        event = event_of(decision, None) if decision else NotUnderstood(text)
        intent = event.intent if isinstance(event, Said) else None
        elapsed = (time.perf_counter() - started) * 1000
        return Understood(event, text, intent.language if intent else None, None, intent, elapsed)

    def _decide(self, readings: Sequence[Hypothesis]) -> Decision | None:
        """One decision from all readings, for the place where the reader is."""
        state = self.context.state
        # Where a number or a yes is awaited, a title said alone has no meaning.
        weight = self._title_weight if state.expects is ExpectedInput.SPEECH else no_title
        command = type(state.command).__name__ if isinstance(state, Confirm) else ""
        situation = Situation(
            state_name(state.name, command),
            str(state.expects),
            self.context.language,
            confirms=isinstance(state, Confirm | Doubt),
            agrees=_agreeing(state),
            takes_words=state.takes_words and not state.takes_names,
            takes_names=state.takes_names,
            takes_digits=state.takes_digits,
            says_when=lambda text: state.expects is ExpectedInput.SLOT and says_when(text, self.context.now),
            labelled=labelled,
            cost_of=lambda name: cost_of(self.context, name),
        )
        decision = self._decider.decide(readings, situation, weight)
        return decision and self._decider.named_book_first(decision, situation)

    def _not_read(self, text: str, error: Exception) -> Understood:
        """The phrasebook failed with these words."""
        log.error("words could not be read at %s: %s", self.context.name, cause_of(error))
        self._count(HANDLER)
        return Understood(Broke(), text)

    async def handle(self, event: Event) -> AsyncIterator[Turn]:
        """The turns that answer `event`: the first at once, one more after every errand. Does not fail: what breaks is
        an event of its own."""
        follow_changes()
        event = await as_own_question(event, self.context, self._topic_of)
        for _ in range(MOST_ASKS):
            turn = self._step(event)
            self.context = turn.context
            self._places.keep(turn.context)
            yield turn
            if turn.command is None:
                return
            event = await self._done(turn.command)
        log.error("the conversation asks without end, at %s", self.context.name)
        self._count(HANDLER)
        turn = self._apology()
        self.context = turn.context
        yield turn

    def _step(self, event: Event) -> Turn:
        """The answer to `event`; when a handler fails, an apology and the last place, or a librarian."""
        try:
            return step(self.context, event, self._clock())
        except Exception as error:
            log.error("no answer to %s at %s: %s", type(event).__name__, self.context.name, cause_of(error))
            self._count(HANDLER)
        try:
            return step(self.context, Broke())
        except Exception as error:
            log.error("the place %s cannot be returned to: %s", self.context.name, cause_of(error))
            return self._apology()

    def _apology(self) -> Turn:
        """Sorry, and back to the beginning: made without any handler."""
        context = replace(self.context, state=Start(), trail=(), basket=(), faults=self.context.faults + 1)
        say = (prompt(context, "error.broke"),)
        return Turn(replace(context, said=say), say, expects=context.state.expects)

    async def _done(self, ask: AnyCommand) -> Event:
        """Return what became of `ask`. A mistake in a command has a sentence of its own."""
        try:
            event: Answered | Failed = await self._errands.do(ask)
        except Exception as error:
            log.error("%s broke off: %s", type(ask).__name__, cause_of(error))
            event = Failed(ask, LibraryError.prompt)
        if isinstance(event, Failed) and event.prompt == LibraryError.prompt:
            self._count(COMMAND)
            return Broke(event)
        return event

    async def exchange(self, understood: Understood) -> Exchange:
        """Handle an event to its end and collect the answer."""
        exchange = Exchange(understood)
        started = time.perf_counter()
        async for turn in self.handle(understood.event):
            exchange.turns.append(turn)
        exchange.act_ms = (time.perf_counter() - started) * 1000
        return exchange

    async def finish(self) -> None:
        """Let changes under way come to their end."""
        await self._errands.finish()
        await self._places.finish()

    def follow(self, lines: Sequence[Line]) -> None:
        """Note which sentence of a book is heard now: the last of `lines`. Cheap, for it is called with every frame."""
        if lines and self.context.state.reads_aloud and (sentence := lines[-1].record) is not None:
            state = self.context.state.reached(sentence)
            if state != self.context.state:
                self.context = replace(self.context, state=state)
                self._places.keep(self.context)

    def greet_in(self, language: str) -> None:
        """Begin in the language in which the reader spoke first."""
        self.context = replace(self.context, language=language)

    def prefer(self, change: Callable[[Preferences], Preferences]) -> None:
        """Change how this reader is answered, by a key rather than by words."""
        self.context = replace(self.context, preferences=change(self.context.preferences))
