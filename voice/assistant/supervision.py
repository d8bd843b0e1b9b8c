"""Steps that cannot be skipped and may not harm: the end of a call above all, whoever is tired of waiting for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from voice.values.errors import cause_of

log = logging.getLogger(__name__)

STEP_S = 10.0
"""Seconds that a step has."""


async def undisturbed(ending: Coroutine[object, object, None]) -> None:
    """Await `ending` to its end, even when whoever waits for it is cancelled; the cancellation counts afterwards."""
    task = asyncio.ensure_future(ending)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled:
        raise cancelled


async def closed(part: str, ending: Awaitable[None]) -> None:
    """Take one step of an end. A step that fails or hangs is logged under the name `part`, and the next one follows."""
    try:
        await asyncio.wait_for(ending, STEP_S)
    except Exception as error:
        log.error("%s did not end well: %s", part, cause_of(error))


def harmless(what: str, do: Callable[[], None]) -> None:
    """Do something by the way; when it fails that is logged as `what`, and the call goes on."""
    try:
        do()
    except Exception as error:
        log.error("could not %s: %s", what, cause_of(error))
