"""Runs a feed of the settings: its files, or what an OAI-PMH server has changed since the last run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from catalogue_client.catalogue.sync.feed import Feed
from catalogue_client.catalogue.sync.files import from_files
from catalogue_client.catalogue.sync.oai import HarvestError, OaiServer, OaiState
from catalogue_client.catalogue.sync.source import Source
from catalogue_client.catalogue.sync.sync_report import SyncReport
from catalogue_client.catalogue.sync.synchroniser import Synchroniser

Progress = Callable[[str, int], None]


async def run_feed(
    synchroniser: Synchroniser,
    feed: Feed,
    *,
    dry: bool = False,
    yes: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Make the store the same as `feed`. Arguments and errors are those of Synchroniser.run."""
    report = SyncReport()
    if feed.is_oai:
        server = OaiServer(feed.where, feed.prefix, feed.set_name)
        return await _harvest(synchroniser, feed, server, report, dry, yes, progress)
    source = Source(feed.name, complete=not feed.changes)
    stream = from_files([Path(feed.where)], report, feed.encoding)
    return await synchroniser.run(source, stream, report=report, dry=dry, yes=yes, progress=progress)


async def _harvest(
    synchroniser: Synchroniser,
    feed: Feed,
    server: OaiServer,
    report: SyncReport,
    dry: bool,
    yes: bool,
    progress: Progress | None,
) -> SyncReport:
    try:
        await asyncio.to_thread(server.identify)
    except HarvestError as error:
        report.refuse_whole(feed.where, str(error))
        # Run without a record, so that staff see that it failed, and not that it went well the last time.
        nothing = Source(feed.name, complete=False)
        return await synchroniser.run(nothing, (), report=report, dry=dry, yes=yes, progress=progress)
    remembered = await synchroniser.state(feed.name) if server.tells_deletions else {}
    address = f"{feed.where} {feed.prefix} {feed.set_name}"
    if remembered.get("address", address) != address:
        remembered = {}  # where the one server was says nothing of the other
    state = OaiState(remembered.get("since", ""), remembered.get("token", ""))
    # A harvest that goes on with an old token takes in changes since that one began.
    following = remembered.get("following", "") if state.token else server.responded

    async def keep_place() -> None:
        await synchroniser.remember(feed.name, token=state.token, following=following, address=address)

    # A server that tells no deletions is read whole each time, and what it has no more is missing.
    source = Source(feed.name, complete=not server.tells_deletions)
    stream = server.records(state, report)
    await synchroniser.run(
        source,
        stream,
        report=report,
        dry=dry,
        yes=yes,
        progress=progress,
        keep_place=keep_place if server.tells_deletions and not dry else None,
    )
    if server.tells_deletions and not dry:
        if report.cut:
            await keep_place()
        else:
            await synchroniser.remember(feed.name, token="", since=following, address=address)
    return report
