"""The running service: telephone, Braille desks and whatever else the settings ask for, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from languages.number_parsing import Numbers
from voice.assistant.app import App
from voice.assistant.dialogue_session import Exchange
from voice.assistant.spoken_session import SpokenExchange
from voice.assistant.supervision import ended
from voice.channels.asterisk.audiosocket import serve_audiosocket
from voice.channels.asterisk.websocket import serve_websocket
from voice.channels.call import Call
from voice.channels.capacity import Capacity
from voice.channels.descriptors import raise_limit
from voice.channels.errors import ChannelError
from voice.channels.http_door import ConnectionLimits, open_door, port_of
from voice.channels.sip.listener import SipListener, listen
from voice.channels.sip.trunk_registration import Trunk
from voice.channels.station.station_call import open_station
from voice.checks.check_result import CheckResult
from voice.configuration.secret_sources import secret, variable
from voice.configuration.settings import TelephoneSettings
from voice.operations.desk_supervisor import DeskSupervisor
from voice.operations.metrics import Metrics
from voice.operations.source_schedule import follow_schedule
from voice.operations.usage_recorder import UsageRecorder
from voice.server.realtime import let_go, tune_for_realtime
from voice.server.self_watch import SelfWatch
from voice.server.systemd import beat, notify
from voice.staff_site.site import build_site
from voice.values.errors import SettingsError

log = logging.getLogger(__name__)

WHOLE_S = 60.0
"""Seconds for one request of the staff site, from its first byte to the last of its answer."""
ENDING_S = 15
"""Seconds in which everything else ends."""
AGAIN_S = 1.0
"""Seconds before something that broke off is tried again."""


class Service:
    """Everything that serves readers at once."""

    def __init__(self, app: App, observe: Callable[[SpokenExchange], None] = lambda exchange: None) -> None:
        self._app = app
        self._observe = observe
        self._notes = UsageRecorder(app.usage, Numbers.load() if app.settings.staff_site.phrases else None)
        self._desks = DeskSupervisor(app, self._exchanged)
        self._line: SipListener | None = None
        telephone = app.settings.telephone
        self._capacity = Capacity(
            telephone.max_calls,
            most_per_caller=telephone.most_per_caller,
            most_per_network=telephone.most_per_network,
        )
        self._watch = SelfWatch(app, self._capacity, self._lines)
        self._metrics = Metrics(
            app.faults, lambda: app.workers.deaths if app.workers else 0, figures=self._watch.figures
        )

    async def run(self, ready: Callable[[list[str]], None]) -> None:
        """Serve until SIGTERM, SIGINT or SIGHUP; calls under way are ended politely. `ready` gets a sentence for each
        part. A SIGHUP that was ignored at the start, as nohup has it, stays ignored.

        Raises LineError, DeviceError, ModelError when a part that the settings ask for cannot be served.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        raise_limit()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            loop.add_signal_handler(number, stop.set)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(ended, asyncio.create_task(self._notes.keep()))
            term = self._app.recordings.keep_term(self._app.clock)
            stack.push_async_callback(ended, asyncio.create_task(term))
            stack.push_async_callback(ended, asyncio.create_task(follow_schedule(self._app)))
            parts = (self._telephone, self._asterisk, self._station, self._braille_desks, self._staff_site)
            sentences = [sentence for part in parts for sentence in await part(stack)]
            settings = self._app.settings
            speaks = settings.telephone.enabled or settings.asterisk.enabled or settings.station.enabled
            watching = asyncio.create_task(self._watch.follow(speaks=speaks))
            stack.push_async_callback(ended, watching)
            tune_for_realtime()
            stack.callback(let_go)
            ready(sentences)
            notify("READY=1")
            stack.push_async_callback(ended, asyncio.create_task(beat()))
            await stop.wait()
            await self._drain(stop)

    async def _drain(self, stop: asyncio.Event) -> None:
        """Answer no more calls, and let those that are up come to their end; a second signal ends them at once."""
        drain_s = self._app.settings.telephone.drain_s
        notify(f"STOPPING=1\nEXTEND_TIMEOUT_USEC={round((drain_s + ENDING_S) * 1e6)}")
        self._capacity.close()
        stop.clear()
        waiting = [asyncio.create_task(each) for each in (self._capacity.emptied(), stop.wait())]
        await asyncio.wait(waiting, timeout=drain_s, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    async def _telephone(self, stack: AsyncExitStack) -> list[str]:
        telephone = self._app.settings.telephone
        if not telephone.enabled:
            return []
        await self._app.warm_up()
        line = await stack.enter_async_context(
            listen(
                telephone.address,
                telephone.port,
                self._answer,
                rtp_ports=telephone.rtp_ports,
                max_calls=self._capacity,
                allow=telephone.allow,
                trunk=await asyncio.to_thread(_trunk, telephone),
                attended=telephone.transfer == "attended",
            )
        )
        self._line = line
        return [f"Telephone: calls are answered on {telephone.address} port {line.port}."]

    def _lines(self) -> tuple[CheckResult, ...]:
        """Whether calls are answered here, and whether the trunk brings them."""
        if self._line is None:
            return ()
        values = {"port": self._line.port, "calls": self._capacity.calls, "most": self._capacity.most}
        answering = CheckResult("telephone", True, True, "telephone_serving", values)
        registrar = self._app.settings.telephone.trunk_registrar
        return (answering, self._trunk_finding(registrar, self._line)) if registrar else (answering,)

    @staticmethod
    def _trunk_finding(registrar: str, line: SipListener) -> CheckResult:
        registration = line.registration
        state = registration.state if registration else "unknown"
        values = {"registrar": registrar, "status": registration.status if registration else 0}
        return CheckResult("trunk", state == "ok", True, f"trunk_{state}", values)

    async def _asterisk(self, stack: AsyncExitStack) -> list[str]:
        exchange, limits = self._app.settings.asterisk, self._app.settings.telephone
        if not exchange.enabled:
            return []
        await self._app.warm_up()
        ports = [
            await stack.enter_async_context(
                serve(exchange.address, port, self._answer, max_calls=self._capacity, allow=limits.allow)
            )
            for serve, port in (
                (serve_websocket, exchange.websocket_port),
                (serve_audiosocket, exchange.audiosocket_port),
            )
        ]
        return [f"Asterisk: WebSocket on {exchange.address} port {ports[0]}, AudioSocket on port {ports[1]}."]

    async def _station(self, stack: AsyncExitStack) -> list[str]:
        if not self._app.settings.station.enabled:
            return []
        await self._app.warm_up()
        stack.push_async_callback(ended, asyncio.create_task(self._serve_station()))
        return ["Station: readers are heard at this machine."]

    async def _serve_station(self) -> None:
        """One reader after another, for ever; a microphone that is away is looked for again."""
        station = self._app.settings.station
        while True:
            try:
                async with open_station(
                    input_device=station.input_device,
                    output_device=station.output_device,
                    headphones=station.headphones,
                    half_duplex=station.half_duplex,
                    push_to_talk=station.push_to_talk,
                    keys=Path(station.keypad) if station.keypad else None,
                ) as call:
                    await self._answer(call)
            except ChannelError as error:
                log.error("%s", error)
                await asyncio.sleep(AGAIN_S)

    async def _answer(self, call: Call) -> None:
        def observe(spoken: SpokenExchange) -> None:
            self._metrics.spoken(spoken)
            self._notes.exchanged(spoken.exchange)
            self._observe(spoken)

        channel = str(call.kind)
        with self._metrics.call(channel):
            await self._app.answer(
                call,
                observe=observe,
                count_false_interruption=lambda: self._metrics.interrupted_falsely(channel),
            )

    def _exchanged(self, exchange: Exchange) -> None:
        self._metrics.exchanged(exchange)
        self._notes.exchanged(exchange)

    async def _braille_desks(self, stack: AsyncExitStack) -> list[str]:
        stack.push_async_callback(self._desks.end)
        await self._desks.follow()
        stack.push_async_callback(ended, asyncio.create_task(self._desks.watch()))
        return [f"Braille desk {desk_id}: {kept.desk.name}." for desk_id, kept in self._desks.working.items()]

    async def _staff_site(self, stack: AsyncExitStack) -> list[str]:
        staff = self._app.settings.staff_site
        if not staff.enabled:
            return []
        site = await asyncio.to_thread(
            build_site, self._app, self._desks, self._metrics, self._notes, self._watch.findings
        )
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=1, keepalive_timeout=0)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        limits = ConnectionLimits(
            staff.connections, staff.connections_each, staff.head_s, WHOLE_S, staff.trusted_proxies
        )
        try:
            server = await open_door(runner, staff.address, staff.port, limits)
        except OSError as error:
            raise SettingsError(
                f"staff_site.port = {staff.port}: {error.strerror or error} on {staff.address}. Choose another port, "
                "or end the program that has it."
            ) from error
        stack.callback(server.close)
        return [f"Staff site: http://{staff.address}:{port_of(server)}/"]


def _trunk(telephone: TelephoneSettings) -> Trunk | None:
    """The operator's account. Raises SettingsError."""
    if not telephone.trunk_registrar:
        return None
    password = secret("telephone.trunk_password_file", telephone.trunk_password_file)
    if password is None:
        raise SettingsError(
            'telephone.trunk_password_file = "": the trunk needs a password. Name the file that holds it, or put it '
            f"into the environment as {variable('telephone.trunk_password_file')}."
        )
    return Trunk(telephone.trunk_registrar, telephone.trunk_user, password.decode())
