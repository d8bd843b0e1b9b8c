"""A whole call held on this machine, through the real parts: a reader phones, asks, keys a ticket, books a delivery."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tomllib
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import files
from ipaddress import IPv4Network
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from braille import to_unicode
from catalogue_client.embedded_library import open_library
from catalogue_client.store.locking import InUse, held
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.accounts import Preferences
from catalogue_client.values.shipments import Delivery
from devices import DisplaySession, brltty, display_session
from devices.emulated_baum import EmulatedBaum
from devices.errors import DeviceError
from voice.assistant.app import App, open_app
from voice.assistant.braille_rendering import BrailleRendering, layout
from voice.assistant.spoken_session import SpokenExchange
from voice.channels.call import Call
from voice.channels.sip.caller import Caller, dial
from voice.channels.sip.listener import listen
from voice.configuration.clock import library_clock
from voice.values.audio import FRAME_MS
from voice.values.errors import VoiceError
from voice.values.lines import Line

RATE = 8000
"""Hz of the telephone."""
FRAME_S = FRAME_MS / 1000
CELLS = 40
LOOPBACK = IPv4Network("127.0.0.0/8")
READER = "100001"
"""The demonstration reader who may have deliveries."""
TRIES = 2
"""How often a misheard sentence is said before the reader presses keys."""
QUIET_S = 0.8
"""Silence after speech that means: the answer is over."""
PATIENCE_S = 4.5
"""After this the reader has heard enough and speaks over the rest, as readers do."""
LOUD = 200
"""Root mean square of a frame that holds speech."""
LONGEST_WAIT_S = 15.0
"""Without an answer in this time the line is dead."""


class DemonstrationFailed(VoiceError):
    """The call did not come to its end; the message says where it stopped."""


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One thing that the reader does."""

    until: tuple[str, ...]
    """Names of the states that show that it was understood."""
    say: str = ""
    keys: str = ""
    else_keys: str = ""


@dataclass(slots=True)
class Spoken:
    """One turn of the call, as it is printed."""

    step: DemoStep | None
    """What the reader did; None for the greeting."""
    exchange: SpokenExchange
    rows: tuple[str, ...]
    """Rows of the Braille display in Unicode Braille."""
    latency_ms: float | None
    """From the reader's last sample to the answer's first, measured at the reader's telephone."""


@dataclass(slots=True)
class Outcome:
    """What stays of the call."""

    booking: Delivery | None
    recording: Path
    latencies_ms: list[float] = field(default_factory=list)


class DemoCaller:
    """The calling party: speaks with a voice of her own, listens, waits her turn."""

    def __init__(self, caller: Caller, voice: str, words_a_minute: int) -> None:
        self._caller = caller
        self._voice = ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "--stdout"]
        self.done_at = asyncio.get_running_loop().time()
        """Second of the monotonic clock at which the last thing she said or pressed was over."""

    async def say(self, text: str) -> None:
        """Speak a text into the call; return when it has been sent."""
        pcm = await asyncio.to_thread(self._speech, text)
        await self._caller.say(pcm)
        self.done_at = self._caller.last_speech_at

    async def press(self, keys: str) -> None:
        """Key digits, one after another."""
        await self._caller.press(keys)
        self.done_at = asyncio.get_running_loop().time()

    def _speech(self, text: str) -> bytes:
        spoken = subprocess.run([*self._voice, text], capture_output=True, check=True).stdout[44:]
        samples = np.frombuffer(spoken[: len(spoken) // 2 * 2], "<i2").astype(np.float32)
        # Without the quiet around it: the answer's delay is counted from the last sound, not from the end of a file.
        sounding = np.nonzero(np.abs(samples) > LOUD)[0]
        samples = samples[sounding[0] : sounding[-1] + 1]
        narrow: NDArray[np.float32] = soxr.resample(samples, 22050, RATE)
        return np.clip(narrow, -32768, 32767).astype("<i2").tobytes()

    async def listen(self) -> float | None:
        """Wait until the answer has been heard; the second at which its first sound came, None when none came."""
        began, loop = None, asyncio.get_running_loop()
        while loop.time() < (began + PATIENCE_S if began else self.done_at + LONGEST_WAIT_S):
            await asyncio.sleep(FRAME_S)
            began = began or self._began()
            if began and not any(loud(pcm) for _, pcm in self._caller.heard[-int(QUIET_S / FRAME_S) :]):
                break
        return began

    def _began(self) -> float | None:
        later = (at for at, pcm in self._caller.heard if at > self.done_at and loud(pcm))
        return next(later, None)


def loud(pcm: bytes) -> bool:
    """Whether a frame holds speech rather than line noise."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    return bool(len(samples) and np.sqrt(np.mean(samples**2)) > LOUD)


@asynccontextmanager
async def _display() -> AsyncIterator[tuple[DisplaySession, EmulatedBaum] | None]:
    """An emulated display behind a real brltty; None where brltty is not installed or does not start."""
    async with AsyncExitStack() as stack:
        shown = None
        if brltty.installed():
            try:
                baum = stack.enter_context(EmulatedBaum(CELLS))
                server = await stack.enter_async_context(brltty.started("bm", baum.device))
                shown = (
                    await stack.enter_async_context(display_session(server.address, key_file=Path("/dev/null"))),
                    baum,
                )
            except DeviceError:
                shown = None
        yield shown


async def demonstrate(home: Path, tell: Callable[[Spoken], None], announce: Callable[[str], None]) -> Outcome:
    """Hold the call; `tell` gets each turn as it happens, `announce` a sentence before it starts.

    Raises DemonstrationFailed, and what open_app raises.
    """
    script = tomllib.loads((files("voice.operations") / "demo_call.toml").read_text(encoding="utf-8"))
    steps = [DemoStep(**{**step, "until": tuple(step["until"])}) for step in script["steps"]]
    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(held(home / "demo.lock"))
        except InUse as error:
            raise DemonstrationFailed(
                f"Another `dauys demo` holds its call in {home}. Wait until it is over."
            ) from error
        folder = await _fresh(home)
        # brltty takes a second to find its display: the library and the models are opened meanwhile.
        finding = asyncio.create_task(stack.enter_async_context(_display()))
        app = await stack.enter_async_context(open_app(home=folder, models=home / "models", supervised=True))
        await app.warm_up()
        display = await finding
        exchanges: asyncio.Queue[SpokenExchange] = asyncio.Queue()
        view = BrailleRendering(CELLS)

        def show(lines: tuple[Line, ...], preferences: Preferences) -> None:
            view.show(lines, preferences)
            if display and lines:
                display[0].show(layout(lines, preferences))

        async def answer(call: Call) -> None:
            await app.answer(call, show=show, observe=exchanges.put_nowait)

        async with (
            listen("127.0.0.1", 0, answer, rtp_ports=(30000, 30998), max_calls=1, allow=[LOOPBACK]) as line,
            dial("127.0.0.1", line.port) as caller,
        ):
            announce(f"A reader phones Dauys: SIP on 127.0.0.1, port {line.port}. Braille: {_name_of(display)}.")
            reader = DemoCaller(caller, script["voice"], script["words_a_minute"])
            outcome = Outcome(None, home / "demo-call.wav")
            await _hold(reader, steps, exchanges, lambda: _rows(view, display), tell, outcome)
            await asyncio.to_thread(_write, outcome.recording, caller)
        outcome.booking = await _booking(app)
        return outcome


async def _hold(
    reader: DemoCaller,
    steps: list[DemoStep],
    exchanges: asyncio.Queue[SpokenExchange],
    rows: Callable[[], tuple[str, ...]],
    tell: Callable[[Spoken], None],
    outcome: Outcome,
) -> None:
    """The reader's side of the call, step by step."""
    greeting = await exchanges.get()
    await reader.listen()
    tell(Spoken(None, greeting, rows(), None))
    for step in steps:
        for attempt in range(TRIES + 1):
            keys = step.keys or (step.else_keys if attempt == TRIES else "")
            if keys:
                await reader.press(keys)
            else:
                await reader.say(step.say)
            began = await reader.listen()
            exchange = await _latest(exchanges)
            if exchange is None:
                continue  # not heard at all: say it again
            # A key is answered while it is still pressed: only speech has a last sample to count from.
            latency = (began - reader.done_at) * 1000 if began and not keys else None
            outcome.latencies_ms += [latency] if latency else []
            tell(Spoken(replace(step, keys=keys), exchange, rows(), latency))
            if exchange.exchange.context.name in step.until:
                break
        else:
            raise DemonstrationFailed(f"The call stopped at “{step.say or step.keys}”. Run `dauys check`.")


async def _latest(exchanges: asyncio.Queue[SpokenExchange]) -> SpokenExchange | None:
    """The last exchange so far: keys make one each. None when nothing was answered."""
    try:
        async with asyncio.timeout(LONGEST_WAIT_S):
            exchange = await exchanges.get()
    except TimeoutError:
        return None
    while not exchanges.empty():
        exchange = exchanges.get_nowait()
    return exchange


def _rows(view: BrailleRendering, display: tuple[DisplaySession, EmulatedBaum] | None) -> tuple[str, ...]:
    """What stands on the display now; without one, what would."""
    if display and any(display[1].shown):
        return (to_unicode(display[1].shown),)
    return view.rows[:1]


def _name_of(display: tuple[DisplaySession, EmulatedBaum] | None) -> str:
    if display:
        return f"an emulated display of {CELLS} cells behind a real brltty"
    return f"rows of {CELLS} cells; brltty is not installed"


async def _fresh(home: Path) -> Path:
    """A library of the demonstration's own, as it was on the first day: its bookings touch nobody else's."""
    first, folder = home / "demo-first", home / "demo"
    if not (first / "library.sqlite").is_file():
        async with open_library(first, clock=library_clock, purpose=Purpose.DEMONSTRATION):
            pass
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(shutil.copytree, first, folder)
    return folder


async def _booking(app: App) -> Delivery | None:
    """The delivery as it stands in the store."""
    return next(iter(await app.library.deliveries.deliveries(READER)), None)


def _write(path: Path, caller: Caller) -> None:
    """The call as a stereo WAV, the reader left, Dauys right, both on one clock."""
    start = min(caller.sent[0][0], caller.heard[0][0])
    length = int((max(caller.sent[-1][0], caller.heard[-1][0]) - start + 1) * RATE)
    both = np.zeros((length, 2), dtype="<i2")
    for channel, frames in enumerate((caller.sent, caller.heard)):
        at = 0
        for second, pcm in frames:
            samples = np.frombuffer(pcm, "<i2")
            # Frames follow each other; only a real gap moves the place.
            due = int((second - start) * RATE)
            at = due if abs(due - at) > RATE // 10 else at
            both[at : at + len(samples), channel] = samples[: max(0, length - at)]
            at += len(samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(both.tobytes())
