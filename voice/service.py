"""The running service: telephone, Braille desks and whatever else the settings ask for, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack

from devices.desk_file import load_desks
from devices.keeper import KeptDesk, open_desk
from voice.app import App
from voice.braille_desk import BrailleDesk
from voice.channels.call import Call, ChannelKind
from voice.channels.sip.listener import listen
from voice.spoken_session import SpokenExchange

log = logging.getLogger(__name__)

WATCHDOG_S = 10.0
"""How often systemd hears that the event loop turns; the unit allows three times as long."""


class Service:
    """Everything that serves readers at once. `desks` are those at work, by id."""

    def __init__(self, app: App, observe: Callable[[SpokenExchange], None] = lambda exchange: None) -> None:
        self._app = app
        self._observe = observe
        self.desks: dict[str, KeptDesk] = {}

    async def run(self, ready: Callable[[list[str]], None]) -> None:
        """Serve until SIGTERM or SIGINT; calls under way are ended politely. `ready` gets a sentence for each part.

        Raises LineError, DeviceError, ModelError when a part that the settings ask for cannot be served.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        async with AsyncExitStack() as stack:
            ready([*await self._telephone(stack), *await self._braille_desks(stack)])
            notify("READY=1")
            beat = asyncio.create_task(_beat())
            await stop.wait()
            notify("STOPPING=1")
            beat.cancel()

    async def _telephone(self, stack: AsyncExitStack) -> list[str]:
        telephone = self._app.settings.telephone
        if not telephone.enabled:
            return []
        await self._app.recognisers()
        await self._app.speaker.warm_up()
        line = await stack.enter_async_context(
            listen(
                telephone.address,
                telephone.port,
                self._answer,
                rtp_ports=telephone.rtp_ports,
                max_calls=telephone.max_calls,
                allow=telephone.allow,
            )
        )
        return [f"Telephone: calls are answered on {telephone.address} port {line.port}."]

    async def _answer(self, call: Call) -> None:
        await self._app.answer(call, observe=self._observe)

    async def _braille_desks(self, stack: AsyncExitStack) -> list[str]:
        for desk_id, desk in load_desks(self._app.home / "desks.toml").items():
            kept = await stack.enter_async_context(open_desk(desk, self._app.home))
            self.desks[desk_id] = kept
            task = asyncio.create_task(self._serve_desk(desk_id, kept))
            stack.push_async_callback(_ended, task)
        return [f"Braille desk {desk_id}: {kept.desk.name}." for desk_id, kept in self.desks.items()]

    async def _serve_desk(self, desk_id: str, kept: KeptDesk) -> None:
        """One reader after another, for ever."""
        while True:
            session = self._app.new_session(ChannelKind.DESK, private=True, caller=f"desk {desk_id}")
            try:
                await BrailleDesk(kept.display, session).run()
            except Exception:
                log.exception("the conversation at desk %s broke off", desk_id)
                await asyncio.sleep(1)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _beat() -> None:
    while True:
        notify("WATCHDOG=1")
        await asyncio.sleep(WATCHDOG_S)


def notify(state: str) -> None:
    """Tell systemd, where it listens (sd_notify(3)); nothing happens elsewhere."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.send(state.encode())
