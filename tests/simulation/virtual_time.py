"""An event loop whose time passes only when nothing else is left to do: an hour of calls takes a moment, and the same
twice. Threads are no part of it: what the program gives to one is done on the spot.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock

Result = TypeVar("Result")

BEGINNING_S = 1000.0
"""Where the monotonic clock stands at first: 0 would be taken for "never" somewhere."""


class NothingLeft(BaseException):
    """Everybody waits, and nothing will ever happen."""


class _NoSelector(selectors.BaseSelector):
    """Waits for nothing but the time: passing it is all that happens."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return selectors.SelectorKey(fileobj, 0, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return selectors.SelectorKey(fileobj, 0, 0, None)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise NothingLeft
        self._loop.now += max(0.0, timeout)
        return []

    def get_map(self) -> Any:
        return {}

    def close(self) -> None:
        pass


class VirtualLoop(asyncio.SelectorEventLoop):
    """`now` is its time, in seconds. `before_thread` is called before work for a thread is done, and may raise."""

    def __init__(self) -> None:
        self.now = BEGINNING_S
        self.before_thread: Callable[[Callable[..., Any]], None] = lambda work: None
        self.expected: tuple[type[BaseException], ...] = ()
        """Of these it is well that nobody caught them."""
        self.complaints: list[str] = []
        """What nobody awaited or caught."""
        super().__init__(_NoSelector(self))
        self.set_exception_handler(self._complain)

    def time(self) -> float:
        """Return the virtual time, in seconds."""
        return self.now

    def _write_to_self(self) -> None:
        """Nobody has to be woken."""

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, work: Callable[..., Result], *arguments: Any
    ) -> asyncio.Future[Result]:
        """Do `work` now; whoever awaits it has it in the loop's next round."""
        done: asyncio.Future[Result] = self.create_future()
        try:
            self.before_thread(work)
            done.set_result(work(*arguments))
        except Exception as error:
            done.set_exception(error)
        return done

    def _complain(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, self.expected):
            return
        self.complaints.append(f"{context['message']}: {type(error).__name__ if error else ''} {error or ''}")


@contextmanager
def virtual_loop() -> Iterator[VirtualLoop]:
    """A loop, its time being that of `time.monotonic` for the whole program meanwhile."""
    loop = VirtualLoop()
    with mock.patch.object(time, "monotonic", loop.time):
        try:
            yield loop
        finally:
            loop.close()
