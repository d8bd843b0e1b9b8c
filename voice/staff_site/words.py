"""The words of the staff site in Kazakh, Russian and English: words/<language>.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files

from languages.letters import KAZAKH_ONLY

LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Code -> name of the language in itself."""
Say = Callable[..., str]
"""say("page.title", count=3) is the sentence; say(key) of an unknown key raises KeyError."""


def load_words() -> dict[str, Mapping[str, str]]:
    """Language -> key ("table.name") -> sentence with {placeholders}."""
    folder = files("voice.staff_site").joinpath("words")
    return {
        language: dict(_flat("", tomllib.loads(folder.joinpath(f"{language}.toml").read_text(encoding="utf-8"))))
        for language in LANGUAGES
    }


def preferred(accept: str, otherwise: str) -> str:
    """The first of our languages in an Accept-Language header (RFC 9110, section 12.5.4; weights are in order)."""
    for language in re.findall(r"(?:^|,)\s*([a-z]{2})\b", accept.lower()):
        if language in LANGUAGES:
            return str(language)
    return otherwise


def tongue(text: str) -> str:
    """The language that a title or phrase is read out in, by its letters: Kazakh only has some of its own."""
    letters = text.casefold()
    if re.search(f"[{KAZAKH_ONLY}]", letters):
        return "kk"
    return "ru" if re.search("[а-яё]", letters) else "en"


def speaker(words: Mapping[str, str]) -> Say:
    """`say` for one language."""

    def say(key: str, **values: object) -> str:
        return words[key].format(**values)

    return say


def _flat(prefix: str, table: Mapping[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            pairs += _flat(f"{prefix}{key}.", value)
        else:
            pairs.append((prefix + key, str(value)))
    return pairs
