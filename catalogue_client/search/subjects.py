"""Subjects in three languages: a reader who asks in Kazakh for books on ғарыш finds those catalogued under космос."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


@cache
def _groups() -> Mapping[str, tuple[str, ...]]:
    """Subject -> all words for it, itself included."""
    table = tomllib.loads((files("catalogue_client.search") / "subjects.toml").read_text(encoding="utf-8"))
    return {word: tuple(group) for group in table["subjects"] for word in group}


def subject_groups() -> tuple[tuple[str, ...], ...]:
    """Every subject with all words for it."""
    return tuple(dict.fromkeys(_groups().values()))


def in_all_languages(subjects: Iterable[str]) -> tuple[str, ...]:
    """The subjects and every other word for them, each once, in order."""
    return tuple(dict.fromkeys(word for subject in subjects for word in _groups().get(subject.lower(), (subject,))))


def subject_words() -> tuple[str, ...]:
    """Every word by which a subject can be asked for, for the recogniser."""
    return tuple(dict.fromkeys(part for word in _groups() for part in word.lower().replace("'", " ").split()))
