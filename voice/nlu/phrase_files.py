"""Reads phrases/*.toml: sets, slot values and intents, and the words that are left out or mean other talk."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from languages.codes import LANGUAGES
from languages.tokens import fold
from voice.nlu.automaton import Wordings
from voice.nlu.templates import Choice, TemplateError, TemplateNode, parse

KEYS = (*LANGUAGES, "any")
"""Keys of an entry: a language, or every one."""


@dataclass(slots=True)
class PhraseFiles:
    """Everything that the phrase files say."""

    sets: dict[str, Wordings] = field(default_factory=dict)
    values: dict[str, dict[str, Wordings]] = field(default_factory=dict)
    """Slot -> value -> wordings."""
    intents: dict[str, Wordings] = field(default_factory=dict)
    expects: dict[str, frozenset[str]] = field(default_factory=dict)
    """What is awaited -> intents that may come."""
    lists: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """fillers, sounds, negations, edges, elsewhere: folded word -> its languages."""

    @classmethod
    def load(cls) -> PhraseFiles:
        """Raises TemplateError, with the file's name, when a file says something that cannot be read."""
        vocabulary = cls()
        folder = files(__package__).joinpath("phrases")
        endings = tomllib.loads(folder.joinpath("endings.toml").read_text(encoding="utf-8"))["endings"]
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".toml"):
                try:
                    vocabulary._take(tomllib.loads(file.read_text(encoding="utf-8")), endings)
                except (TemplateError, tomllib.TOMLDecodeError) as error:
                    raise TemplateError(f"{file.name}: {error}") from error
        return vocabulary

    def _take(self, table: dict[str, Any], endings: Mapping[str, str]) -> None:
        for heading, entries in table.items():
            match heading:
                case "sets":
                    self.sets |= {name: _wordings(entry, endings) for name, entry in entries.items()}
                case "values":
                    for slot, values in entries.items():
                        known = self.values.setdefault(slot, {})
                        known |= {value: _wordings(entry, endings) for value, entry in values.items()}
                case "intents":
                    self.intents |= {name: _wordings(entry, endings) for name, entry in entries.items()}
                case "endings":
                    pass
                case "expects":
                    self.expects |= {name: frozenset(intents.split()) for name, intents in entries.items()}
                case _:
                    words = self.lists.setdefault(heading, {})
                    for language, text in entries.items():
                        for word in text.split():
                            words.setdefault(fold(word), set()).add(language)


def _wordings(entry: dict[str, Any], endings: Mapping[str, str]) -> Wordings:
    wordings: dict[str, list[TemplateNode]] = {}
    for language, lines in entry.items():
        if language not in KEYS:
            raise TemplateError(f"“{language}” is no language; there are {', '.join(KEYS)}.")
        nodes = wordings.setdefault(language, [])
        for text in [lines] if isinstance(lines, str) else lines:
            node = parse(text, endings)
            nodes.extend(node.parts if isinstance(node, Choice) else [node])
    return wordings
