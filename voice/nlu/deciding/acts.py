"""What the decision is given and what it comes to: where the reader is, and one of four acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice.values.change_policy import Cost
from voice.values.intents import Intent
from voice.values.refusals import RefusalReason
from voice.values.utterances import Hypothesis

TitleWeight = Callable[[str], float]


def no_title(text: str) -> float:
    """Where a title means nothing."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the reader is when she says it."""

    state: str = "start"
    """The name of the dialogue state, as JSON calls it."""
    awaited: str = ""
    """The name of the command that a yes would send, or of what else is awaited; "" for nothing of that kind."""
    language: str = "kk"
    confirms: bool = False
    """A read-back or a question waits for yes or no."""
    agrees: frozenset[str] = frozenset()
    """Intents that name what a yes would do: to say so is no objection."""
    takes_words: bool = False
    """Any words are an answer: a note, a name, letters."""
    takes_names: bool = False
    """Words without an intent are looked up in a short list, such as that of places."""
    takes_digits: bool = False
    """Digits are an answer, whatever stands beside them."""
    says_when: Callable[[str], bool] = lambda text: False
    """Whether words say nothing but a day or a time, where one is awaited."""
    labelled: Callable[[str], Intent | None] = lambda text: None
    """What Dauys itself calls an intent -> the intent; None for other words."""
    cost_of: Callable[[str], Cost] = lambda name: Cost.LEADS
    """Intent -> what it costs when it was not meant."""


@dataclass(frozen=True, slots=True)
class Do:
    """Carry these out, one after the other."""

    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class AskWhich:
    """Ask which of two is meant."""

    intents: tuple[Intent, Intent]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Say what was wrong with the words and what can be said."""

    reason: RefusalReason
    may_be_title: bool = False
    """The words are looked up as a title as far as the catalogue knows one like them; else only to the letter."""


@dataclass(frozen=True, slots=True)
class OfferLibrarian:
    """Offer a person, with the words as a note."""


Act = Do | AskWhich | Refuse | OfferLibrarian


@dataclass(frozen=True, slots=True)
class Decision:
    """What an utterance comes to."""

    act: Act
    hypothesis: Hypothesis
    """The reading that it comes from."""
    alternatives: tuple[str, ...] = ()
    """Free words of other readings of the same intent, best first."""
