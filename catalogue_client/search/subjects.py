"""Subjects in three languages: a reader who asks in Kazakh for books on ғарыш finds those catalogued under космос."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from catalogue_client.works.theme_names import theme_groups


@cache
def _groups() -> Mapping[str, tuple[str, ...]]:
    """Subject or theme of a work -> all words for it, itself included; for one that is both, those of both."""
    table = tomllib.loads((files("catalogue_client.search") / "subjects.toml").read_text(encoding="utf-8"))
    groups = {word: tuple(group) for group in table["subjects"] for word in group}
    for theme in theme_groups():
        for word in theme:
            groups[word] = tuple(dict.fromkeys((*groups.get(word, ()), *theme)))
    return groups


def subject_groups() -> tuple[tuple[str, ...], ...]:
    """Every subject with all words for it."""
    return tuple(dict.fromkeys(_groups().values()))


def in_all_languages(subjects: Iterable[str]) -> tuple[str, ...]:
    """The subjects and every other word for them, each once, in order."""
    return tuple(dict.fromkeys(word for subject in subjects for word in _groups().get(subject.lower(), (subject,))))


def subject_words() -> tuple[str, ...]:
    """Every word by which a subject can be asked for, for the recogniser."""
    return tuple(dict.fromkeys(part for word in _groups() for part in word.lower().replace("'", " ").split()))
