"""The rules of home delivery as the library's file says them now: changed without a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from catalogue_client.delivery.delivery_policy import OWN_FILE, DeliveryPolicy
from catalogue_client.errors import StorageError

log = logging.getLogger(__name__)


class DeliveryRulesInForce:
    """Gives the rules. A file with a mistake is named in the log and changes nothing; who carries for the library is
    connected at the start, so that alone needs a new one."""

    def __init__(self, home: Path, load: Callable[[Path], DeliveryPolicy]) -> None:
        """`load` reads the rules that `home` holds, as load_delivery_policy does. Raises what it raises."""
        self._file = home / OWN_FILE
        self._home = home
        self._load = load
        self._seen = self._stamp()
        self._rules = load(home)

    def __call__(self) -> DeliveryPolicy:
        """Return the rules that are in force now. Never fails."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._take_over()
        return self._rules

    def _take_over(self) -> None:
        try:
            new = self._load(self._home)
        except StorageError as error:
            log.error("the delivery rules are those from before the last change: %s", error)
            return
        if _outside(new) != _outside(self._rules):
            log.error("the delivery rules name other couriers: they come into force with the next start")
            return
        self._rules = new
        log.warning("the delivery rules were changed")

    def _stamp(self) -> tuple[int, int] | None:
        """When the file was last written, and its size; None without one."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def _outside(rules: DeliveryPolicy) -> tuple[object, ...]:
    return tuple(courier for courier in rules.couriers if not courier.is_library)
