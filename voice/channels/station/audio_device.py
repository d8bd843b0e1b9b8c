"""Microphone and loudspeaker: two raw streams of 20 ms blocks, and what happens when one is pulled out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from voice.channels.call import FrameSource
from voice.channels.errors import NoSound
from voice.values.audio import FRAME_MS

RATE = 16_000
"""Hz: wide-band speech both ways."""
BLOCK = RATE * FRAME_MS // 1000
"""Samples of 20 ms."""
SILENCE = bytes(2 * BLOCK)
AHEAD = 2
"""Blocks that wait for the loudspeaker, so that a busy moment of the program is not heard."""
MOST_HEARD = 50
"""Blocks from the microphone that may wait: a second. Older ones are dropped."""
DEAD_S = 1.0
"""Seconds without a block after which a device has been pulled out: PortAudio itself tells nothing."""
RETRY_S = (0.5, 1.0, 2.0, 5.0)
"""Seconds until devices are looked for again, after each failure in a row."""

log = logging.getLogger(__name__)


class AudioDevice:
    """Made by `open_sound`. The loudspeaker's clock pulls blocks from the source."""

    def __init__(self, input_device: str, output_device: str) -> None:
        self._names = {"input": input_device, "output": output_device}
        self._loop = asyncio.get_running_loop()
        self._streams: list[Any] = []
        self._playing: deque[bytes] = deque()
        self._pulled: deque[bytes] = deque()
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._alive = {"input": 0.0, "output": 0.0}
        self._source: FrameSource = lambda: SILENCE
        self.on_played: Callable[[bytes], None] = lambda block: None
        """Gets every block that goes to the loudspeaker, for the echo canceller."""
        self.dropped = 0
        """Blocks of the microphone that nobody took in time."""
        self.problem = ""
        """Why nothing is heard or said at present; "" while all is well."""

    def play_from(self, source: FrameSource) -> None:
        """Pull blocks from `source` from now on."""
        self._source = source

    async def next_block(self) -> bytes:
        """The next 20 ms from the microphone."""
        return await self._heard.get()

    def open(self) -> None:
        """Open both streams. Raises NoSound. Blocks for some milliseconds: call it in a thread."""
        import sounddevice  # not at import: the telephone needs no PortAudio

        settings: dict[str, Any] = {"samplerate": RATE, "blocksize": BLOCK, "channels": 1, "dtype": "int16"}
        try:
            devices = {kind: _find(sounddevice, name, kind) for kind, name in self._names.items()}
            self._alive = dict.fromkeys(self._alive, time.monotonic())
            self._playing.extend([SILENCE] * AHEAD)
            # Separate streams: a pair of devices with two clocks does not work as one stream.
            hear = sounddevice.RawInputStream(
                device=devices["input"], latency="low", callback=self._from_microphone, **settings
            )
            self._streams.append(hear)
            say = sounddevice.RawOutputStream(device=devices["output"], callback=self._to_loudspeaker, **settings)
            self._streams.append(say)
            for stream in self._streams:
                stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            self.close()
            raise NoSound(f"The station has no sound: {error}. Connect a microphone and a loudspeaker.") from error
        self.problem = ""

    def reopen(self) -> None:
        """Look for devices again and open both streams: PortAudio keeps the list of devices that it found at first, so
        only a new start sees what was connected since. Raises NoSound. Blocks."""
        import sounddevice

        self.close()
        sounddevice._terminate()
        sounddevice._initialize()
        self.open()

    def close(self) -> None:
        """Close both streams. Blocks for some milliseconds."""
        for stream in self._streams:
            with contextlib.suppress(Exception):  # a device that has gone may fail in any way
                stream.close(ignore_errors=True)
        self._streams.clear()
        self._playing.clear()

    def _from_microphone(self, data: Any, frames: int, when: Any, status: Any) -> None:
        # In PortAudio's thread, like the next one.
        self._alive["input"] = time.monotonic()
        with contextlib.suppress(RuntimeError):  # the program is ending
            self._loop.call_soon_threadsafe(self._take, bytes(data))

    def _to_loudspeaker(self, data: Any, frames: int, when: Any, status: Any) -> None:
        self._alive["output"] = time.monotonic()
        data[:] = self._playing.popleft() if self._playing else SILENCE
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._refill)

    def _take(self, block: bytes) -> None:
        while self._heard.qsize() >= MOST_HEARD:
            self._heard.get_nowait()
            self.dropped += 1
        self._heard.put_nowait(block)

    def _refill(self) -> None:
        while len(self._playing) < AHEAD:
            block = self._source()
            self._playing.append(block)
            self.on_played(block)

    async def watch(self) -> None:
        """Find the devices again when they have gone, as long as it takes."""
        while True:
            await asyncio.sleep(DEAD_S / 2)
            silent = [kind for kind, last in self._alive.items() if time.monotonic() - last > DEAD_S]
            if not silent:
                continue
            self.problem = f"The station's {' and '.join(silent)} device has gone. Connect it again."
            log.error("%s", self.problem)
            for attempt in range(1_000_000):
                with contextlib.suppress(NoSound):
                    await asyncio.to_thread(self.reopen)
                    log.warning("The station's sound is back.")
                    break
                await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])


def _find(sounddevice: Any, name: str, kind: str) -> int:
    """The number of the first device whose name contains `name`; the system's default for "". Raises ValueError."""
    if not name:
        default = sounddevice.default.device[kind]
        if default < 0:
            raise ValueError(f"no {kind} device was found")
        return int(default)
    for number, device in enumerate(sounddevice.query_devices()):
        if name.lower() in device["name"].lower() and device[f"max_{kind}_channels"]:
            return number
    raise ValueError(f"no {kind} device is called {name!r}")


@asynccontextmanager
async def open_sound(input_device: str = "", output_device: str = "") -> AsyncIterator[AudioDevice]:
    """Microphone and loudspeaker by a part of their names; "" is the system's default. Raises NoSound."""
    sound = AudioDevice(input_device, output_device)
    try:
        await asyncio.to_thread(sound.open)
    except NoSound:
        await asyncio.to_thread(sound.reopen)
    watching = asyncio.create_task(sound.watch())
    try:
        yield sound
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.to_thread(sound.close)
