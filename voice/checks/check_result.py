"""One thing that was looked at and what was found, in the words of findings.toml."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A line of `dauys check` and of the page "What works"."""

    name: str
    """What was looked at: a word of the names in findings.toml, after it which one, such as `desk abai-1`."""
    works: bool
    needed: bool
    """Dauys cannot do its work by these settings without it."""
    key: str
    """Of the sentence: what was found, and what to do when it does not work."""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The result as an English sentence."""
        return self.said("en")

    def said(self, language: str) -> str:
        """The sentence in Kazakh (kk), Russian (ru) or English (en)."""
        return str(_words()[language][self.key]).format(**self.values)

    def title(self, language: str) -> str:
        """The name in that language."""
        word, _, which = self.name.partition(" ")
        return f"{_words()[language]['names'][word]} {which}".rstrip()


@functools.cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(files("voice.checks").joinpath("findings.toml").read_text(encoding="utf-8"))


def plainly(error: BaseException) -> str:
    """What a program below us says went wrong, without a full stop."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).strip().rstrip(".")
