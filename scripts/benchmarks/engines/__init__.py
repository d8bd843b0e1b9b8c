"""The search engines that are compared, each over the same rows and asked with the same spoken text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""Of the table of records, as the generator makes it."""
Search = Callable[[str], Sequence[int]]
"""A spoken text -> positions of rows, best first, ten at most."""


def nothing() -> None:
    """For engines that end with this process."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine, ready to answer."""

    search: Search
    files: Path
    """The folder of what it keeps on the disk."""
    server: int | None = None
    """The process that answers, where that is not this one."""
    stop: Callable[[], None] = nothing


Build = Callable[[Sequence[Row], Path], Engine]
"""(rows, an empty folder) -> the engine. Raises ImportError or FileNotFoundError where it is not installed."""


def numbered(rows: Sequence[Row]) -> list[tuple[int, str, str]]:
    """(position, title, author) of every row."""
    return [(number, row["title"], row["author"]) for number, row in enumerate(rows)]
