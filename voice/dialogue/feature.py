"""What a feature of the dialogue gives to the registry: its states, handlers, sentences, answers and failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from voice.dialogue.commands import Answer, AnyCommand
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.turn import Transition
from voice.values.intents import Intent
from voice.values.lines import Line

Handler = Callable[[DialogueContext, Intent], Transition | None]
"""Answers an intent; None leaves it to the handlers that come after."""
KeyHandler = Callable[[DialogueContext, str], Transition]
"""Takes a telephone key where keys are digits or letters."""
AnswerHandler = Callable[[DialogueContext, AnyCommand, Answer], Transition]
"""Takes what the library answered to a command."""
FailureHandler = Callable[[DialogueContext, Failed, Line], Transition | None]
"""Goes on after a command that failed, given the sentence for it; None leaves it at the sentence."""
Content = Callable[[DialogueContext], tuple[Line, ...]]
"""What stands at a state; its question follows."""


@dataclass(frozen=True, slots=True)
class On:
    """A handler as it is registered."""

    handler: Handler
    needs_reader: bool = False
    """Without a reader's ticket the intent waits until ticket and PIN have been given."""


Handlers = Mapping[str, Handler | On]
"""Name of the intent -> who answers it; "*" takes what no other handler of the state does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature. Several may add to one state; no two may answer the same intent there."""

    everywhere: Handlers = field(default_factory=dict)
    """Global commands: answered before the state is asked."""
    states: Mapping[type[DialogueState], Handlers] = field(default_factory=dict)
    anywhere: Handlers = field(default_factory=dict)
    """Answered where the state has no answer of its own."""
    content: Mapping[type[DialogueState], Content] = field(default_factory=dict)
    keys: Mapping[type[DialogueState], KeyHandler] = field(default_factory=dict)
    leaves_for: Mapping[type[DialogueState], Callable[[Intent], bool]] = field(default_factory=dict)
    """States whose "*" takes any words, but which are left for an `anywhere` intent that is surely meant."""
    answers: Mapping[type[AnyCommand], AnswerHandler] = field(default_factory=dict)
    failures: Mapping[type[AnyCommand], FailureHandler] = field(default_factory=dict)
    bare: KeyHandler | None = None
    """Takes words without an intent where they may be a title said alone; one feature has it."""
