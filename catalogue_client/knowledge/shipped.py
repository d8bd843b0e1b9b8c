"""What ships with the program: shipped.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue_client.errors import StorageError
from languages.codes import LANGUAGES

SHIPPED = Path(__file__).with_name("shipped.toml")

Texts = Mapping[str, str]
"""Language code -> text, in every language."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The whole file."""

    answers: Mapping[str, Texts]
    """By topic."""
    days: Mapping[str, Texts]
    """Names of holidays by "MM-DD"."""


def load_shipped(path: Path = SHIPPED) -> Shipped:
    """Return what `path` holds. Raises StorageError, naming the mistake, when it is not such a file."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        answers, days = tables["answers"], tables["days"]
        for name, texts in (*answers.items(), *days.items()):
            if set(texts) != set(LANGUAGES) or not all(
                isinstance(text, str) and text.strip() for text in texts.values()
            ):
                raise ValueError(f"{name}: a sentence is needed in each of {', '.join(LANGUAGES)}")
        return Shipped(answers, days)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, AttributeError, ValueError) as error:
        raise StorageError(f"the answers {path} cannot be used: {error}. Mend the file; nothing was changed") from error


@cache
def shipped() -> Shipped:
    """Return what shipped.toml holds. Raises StorageError."""
    return load_shipped()
