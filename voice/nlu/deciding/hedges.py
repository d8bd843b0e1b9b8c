"""A yes that is none: a question ("дұрыс па", "верно ли"), a doubt ("yes, maybe") or a put-off ("да, потом").

The phrasebook passes over such words as over a filler. Where a yes changes something they are the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from languages.tokens import fold, tokens
from voice.values.intents import Intent, IntentName


class Hedges:
    """Knows the words beside which a yes is none."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        """`lists`: `hedging`, folded wordings joined by "_", and `asking`, the particles that make a Kazakh question;
        as in phrases/talk.toml."""
        self._hedging = [wording.split("_") for wording in lists["hedging"]]
        self._asking = frozenset(lists["asking"])

    def hedged(self, text: str, exact: Intent) -> bool:
        """Whether `exact`, a yes or said after one, is no plain yes for the other words of `text`.

        A yes with its verb may be asked politely: "иә, ұзартып бересіз бе" is one.
        """
        if exact.name != IntentName.YES and not exact.agreed:
            return False
        keys = [fold(word) for word in tokens(text)]
        if exact.name == IntentName.YES and not self._asking.isdisjoint(keys[1:]):
            return True
        return any(keys[at : at + len(each)] == each for each in self._hedging for at in range(len(keys)))
