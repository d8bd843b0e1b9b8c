"""Asterisk's chan_websocket with JSON control (Asterisk 20.18, 22.8, 23.2 and later): binary frames are audio."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from voice.channels.asterisk.exchange_call import ExchangeCall, OnCall, hold
from voice.channels.capacity import RETRY_AFTER_S, Capacity, capacity_of
from voice.channels.errors import PortTaken
from voice.channels.http_door import ConnectionLimits, open_door, port_of
from voice.values.allowlist import Network, is_allowed

RATES = {"slin": 8000, "slin16": 16000}
"""Formats that we take, by the dial string's c(…)."""
START_S = 5.0
"""Seconds in which MEDIA_START has to come."""
LARGEST = 65_500
"""Bytes of one message, Asterisk's own limit."""
CALLER_VARIABLE = "DAUYS_CALLER"
"""Channel variable in which the dialplan hands on the caller's number."""

log = logging.getLogger(__name__)


class WebSocketCall(ExchangeCall):
    """One connection is one call; `connection_id` is the same for all of them, so it is not looked at."""

    def __init__(self, socket: web.WebSocketResponse, rate: int, caller: str) -> None:
        super().__init__(rate, caller)
        self._socket = socket

    async def receive(self) -> None:
        """Take in what comes until the connection closes, which is what a hang-up looks like."""
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                self.took_audio(message.data)
            elif message.type is WSMsgType.TEXT:
                control = _control(message.data)
                if control.get("event") == "DTMF_END" and isinstance(digit := control.get("digit"), str):
                    self.took_keys(digit)

    async def _send_audio(self, pcm: bytes) -> None:
        try:
            await self._socket.send_bytes(pcm)
        except ConnectionError:
            self.ended("the reader hung up")

    async def _send_hang_up(self) -> None:
        if not self._socket.closed:
            try:
                await self._socket.send_str(json.dumps({"command": "HANGUP"}))
                await self._socket.close()
            except ConnectionError:
                return


def _caller(variables: dict[str, Any]) -> str:
    """The caller's number. Asterisk tells an inherited variable by its full name: with two underscores they stay."""
    return next((str(value) for name, value in variables.items() if name.lstrip("_") == CALLER_VARIABLE), "")


def _control(text: str) -> dict[str, Any]:
    """A control message; empty when it is none."""
    try:
        control = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or nothing but brackets
        return {}
    return control if isinstance(control, dict) else {}


class CallsHandler:
    """The aiohttp handler of the path which websocket_client.conf names."""

    def __init__(self, on_call: OnCall, capacity: Capacity, allow: Sequence[Network]) -> None:
        self._on_call = on_call
        self._capacity = capacity
        self._allow = tuple(allow)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Hold one call. An exchange that is not allowed gets 403; a call too many 503, and the dialplan goes on."""
        if not is_allowed(request.remote or "", self._allow):
            raise web.HTTPForbidden
        seat = self._capacity.seat(request.remote or "")
        if not seat:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": str(RETRY_AFTER_S)})
        # No heartbeat of ours: Pong ends the call in Asterisk before 22.8.
        socket = web.WebSocketResponse(protocols=("media",), max_msg_size=LARGEST)
        try:
            await socket.prepare(request)
            start = await _start(socket)
            rate = RATES.get(str(start.get("format")))
            if rate is None:
                if start:
                    log.error("Asterisk sends %r: write c(slin) or c(slin16) in the dialplan.", start.get("format"))
                await socket.close()
                return socket
            variables = start.get("channel_variables")
            caller = _caller(variables) if isinstance(variables, dict) else ""
            call = WebSocketCall(socket, rate, caller)
            if self._capacity.knows_caller(seat, caller):
                await hold(call, self._on_call, seat)
            else:
                await call.hang_up()
        finally:
            seat.leave()
        return socket


async def _start(socket: web.WebSocketResponse) -> dict[str, Any]:
    """The MEDIA_START that begins every call; empty when none comes."""
    try:
        async with asyncio.timeout(START_S):
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    control = _control(message.data)
                    if control.get("event") == "MEDIA_START":
                        return control
                    if message.data.startswith("MEDIA_START"):
                        log.error(
                            "Asterisk does not speak JSON: write f(json) in the dialplan. It needs 20.18 or 22.8."
                        )
                        return {}
    except TimeoutError:
        pass
    return {}


@asynccontextmanager
async def serve_websocket(
    address: str,
    port: int,
    on_call: OnCall,
    *,
    max_calls: int | Capacity,
    allow: Sequence[Network],
    path: str = "/calls",
) -> AsyncIterator[int]:
    """Answer an exchange's calls while the context lasts; yields the port. Raises PortTaken."""
    capacity = capacity_of(max_calls)
    application = web.Application()
    application.router.add_get(path, CallsHandler(on_call, capacity, allow).handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0, keepalive_timeout=0)
    await runner.setup()
    try:
        connections = 2 * capacity.most + 20
        limits = ConnectionLimits(most=connections, most_each=connections, head_s=START_S)
        try:
            server = await open_door(runner, address, port, limits)
        except OSError as error:
            raise PortTaken(address, port, "asterisk.websocket_port", error) from error
        try:
            yield port_of(server)
        finally:
            server.close()
    finally:
        await runner.cleanup()
