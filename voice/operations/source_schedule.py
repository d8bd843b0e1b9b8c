"""Runs the sources of the catalogue at their hours, each in a process of its own: no call has to wait for one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from datetime import datetime, time

from catalogue_client.catalogue.sync.feed import Feed
from catalogue_client.catalogue.sync.source_runs import SourceRun
from catalogue_client.errors import LibraryError
from voice.assistant.app import App

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
NICENESS = 15
COMMAND = "from voice.cli.main import main; main()"


def is_due(feed: Feed, last: SourceRun | None, now: datetime) -> bool:
    """Return whether a source has to run: its hour of today is past and it has not begun since. A machine that was off
    at that hour runs it when it is on again."""
    if not feed.at:
        return False
    hour = datetime.combine(now.date(), time.fromisoformat(feed.at), now.tzinfo)
    return now >= hour and (last is None or last.begun < hour)


async def follow_schedule(app: App) -> None:
    """Look each minute which source is due, until cancelled. One runs at a time."""
    while True:
        try:
            last = await app.source_runs.last()
            for feed in app.settings.catalogue.feeds:
                if is_due(feed, last.get(feed.name), app.clock()):
                    await _run(app, feed)
        except (LibraryError, OSError) as error:
            log.warning("the sources of the catalogue wait: %s", error)
        await asyncio.sleep(LOOK_EVERY_S)


async def _run(app: App, feed: Feed) -> None:
    log.info("the source %s is synchronised", feed.name)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COMMAND, "catalogue", "sync", feed.name),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"DAUYS_HOME": str(app.home)},
    )
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    said = out.decode("utf-8", "replace").strip()
    if process.returncode:
        log.error("the source %s: %s %s", feed.name, said, err.decode("utf-8", "replace").strip()[-2000:])
    else:
        log.info("%s", said)
