"""A brltty process of our own: for a desk, for tests and for the demonstration."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from devices.brlapi import FIRST_PORT, connect
from devices.configuration import brltty_conf
from devices.errors import BrlttyFailed, BrlttyMissing, DeviceError

_LOWEST, _HIGHEST = 10, 900
"""Server numbers that are tried for a free TCP port; the first few belong to the system's own brltty."""
POLITE_S = 2.0
"""Seconds that a brltty has to clear its display and end, before it is killed."""


@dataclass(frozen=True, slots=True)
class Brltty:
    """A running brltty."""

    address: str
    """For `brlapi.connect`."""
    process: asyncio.subprocess.Process
    log: Path

    def kill(self) -> None:
        """End it as a crash would, at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def last_words(self) -> str:
        """The last lines of its log."""
        return " / ".join(self.log.read_text(errors="replace").strip().splitlines()[-3:]) or "none"


def installed() -> bool:
    """brltty is on this machine's path."""
    return shutil.which("brltty") is not None


def free_number() -> int:
    """A server number whose TCP port is free now. Raises BrlttyFailed when none is."""
    for number in range(_LOWEST, _HIGHEST):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", FIRST_PORT + number))
                return number
    raise BrlttyFailed("No TCP port for a Braille server is free. End brltty processes that nobody uses.")


@asynccontextmanager
async def started(
    driver: str,
    device: str,
    *,
    number: int | None = None,
    key_file: Path | None = None,
    cursor_blinks: bool = False,
    timeout: float = 20.0,
) -> AsyncIterator[Brltty]:
    """A brltty with `driver` (a code such as bm) on `device` (such as serial:/dev/pts/3), ended at the end.

    It drives no screen and no speech, and answers this machine only. Without `key_file` any local program may use it.
    Raises BrlttyMissing, or BrlttyFailed when it does not answer within `timeout` seconds. It answers before it has
    found a display: wait for `Connected` of a session.
    """
    program = shutil.which("brltty")
    if program is None:
        raise BrlttyMissing("BRLTTY is not installed. On Debian: apt install brltty.")
    number = free_number() if number is None else number
    with tempfile.TemporaryDirectory(prefix="dauys-brltty-") as name:
        configuration = Path(name) / "brltty.conf"
        configuration.write_text(brltty_conf(driver, device, number, key_file, cursor_blinks=cursor_blinks))
        log = Path(name) / "log"
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *_ending_with_us(), program, "-n", "-e", "-q", "-l", "info", "-f", str(configuration),
                "-U", name, "-W", name, "-P", f"{name}/pid",
                stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip
        brltty = Brltty(f"127.0.0.1:{number}", process, log)
        try:
            await _answers(brltty, key_file, timeout)
            yield brltty
        finally:
            await _end(process)


def _ending_with_us() -> tuple[str, ...]:
    """What makes a brltty end when this process is killed: left alone it looks for its display at a fifth of a core.
    SIGKILL, because brltty 6.5 may hang after SIGTERM."""
    setpriv = shutil.which("setpriv")  # of util-linux; absent from systems that are not Linux
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


async def _answers(brltty: Brltty, key_file: Path | None, timeout: float) -> None:
    """Wait until the server answers."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            while brltty.process.returncode is None:
                with contextlib.suppress(DeviceError):
                    async with connect(brltty.address, key_file or Path("/dev/null")):
                        return
                await asyncio.sleep(0.05)
    raise BrlttyFailed(f"brltty does not answer. Its last words: {brltty.last_words()}")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it politely, then not. No brltty outlives this, whoever is tired of waiting: brltty 6.5 may hang after
    SIGTERM, and one that is left alone keeps the display to itself for ever.

    `asyncio.timeout` is not used here: with a cancellation outstanding, that of Python 3.11.2 raises CancelledError
    instead of TimeoutError, and what stands behind it is never reached.
    """
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    waiting = asyncio.ensure_future(process.wait())
    cancelled: asyncio.CancelledError | None = None
    try:
        await asyncio.wait([waiting], timeout=POLITE_S)
    except asyncio.CancelledError as error:
        cancelled = error
    if not waiting.done():
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    while not waiting.done():
        try:
            await asyncio.wait([waiting])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled
