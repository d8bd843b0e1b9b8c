"""The languages that Dauys speaks, by their ISO 639-1 codes; nothing else in the repository lists them."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["kk", "ru", "en"]
"""Kazakh, Russian or English."""

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Every language, in the order in which they are offered."""
