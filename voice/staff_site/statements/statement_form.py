"""What the forms of answers, days and places share: a sentence in three languages, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from catalogue_client.knowledge.errors import BadStatement, ChangedMeanwhile
from voice.staff_site.pages import VISITOR, Mistake
from voice.staff_site.words import LANGUAGES, Say

RIGHT = "answers"
"""Whoever has it may change what readers hear."""


def check_right(request: web.Request) -> None:
    """Raises HTTPForbidden unless the visitor may change what readers hear."""
    account = request[VISITOR].account
    if account is None or not account.may(RIGHT):
        raise web.HTTPForbidden()


def typed(form: Mapping[str, Any], *names: str, longest: int = 2000) -> dict[str, str]:
    """Return what was typed into the fields, "" where nothing was; lines and spaces inside stay."""
    return {name: str(form.get(name, "")).strip()[:longest] for name in names}


def texts(values: Mapping[str, str], field: str) -> dict[str, str]:
    """Return the texts of the fields "<field>_<language>", by language."""
    return {language: values.get(f"{field}_{language}", "") for language in LANGUAGES}


def fields(*names: str) -> tuple[str, ...]:
    """Return the names of the fields of several texts in every language."""
    return tuple(f"{name}_{language}" for name in names for language in LANGUAGES)


def number_in(form: Mapping[str, Any], name: str) -> int:
    """Return the number of a version that a form carries; 0 for anything else."""
    text = str(form.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def mistake(error: BadStatement | ChangedMeanwhile, say: Say) -> Mistake:
    """Return the sentence for what is wrong."""
    if isinstance(error, ChangedMeanwhile):
        return Mistake("", say("statement.changed_meanwhile"))
    return Mistake(error.field, say(f"statement.{error.reason}", **error.values))
