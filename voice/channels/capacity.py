"""How many calls are answered at once, by whatever way they come, and whose. One for the process."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from voice.channels.descriptors import FOR_A_CALL, descriptors_left

RETRY_AFTER_S = 20
"""When a caller too many may try again."""
NOBODY = frozenset({"", "anonymous", "unknown", "unavailable", "restricted", "private"})
"""Names of callers that are no one's: withheld numbers (RFC 3323) share one."""
PATIENCE_S = 2.0
"""Seconds after which a call that its own side has not confirmed gives way to another, where there is no room."""
LEAST_UNCONFIRMED = 8
"""One host may hold half of the lines with calls that it has not confirmed, and so many at least: a burst."""

log = logging.getLogger(__name__)


class Seat:
    """A call that is let in."""

    def __init__(self, capacity: Capacity, host: str, caller: str) -> None:
        self._capacity = capacity
        self.host = host
        self.caller = caller
        self.network = network_of(host)
        self.confirmed = False
        """The caller's side has said that the call stands."""
        self.since = capacity.clock()
        """Monotonic seconds."""
        self.on_closing: Callable[[], None] = lambda: None
        """Is called when Dauys is about to end."""
        self.on_given_away: Callable[[], None] = lambda: None
        """Is called when this call is to end because nobody has confirmed it and others wait."""

    def confirm(self) -> None:
        """The call stands. Harmless when repeated."""
        self.confirmed = True

    def leave(self) -> None:
        """The call is over. Harmless when repeated."""
        self._capacity.left(self)


class Capacity:
    """Lets calls in while there is room."""

    def __init__(
        self,
        most: int,
        *,
        most_per_caller: int = 0,
        most_per_network: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """0 is no limit of its own. A network is an IPv4 /24 or an IPv6 /64; all calls of an exchange are of one."""
        self.clock = clock
        self.most = most
        """Calls at once."""
        self._most_per_caller = most_per_caller
        self._most_per_network = most_per_network
        self._seats: list[Seat] = []
        self.refused = 0
        """Calls that found no room since the start."""
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def calls(self) -> int:
        return len(self._seats)

    def seat(self, host: str, caller: str = "") -> Seat | None:
        """Let a call in that comes from this host; None when there is no room for it. `caller` is a number or SIP
        address."""
        seat = Seat(self, host, caller_of(caller))
        has_share = not self._closing and self._has_share(seat) and _has_files()
        if not has_share or (len(self._seats) >= self.most and not self._give_away()):
            self.refused += 1
            return None
        self._seats.append(seat)
        self._empty.clear()
        return seat

    def knows_caller(self, seat: Seat, caller: str) -> bool:
        """The number of a call that is in has become known: whether it may stay."""
        name = caller_of(caller)
        stays = self._under(self._most_per_caller, sum(each.caller == name for each in self._seats), name not in NOBODY)
        seat.caller = name
        return stays

    def _give_away(self) -> bool:
        late = [seat for seat in self._seats if not seat.confirmed and self.clock() - seat.since > PATIENCE_S]
        for seat in late[:1]:
            seat.leave()
            seat.on_given_away()
        return bool(late)

    def _has_share(self, seat: Seat) -> bool:
        unconfirmed = sum(each.host == seat.host and not each.confirmed for each in self._seats)
        return (
            unconfirmed < max(LEAST_UNCONFIRMED, self.most // 2)
            and self._under(
                self._most_per_caller,
                sum(each.caller == seat.caller for each in self._seats),
                seat.caller not in NOBODY,
            )
            and self._under(self._most_per_network, sum(each.network == seat.network for each in self._seats), True)
        )

    @staticmethod
    def _under(most: int, calls: int, counts: bool) -> bool:
        return not most or not counts or calls < most

    def left(self, seat: Seat) -> None:
        if seat in self._seats:
            self._seats.remove(seat)
        if not self._seats:
            self._empty.set()

    def close(self) -> None:
        """Let nobody in any more, and tell those who are."""
        self._closing = True
        for seat in list(self._seats):
            seat.on_closing()

    async def emptied(self) -> None:
        """Returns when the last call has ended."""
        await self._empty.wait()


def capacity_of(calls: int | Capacity) -> Capacity:
    """A capacity of so many calls, or the one that several entrances share."""
    return calls if isinstance(calls, Capacity) else Capacity(calls)


def caller_of(address: str) -> str:
    """Who calls: the user of a SIP address or a number, "" for nobody in particular."""
    user = re.sub(r"^(sips?|tel):", "", address.strip(), flags=re.IGNORECASE).partition("@")[0].partition(";")[0]
    return "" if user.lower() in NOBODY else user


def network_of(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return str(ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))


def _has_files() -> bool:
    """Whether this process may open the files and sockets of another call: answered without, it would be silent."""
    left = descriptors_left()
    if left >= FOR_A_CALL:
        return True
    log.error("A call was refused: only %d more files can be opened. Raise LimitNOFILE (ulimit -n).", left)
    return False
