"""The names of themes in three languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def theme_names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return theme key -> language -> its names, the one that is said to readers first."""
    table = tomllib.loads((files("catalogue_client.works") / "themes.toml").read_text(encoding="utf-8"))
    return {key: {language: tuple(words) for language, words in names.items()} for key, names in table.items()}


@cache
def theme_groups() -> tuple[tuple[str, ...], ...]:
    """Return for each theme all its names in all languages."""
    return tuple(
        tuple(dict.fromkeys(word for words in names.values() for word in words)) for names in theme_names().values()
    )


def theme_words(key: str) -> tuple[str, ...]:
    """Return all names of one theme. Raises KeyError."""
    return tuple(dict.fromkeys(word for words in theme_names()[key].values() for word in words))
