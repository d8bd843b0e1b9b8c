"""Whether Braille reaches the fingers: a real brltty on an emulated display, then every desk of this machine."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from devices.desk import DeskSettings, desk
from devices.desk_file import load_desks
from devices.display_supervisor import SupervisedDesk, open_desk
from devices.errors import DeskError, DeviceError
from voice.checks.check_result import CheckResult, plainly

WAIT_S = 10.0
"""A display on USB is found within seconds; brltty looks for an absent one every five."""
EMULATED = "emulated:40"


async def display_findings(home: Path, *, dauys_runs: bool) -> AsyncIterator[CheckResult]:
    """Look at brltty and at every desk; those of a Dauys that runs are left to it. Never raises."""
    if shutil.which("brltty"):
        yield await _emulated(home)
    try:
        desks = await asyncio.to_thread(load_desks, home / "desks.toml")
    except DeskError as error:
        yield CheckResult("desks", False, True, "desks_bad", {"problem": error})
        return
    if not desks:
        yield CheckResult("desks", True, False, "desks_none")
    for desk_id, settings in desks.items():
        if dauys_runs:
            yield CheckResult(f"desk {desk_id}", True, False, "desk_held")
        else:
            yield await _desk(desk_id, settings, home)


def desk_finding(desk_id: str, kept: SupervisedDesk) -> CheckResult:
    """How a desk that is at work is now."""
    status = kept.status()
    name, wanted = f"desk {desk_id}", kept.desk.cells
    values = {"cells": status.columns, "wanted": wanted}
    if status.columns:
        fits = wanted in (0, status.columns)
        return CheckResult(name, fits, False, "desk_ok" if fits else "desk_size", values)
    if kept.fault:
        return CheckResult(name, False, False, "desk_brltty", {"problem": kept.fault})
    return CheckResult(name, False, False, "desk_away")


async def _emulated(home: Path) -> CheckResult:
    try:
        async with open_desk(desk({"port": EMULATED}), home) as kept:
            if not await _found(kept):
                raise DeviceError(kept.status().problem)
            kept.show_test_line()
            cells = kept.display.columns
    except (DeviceError, OSError) as error:
        return CheckResult("brltty", False, False, "brltty_bad", {"problem": f"{plainly(error)}."})
    return CheckResult("brltty", True, False, "brltty_shows", {"cells": cells})


async def _desk(desk_id: str, settings: DeskSettings, home: Path) -> CheckResult:
    try:
        async with open_desk(settings, home) as kept:
            await _found(kept)
            return desk_finding(desk_id, kept)
    except (DeviceError, OSError) as error:
        return CheckResult(f"desk {desk_id}", False, False, "desk_bad", {"problem": plainly(error)})


async def _found(kept: SupervisedDesk) -> bool:
    """Wait until a display answers; False when none does."""
    try:
        async with asyncio.timeout(WAIT_S):
            while not kept.display.there:
                await kept.display.next_event()
    except TimeoutError:
        return False
    return True
