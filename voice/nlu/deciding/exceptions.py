"""What is said to be left out: "all but the first", "кроме пятницы", "біріншісінен басқа" name what is not meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from languages.tokens import fold, tokens

FROM = ("нан", "нен", "дан", "ден", "тан", "тен")
"""How a Kazakh word ends before "басқа" when that leaves it out; alone "басқа" is another one."""


class Exceptions:
    """Knows the words that leave something out."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        """`lists`: `excepting`, folded wordings joined by "_", and `excepting_after`, as in phrases/talk.toml."""
        self._wordings = [wording.split("_") for wording in lists["excepting"]]
        self._after = frozenset(lists["excepting_after"])

    def leaves_out(self, text: str) -> bool:
        """Whether `text` leaves something out."""
        keys = [fold(word) for word in tokens(text)]
        said = any(keys[at : at + len(each)] == each for each in self._wordings for at in range(len(keys)))
        return said or any(key in self._after and before.endswith(FROM) for before, key in pairwise(keys))
