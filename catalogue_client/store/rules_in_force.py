"""Rules as the library's own file says them now: changed without a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from catalogue_client.errors import StorageError

T = TypeVar("T")
log = logging.getLogger(__name__)


class RulesInForce(Generic[T]):
    """Gives the rules. A file with a mistake is named in the log and changes nothing."""

    def __init__(
        self, file: Path, load: Callable[[], T], hindrance: Callable[[T, T], str] = lambda before, after: ""
    ) -> None:
        """`load` reads the rules, of `file` where there is one; it raises StorageError. `hindrance` says why the second
        rules cannot take the place of the first while Dauys runs; "" when they can. Raises what `load` raises."""
        self._file = file
        self._load = load
        self._hindrance = hindrance
        self._seen = self._stamp()
        self._rules = load()

    def __call__(self) -> T:
        """Return the rules that are in force now. Never fails."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._take_over()
        return self._rules

    def _take_over(self) -> None:
        try:
            new = self._load()
        except StorageError as error:
            log.error("the rules are those from before the last change: %s", error)
            return
        if why := self._hindrance(self._rules, new):
            log.error("the rules of %s are those from before its last change: %s", self._file, why)
            return
        self._rules = new
        log.warning("the rules of %s were changed", self._file)

    def _stamp(self) -> tuple[int, int] | None:
        """When the file was last written, and its size; None without one."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
