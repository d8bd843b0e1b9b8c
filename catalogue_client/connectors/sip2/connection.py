"""One connection to a SIP2 server: logged in, one request after the other, damaged answers asked for again."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress

from catalogue_client.connectors.sip2.messages import RESEND, SERVER_ASKS_AGAIN, Damaged, Sip2Message, decode, encode
from catalogue_client.connectors.sip2.requests import Request, login, status
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.errors import BadAnswer, OutcomeUnknown, Unavailable

LONGEST_FRAME = 65_536
TRIES = 3
"""Times that one message is sent or asked for."""


class Sip2Connection:
    """Made by `connect`. After any irregularity it is `spoiled` and must be closed: a late answer may still arrive."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: Sip2Settings) -> None:
        self._reader = reader
        self._writer = writer
        self._settings = settings
        self._sequence = 0
        self._received = b""
        self._ends_with = b""
        """The byte that ends this server's messages, as its first one shows: CR, or LF where it does not keep to CR."""
        self._checks = False
        self._spoiled = False
        self.supported = ""
        """BX of the server's status: a Y or N for each kind of message; "" when it tells none."""

    @property
    def spoiled(self) -> bool:
        """Whether no further request may be sent over it."""
        return self._spoiled or self._reader.at_eof() or self._writer.is_closing()

    async def exchange(self, request: Request) -> Sip2Message:
        """The answer to `request`.

        Raises OutcomeUnknown when the request was sent and no answer came, BadAnswer when an answer came that cannot
        be read, ValueError when a value cannot be said in SIP2.
        """
        sequence, self._sequence = self._sequence, (self._sequence + 1) % 10
        frame = encode(request.start, request.fields, sequence, self._settings.encoding)
        before, self._spoiled = self._spoiled, True
        try:
            async with asyncio.timeout(self._settings.answer_s):
                answer = await self._converse(frame, request.answer, sequence)
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise OutcomeUnknown(f"SIP2 {request.start[:2]}: no answer ({type(error).__name__})") from error
        self._spoiled = before or self._spoiled
        return answer

    async def _converse(self, frame: bytes, code: str, sequence: int) -> Sip2Message:
        self._writer.write(frame)
        await self._writer.drain()
        for tried in range(1, TRIES + 1):
            received = await self._frame()
            answer = self._accepted(received, code, sequence)
            if answer is not None:
                self._spoiled = tried > 1
                self._checks = self._checks or answer.checked
                return answer
            # The server keeps count by the sequence digit: the same frame again is not a second request.
            self._writer.write(frame if _asks_again(received) else RESEND)
            await self._writer.drain()
        raise BadAnswer(f"SIP2 {frame[:2].decode()}: {TRIES} answers, none of them readable")

    async def _frame(self) -> bytes:
        """The bytes of one message with its end. Raises IncompleteReadError, LimitOverrunError."""
        while True:
            self._received = self._received.lstrip(b"\r\n")
            if not self._ends_with and (first := re.search(rb"[\r\n]", self._received)):
                self._ends_with = first.group()
            if self._ends_with and self._ends_with in self._received:
                frame, _, self._received = self._received.partition(self._ends_with)
                return frame + self._ends_with
            if len(self._received) > LONGEST_FRAME:
                raise asyncio.LimitOverrunError("no end of a message", len(self._received))
            more = await self._reader.read(LONGEST_FRAME)
            if not more:
                raise asyncio.IncompleteReadError(self._received, None)
            self._received += more

    def _accepted(self, received: bytes, code: str, sequence: int) -> Sip2Message | None:
        """The message, if it is the whole and right answer."""
        try:
            message = decode(received, self._settings.encoding)
        except Damaged:
            return None
        # A server that has sent checksums goes on sending them: an answer without one lost its end.
        whole = message.checked or not self._checks
        return message if whole and message.code == code and message.sequence in (None, sequence) else None

    async def close(self) -> None:
        """Close the socket; the other side has one second to say good-bye."""
        self._writer.close()
        with suppress(OSError, TimeoutError):  # the other side may be gone, or never say good-bye
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()


async def connect(settings: Sip2Settings, context: ssl.SSLContext | None) -> Sip2Connection:
    """A link that is logged in. Raises Unavailable, never more: nothing has been asked for yet."""
    try:
        async with asyncio.timeout(settings.connect_s):
            reader, writer = await asyncio.open_connection(
                settings.host, settings.port, ssl=context, limit=LONGEST_FRAME
            )
    except (OSError, TimeoutError) as error:
        raise Unavailable(f"the SIP2 server cannot be reached: {type(error).__name__}") from error
    link = Sip2Connection(reader, writer, settings)
    try:
        await _greet(link, settings)
    except BaseException:
        await link.close()
        raise
    return link


async def _greet(link: Sip2Connection, settings: Sip2Settings) -> None:
    try:
        if settings.user and (await link.exchange(login(settings))).fixed != "1":
            raise Unavailable("the SIP2 server does not accept the user and password of the settings")
        state = await link.exchange(status())
    except (OutcomeUnknown, BadAnswer) as error:
        raise Unavailable("the SIP2 server does not greet") from error
    if state.fixed[:1] != "Y":
        raise Unavailable("the SIP2 server says that the library system is away")
    link.supported = state.get("BX")


def _asks_again(received: bytes) -> bool:
    return received.lstrip(b"\n").startswith(SERVER_ASKS_AGAIN.encode())
