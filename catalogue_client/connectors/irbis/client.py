"""Asks an ИРБИС64 server: one TCP connection a request, all of them in one registered session.

A request is its length and lines ended by LF: command, workstation, command, session, number of the request, password,
user, three empty lines, then what is asked. An answer is lines ended by CR LF: command, session, number, length,
version of the server, five empty lines, a code that is negative for a fault, and then what was asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Sequence

from catalogue_client.connectors.irbis.records import IrbisRecord, record_of
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.errors import BadAnswer, OutcomeUnknown, Refused, Unavailable

log = logging.getLogger(__name__)

REGISTER, UNREGISTER, SEARCH, WRITE = "A", "B", "K", "D"
LENGTH = 3
"""Place (0-based) of the line with the length of the answer."""
HEAD = 10
"""Lines of an answer before the code."""
WHOLE_RECORD = "&uf('+0')"
"""Format that brings the record itself along."""
LARGEST = 32_000_000
ALREADY_REGISTERED, WRONG_PASSWORD, CHANGED_MEANWHILE = -3337, -4444, -608
NO_SESSION = frozenset({-3334, -3335, -3336, -3338})
"""Codes of a server that does not know this session (any more)."""
NOT_ALLOWED = frozenset({-603, -602, -402, CHANGED_MEANWHILE})
"""Codes of a record that is locked, deleted or changed meanwhile: nothing was written."""
TRIES = 3


class IrbisFault(BadAnswer):
    """The server refuses a request with a code."""

    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"ИРБИС64 {command}: code {code}")
        self.code = code


class IrbisClient:
    """Registers at the first request, and again when the server has forgotten it."""

    def __init__(self, settings: IrbisSettings) -> None:
        self._settings = settings
        self._session = 0
        self._number = 0
        self._registering = asyncio.Lock()
        self._places = asyncio.Semaphore(settings.connections)

    async def search(self, database: str, expression: str, limit: int) -> tuple[int, tuple[IrbisRecord, ...]]:
        """Return how many records fit, and `limit` of them; deleted and damaged ones are left out.

        Raises Unavailable, BadAnswer.
        """
        try:
            lines = await self._ask(SEARCH, database, expression, str(limit), "1", WHOLE_RECORD, "0", "0", "")
        except OutcomeUnknown as error:  # a question changes nothing
            raise Unavailable(str(error)) from error
        total = int(lines[1]) if len(lines) > 1 and lines[1].strip().isdecimal() else 0
        given = [line for line in lines[2:] if line]
        if len(given) < min(total, limit):
            log.info("ИРБИС64 counts %d records and gives %d", total, len(given))
            total = len(given)
        records = (_found(line) for line in given)
        there = tuple(record for record in records if record is not None and not record.is_deleted)
        return max(total, len(there)), there[:limit]

    async def write(self, database: str, record: IrbisRecord) -> None:
        """Raises Refused when the server may not write it, Unavailable when nothing was sent, OutcomeUnknown."""
        try:
            await self._ask(WRITE, database, "0", "1", "\x1f\x1e".join(record.lines()))
        except IrbisFault as error:
            raise Refused("ask_staff") from error

    async def close(self) -> None:
        """Unregister: a server lets only so many clients in."""
        if self._session:
            with contextlib.suppress(Unavailable, BadAnswer):
                await self._exchange(UNREGISTER, (self._settings.user,))
            self._session = 0

    async def _ask(self, command: str, *given: str) -> list[str]:
        for _ in range(TRIES):
            session = await self._registered()
            lines = await self._exchange(command, given)
            code = _code(command, lines)
            if code not in NO_SESSION:
                break
            if self._session == session:
                self._session = 0
        if code < 0:
            raise IrbisFault(command, code)
        return lines

    async def _registered(self) -> int:
        async with self._registering:
            for _ in range(TRIES if not self._session else 0):
                self._session, self._number = random.randint(100_000, 999_999), 0
                try:
                    code = _code(
                        REGISTER, await self._exchange(REGISTER, (self._settings.user, self._settings.password))
                    )
                except (OutcomeUnknown, BadAnswer) as error:
                    self._session = 0
                    raise Unavailable(f"ИРБИС64 does not register this client: {error}") from error
                if code >= 0:
                    break
                self._session = 0
                if code != ALREADY_REGISTERED:
                    wrong = code == WRONG_PASSWORD
                    said = "does not accept the user and password of the settings" if wrong else f"answers {code}"
                    raise Unavailable(f"ИРБИС64 {said}")
            return self._session

    async def _exchange(self, command: str, given: Sequence[str]) -> list[str]:
        """The lines of the answer from its code on.

        Raises Unavailable when nothing was sent, OutcomeUnknown, BadAnswer.
        """
        s = self._settings
        self._number += 1
        head = (command, s.workstation, command, str(self._session), str(self._number), s.password, s.user, "", "", "")
        # The server cuts at line ends: none may come in with a word.
        body = b"".join(line.replace("\r", " ").replace("\n", " ").encode() + b"\n" for line in (*head, *given))
        async with self._places:
            try:
                async with asyncio.timeout(s.connect_s):
                    reader, writer = await asyncio.open_connection(s.host, s.port)
            except (OSError, TimeoutError) as error:
                raise Unavailable(f"ИРБИС64 cannot be reached ({type(error).__name__})") from error
            try:
                async with asyncio.timeout(s.answer_s):
                    writer.write(f"{len(body)}\n".encode() + body)
                    await writer.drain()
                    answer = await _whole(reader)
            except (OSError, TimeoutError) as error:
                raise OutcomeUnknown(f"ИРБИС64 {command}: no answer ({type(error).__name__})") from error
            finally:
                writer.close()
                with contextlib.suppress(OSError, TimeoutError):
                    async with asyncio.timeout(1.0):
                        await writer.wait_closed()
        lines = answer.decode("utf-8", "replace").split("\r\n")
        if len(lines) <= HEAD or not _is_whole(answer, lines[LENGTH]):
            raise OutcomeUnknown(f"ИРБИС64 {command}: hung up in its answer")
        if lines[0] != command:
            raise BadAnswer(f"ИРБИС64 {command}: {lines[0][:20]!r} is no answer to it")
        return lines[HEAD:]


def _code(command: str, lines: Sequence[str]) -> int:
    try:
        return int(lines[0])
    except ValueError as error:
        raise BadAnswer(f"ИРБИС64 {command}: {lines[0][:20]!r} is no code") from error


def _is_whole(answer: bytes, length: str) -> bool:
    """Whether the server did not hang up in the middle: half a reader's record would look like half of the loans."""
    return answer.endswith(b"\r\n") or (length.isdecimal() and 0 < int(length) <= len(answer))


def _found(line: str) -> IrbisRecord | None:
    """`mfn#` and the lines of the record, cut by 0x1F."""
    try:
        return record_of([part.removeprefix("\x1e") for part in line.split("\x1f")[1:]])
    except BadAnswer:
        return None


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """Everything until the server closes, which is how it ends an answer."""
    content = bytearray()
    while more := await reader.read(65_536):
        content += more
        if len(content) > LARGEST:
            raise BadAnswer("ИРБИС64: an answer longer than any list of records")
    return bytes(content)
