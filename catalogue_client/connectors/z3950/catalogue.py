"""The catalogue of a library system over Z39.50. A record's id is its own number there (001)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from pymarc import Record

from catalogue_client.catalogue.marc.marc_reader import read_records
from catalogue_client.connectors.searched_catalogue import SearchedCatalogue
from catalogue_client.connectors.z3950.pqf import numbered, wanted
from catalogue_client.connectors.z3950.settings import Z3950Settings
from catalogue_client.errors import BadAnswer, Unavailable
from catalogue_client.values.bibliographic import Query

log = logging.getLogger(__name__)

PROGRAM = "yaz-client"
PATH = "/usr/local/bin:/usr/bin:/bin"
HITS = re.compile(rb"Number of hits: (\d+)")
DIAGNOSTIC = re.compile(rb"\[(\d+)\] ([^\r\n]{0,80})")
AWAY = (1, 2, 109)
"""Diagnostics that pass: permanent and temporary system error as servers use them, database unavailable."""
LARGEST = 8_000_000
"""Bytes that yaz-client may print."""


class Z3950Source:
    """Implements the protocol MarcSource. One program a question: what a hostile server breaks is not this service."""

    def __init__(self, settings: Z3950Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(settings.connections)

    async def find(self, query: Query, *, every: bool, limit: int) -> tuple[int, tuple[Record, ...]]:
        """Return what fits. Raises Unavailable, BadAnswer."""
        asked = wanted(query, self._settings, every=every)
        return await self._ask(asked, limit) if asked else (0, ())

    async def numbered(self, record_id: str) -> tuple[Record, ...]:
        """Return the record with that number. Raises Unavailable, BadAnswer."""
        return (await self._ask(numbered(record_id, self._settings), 1))[1]

    async def _ask(self, asked: str, limit: int) -> tuple[int, tuple[Record, ...]]:
        async with self._places:
            with tempfile.TemporaryDirectory(prefix="dauys-z3950-") as folder:
                records = Path(folder) / "records"
                process = await self._started(folder)
                try:
                    async with asyncio.timeout(self._settings.answer_s):
                        total = await self._conversed(process, asked, limit)
                except TimeoutError as error:
                    raise Unavailable("the Z39.50 server does not answer") from error
                except (OSError, ValueError) as error:  # the program has ended, or a line is longer than any of its own
                    raise BadAnswer(f"Z39.50: {type(error).__name__}") from error
                finally:
                    if process.returncode is None:
                        with contextlib.suppress(ProcessLookupError):
                            process.kill()
                    await process.communicate()
                return total, await asyncio.to_thread(_read, records)

    async def _started(self, folder: str) -> Process:
        try:
            # A home of its own: it would carry out what a .yazclientrc says.
            return await asyncio.create_subprocess_exec(
                PROGRAM, "-m", "records", cwd=folder, env={"HOME": folder, "PATH": PATH, "LC_ALL": "C.UTF-8"},
                stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise Unavailable("yaz-client is not installed (Debian: yaz)") from error

    async def _conversed(self, process: Process, asked: str, limit: int) -> int:
        """Return how many records fit; those that are shown lie in the program's file then."""
        assert process.stdin and process.stdout
        s = self._settings
        process.stdin.write(f"open {s.address}\nformat {s.syntax}\n".encode())
        process.stdin.write(b"find " + asked.encode(s.encoding, "replace") + b"\n")
        said = b""
        while not HITS.search(said) or b"Elapsed" not in said.partition(b"Number of hits")[2]:
            line = await process.stdout.readline()
            said += line
            if not line or b"failed" in line or b"ot connected" in line or b"Target closed" in line:
                raise Unavailable("the Z39.50 server cannot be reached, or has hung up")
            if len(said) > LARGEST:
                raise BadAnswer("Z39.50: an answer without end")
        found = HITS.search(said)
        total = int(found[1]) if found else 0
        if not total and (fault := DIAGNOSTIC.search(said)):
            text = f"Z39.50 diagnostic {int(fault[1])}: {fault[2].decode('utf-8', 'replace')}"
            raise Unavailable(text) if int(fault[1]) in AWAY else BadAnswer(text)
        if total:
            process.stdin.write(f"show 1+{min(total, limit)}\n".encode())
        process.stdin.write(b"quit\n")
        shown = 0
        while more := await process.stdout.read(65_536):
            shown += len(more)
            if shown > LARGEST:
                raise BadAnswer("Z39.50: records without end")
        await process.wait()
        return total


def _read(path: Path) -> tuple[Record, ...]:
    """The records that can be read; a damaged one costs itself."""
    if not path.exists():
        return ()
    return tuple(piece.record for piece in read_records(path) if piece.record is not None)


@asynccontextmanager
async def z3950_catalogue(settings: Z3950Settings) -> AsyncIterator[SearchedCatalogue]:
    """A catalogue over `settings`; it keeps nothing open."""
    yield SearchedCatalogue(Z3950Source(settings), settings.places, date.today)
