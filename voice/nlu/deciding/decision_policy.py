"""The policy of the decision: costs in turns, and how much each reader of words is believed; see decision.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """What is weighed against acting. Costs are in turns of the reader, probabilities 0 to 1.

    How probable an act must be, and what a wrong one costs, says voice.values.change_policy.
    """

    turns: Mapping[str, float]
    """question, neither, refused, refused_talk, person_in_vain."""
    likelihood: Mapping[str, float]
    """By how much a phrase makes its intent likelier, by its kind: phrase, find, free, bare, part, and title."""
    least: Mapping[str, float]
    """Least probabilities: model, offered, searched, talk; and unseen, a share."""
    readings: int
    """Readings of one utterance that the model reads."""
    slow_ms: float
    """Milliseconds after which a reading of the model was too slow."""
    slow_in_a_row: int
    """Slow readings after which the model is asked no more."""
    most_requests: int
    """Requests of one utterance that are carried out."""
    contradicting: frozenset[frozenset[str]]
    """Pairs of intents of which nobody means both."""
    amending: frozenset[str]
    """Intents with which a yes before them is none."""
    contrary: frozenset[str]
    """Intents of which one word in a sentence keeps it from being a yes."""
    denied: frozenset[str]
    """Intents of which "do not" says that they shall not be done."""
    denied_at_once: frozenset[str]
    """Those of them that are denied only by the word right before."""
    leaving_out: frozenset[str]
    """Intents that are not carried out while something is left out."""
    denied_settings: frozenset[str]
    """Intents that are denied only where nothing but a negation stands beside them."""

    def contradicts(self, first: str, second: str) -> bool:
        """Whether nobody means both."""
        return frozenset({first, second}) in self.contradicting


@cache
def load_policy() -> DecisionPolicy:
    """Return the policy of decision.toml."""
    table = tomllib.loads((files("voice.nlu.deciding") / "decision.toml").read_text(encoding="utf-8"))
    return DecisionPolicy(
        table["turns"],
        table["likelihood"],
        table["least"],
        table["model"]["readings"],
        table["model"]["slow_ms"],
        table["model"]["slow_in_a_row"],
        table["several"]["most"],
        frozenset(frozenset(pair) for pair in table["several"]["contradicting"]),
        frozenset(table["several"]["amending"]),
        frozenset(table["several"]["contrary"]),
        frozenset(table["denied"]["intents"]),
        frozenset(table["denied"]["at_once"]),
        frozenset(table["excepted"]["intents"]),
        frozenset(table["denied"]["settings"]),
    )
