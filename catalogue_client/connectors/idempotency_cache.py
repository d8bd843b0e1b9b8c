"""Idempotency for library systems that know no keys: the answers of this process, by key.

Such a system is always looked at before something is repeated; what is kept here only makes a repeat cheap and finds
keys that are used twice. It is not kept over a restart: then the look alone decides.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from catalogue_client.errors import KeyReused

LONGEST_KEY = 128
MOST = 10_000
"""Keys remembered; a conversation repeats within minutes."""

Answer = TypeVar("Answer")
Given = ParamSpec("Given")


class IdempotencyCache:
    """Answers by key, the oldest forgotten first."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, tuple[tuple[object, ...], asyncio.Task[Any]]] = OrderedDict()

    async def once(self, key: str, request: tuple[object, ...], act: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer of `act`, which runs once for a key, to its end even if a caller stops waiting.

        An error reaches all who wait and is not kept: the same key may try again. Raises KeyReused when the key
        came with another request before, ValueError when it is empty or too long.
        """
        if not 0 < len(key) <= LONGEST_KEY:
            raise ValueError(f"an idempotency key has 1 to {LONGEST_KEY} characters, this one {len(key)}")
        known = self._tasks.get(key)
        if known is None:
            known = self._begin(key, request, act)
        elif known[0] != request:
            raise KeyReused(f"the key was used for another request at first ({key[:8]}…)")
        return cast(Answer, await asyncio.shield(known[1]))

    def _begin(
        self, key: str, request: tuple[object, ...], act: Callable[[], Awaitable[Answer]]
    ) -> tuple[tuple[object, ...], asyncio.Task[Any]]:
        async def run() -> Answer:
            return await act()

        def forget_failure(done: asyncio.Task[Any]) -> None:
            if done.cancelled() or done.exception() is not None:
                self._tasks.pop(key, None)

        task = asyncio.create_task(run())
        task.add_done_callback(forget_failure)
        self._tasks[key] = request, task
        while len(self._tasks) > MOST:
            self._tasks.popitem(last=False)
        return request, task

    async def close(self) -> None:
        """Wait for what is being done: a change that was sent is never left half looked at."""
        await asyncio.gather(*(task for _, task in self._tasks.values()), return_exceptions=True)


class _Remembers(Protocol):
    _answered: IdempotencyCache


Caller = TypeVar("Caller", bound=_Remembers)


def idempotent(
    method: Callable[Concatenate[Caller, Given], Coroutine[Any, Any, Answer]],
) -> Callable[Concatenate[Caller, Given], Coroutine[Any, Any, Answer]]:
    """Run a changing method once for its argument `key`; the request is its name and its other arguments.

    Its object keeps an IdempotencyCache as `_answered`. Raises as `IdempotencyCache.once`.
    """
    parameters = signature(method)

    @wraps(method)
    async def once(self: Caller, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        given = parameters.bind(self, *args, **kwargs).arguments
        request = (method.__name__, *(value for name, value in given.items() if name not in ("self", "key")))
        return await self._answered.once(given["key"], request, lambda: method(self, *args, **kwargs))

    return once
