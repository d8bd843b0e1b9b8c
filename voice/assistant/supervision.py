"""Tasks and steps that others rely on: begun again after a failure, cancelled and awaited, and ended step by step.

The end of a call cannot be skipped, whoever is tired of waiting for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence

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


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel `tasks` and wait until all are over. What they raise at their end is logged; a cancellation of the caller
    itself is not swallowed."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("a task did not end well: %s", cause_of(outcome))


async def restarted(what: str, work: Callable[[], Coroutine[object, object, None]], pauses_s: Sequence[float]) -> None:
    """Run `work` again and again, for ever. When it fails that is logged as `what`, and it is tried again after the
    next of `pauses_s`, at last always after the last; when it has come to its end once, the pauses begin again."""
    failures = 0
    while True:
        try:
            await work()
            failures = 0
        except Exception as error:
            log.error("%s broke off: %s", what, cause_of(error))
            await asyncio.sleep(pauses_s[min(failures, len(pauses_s) - 1)])
            failures += 1
