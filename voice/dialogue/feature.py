"""What a feature of the dialogue gives to the registry: its states, handlers, sentences, answers and failures.

A handler takes its own state, an answer its own command: `for_state`, `answer_to` and `failure_of` are where that is
checked, so that no handler has to ask what it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Concatenate, Generic, ParamSpec, TypeVar

from voice.dialogue.commands import Answer, AnyCommand
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent
from voice.values.lines import Line

S = TypeVar("S", bound=DialogueState)
S_contra = TypeVar("S_contra", bound=DialogueState, contravariant=True)
C = TypeVar("C", bound=AnyCommand)
A = TypeVar("A")
T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

Handler = Callable[[DialogueContext, S, Intent], Transition | None]
"""Answers an intent at a state; None leaves it to the handlers that come after."""
KeyHandler = Callable[[DialogueContext, S, str], Transition]
"""Takes a telephone key where keys are digits or letters."""
Content = Callable[[DialogueContext, S], tuple[Line, ...]]
"""What stands at a state; its question follows."""
AnswerHandler = Callable[[DialogueContext, C, A], Transition]
"""Takes what the library answered to a command."""
FailureHandler = Callable[[DialogueContext, C, Failed, Line], Transition | None]
"""Goes on after a command that failed, given the sentence for it; None leaves it at the sentence."""


@dataclass(frozen=True, slots=True)
class On(Generic[S_contra]):
    """A handler as it is registered."""

    handler: Handler[S_contra]
    needs_reader: bool = False
    """Without a reader's ticket the intent waits until ticket and PIN have been given."""
    cost: Cost | None = None
    """What it costs at this state, where that is not what it costs elsewhere (Feature.costs)."""


Handlers = Mapping[str, Handler[S] | On[S]]
"""Name of the intent -> who answers it; "*" takes what no other handler of the state does."""


@dataclass(frozen=True, slots=True)
class StateEntry:
    """What one feature adds to one state. The handlers take any state and accept only that one."""

    state: type[DialogueState]
    handlers: Mapping[str, On[DialogueState]]
    content: Content[DialogueState] | None
    keys: KeyHandler[DialogueState] | None
    leaves_for: Callable[[Intent], bool] | None


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """Who takes the answer to one command."""

    command: type[AnyCommand]
    handler: AnswerHandler[AnyCommand, Answer]


@dataclass(frozen=True, slots=True)
class FailureEntry:
    """Who goes on after one command that failed."""

    command: type[AnyCommand]
    handler: FailureHandler[AnyCommand]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature. Several may add to one state; no two may answer the same intent there."""

    everywhere: Handlers[DialogueState] = field(default_factory=dict)
    """Global commands: answered before the state is asked."""
    states: tuple[StateEntry, ...] = ()
    anywhere: Handlers[DialogueState] = field(default_factory=dict)
    """Answered where the state has no answer of its own."""
    costs: Mapping[str, Cost] = field(default_factory=dict)
    """Name of the intent -> what it costs wherever it is said; Cost.LEADS for what no feature names."""
    answers: tuple[AnswerEntry, ...] = ()
    failures: tuple[FailureEntry, ...] = ()
    bare: Callable[[DialogueContext, str], Transition] | None = None
    """Takes words without an intent where they may be a title said alone; one feature has it."""


def for_state(
    state: type[S],
    handlers: Handlers[S],
    *,
    content: Content[S] | None = None,
    keys: KeyHandler[S] | None = None,
    leaves_for: Callable[[Intent], bool] | None = None,
) -> StateEntry:
    """Return what a feature adds to `state`.

    `leaves_for` is for a state whose "*" takes any words: it is left for an `anywhere` intent that is surely meant.
    """
    return StateEntry(
        state,
        {name: _narrowed_on(state, on if isinstance(on, On) else On(on)) for name, on in handlers.items()},
        _narrowed(state, content) if content else None,
        _narrowed(state, keys) if keys else None,
        leaves_for,
    )


def _narrowed_on(state: type[S], on: On[S]) -> On[DialogueState]:
    return On(_narrowed(state, on.handler), on.needs_reader, on.cost)


def answer_to(command: type[C], narrow: Callable[[Answer], A], handler: AnswerHandler[C, A]) -> AnswerEntry:
    """Return who takes the answer to `command`, once `narrow` has found it to be of the command's kind."""

    def taken(context: DialogueContext, command: C, answer: Answer) -> Transition:
        return handler(context, command, narrow(answer))

    return AnswerEntry(command, _narrowed(command, taken))


def failure_of(command: type[C], handler: FailureHandler[C]) -> FailureEntry:
    """Return who goes on after a `command` that failed."""
    return FailureEntry(command, _narrowed(command, handler))


def one(kind: type[T]) -> Callable[[Answer], T]:
    """Return what accepts one `kind` as an answer and nothing else."""

    def narrow(answer: Answer) -> T:
        assert isinstance(answer, kind)
        return answer

    return narrow


def one_if_any(kind: type[T]) -> Callable[[Answer], T | None]:
    """Return what accepts None beside one `kind`."""
    accept = one(kind)
    return lambda answer: None if answer is None else accept(answer)


def each(kind: type[T]) -> Callable[[Answer], tuple[T, ...]]:
    """Return what accepts any number of `kind`, also none, as an answer."""

    def narrow(answer: Answer) -> tuple[T, ...]:
        assert isinstance(answer, tuple)
        items = tuple(item for item in answer if isinstance(item, kind))
        assert len(items) == len(answer)
        return items

    return narrow


def each_if_any(kind: type[T]) -> Callable[[Answer], tuple[T, ...] | None]:
    """Return what accepts None beside any number of `kind`."""
    accept = each(kind)
    return lambda answer: None if answer is None else accept(answer)


def nothing(answer: Answer) -> None:
    """Accept the answer of a command that only has to be done."""
    assert answer is None


def _narrowed(
    kind: type[T], take: Callable[Concatenate[DialogueContext, T, P], R]
) -> Callable[Concatenate[DialogueContext, object, P], R]:
    def taken(context: DialogueContext, given: object, /, *args: P.args, **kwargs: P.kwargs) -> R:
        assert isinstance(given, kind), f"{kind.__name__} expected, not {type(given).__name__}"
        return take(context, given, *args, **kwargs)

    return taken
