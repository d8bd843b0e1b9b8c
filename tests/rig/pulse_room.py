"""A room without a sound card: PulseAudio with null sinks for the station's loudspeaker and the reader's mouth."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest

# The default null sink of 2,000 ms breaks PortAudio; norewinds=1 makes it 50 ms.
SETUP = """
load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/native
load-module module-null-sink sink_name=station_speaker rate=16000 channels=1 norewinds=1
load-module module-null-sink sink_name=reader_voice rate=16000 channels=1 norewinds=1
load-module module-remap-source source_name=station_mic master=reader_voice.monitor
set-default-sink station_speaker
set-default-source station_mic
"""


class Room:
    """A station's loudspeaker and microphone, and a virtual reader's ear and mouth. All sound is at 16000 Hz."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.environment = {
            "PULSE_SERVER": f"unix:{folder}/native",
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "HOME": str(folder),
        }
        self._server: Popen[bytes] | None = None

    def start(self) -> None:
        (self._folder / "room.pa").write_text(SETUP.format(folder=self._folder))
        # fmt: off
        self._server = Popen(
            ["pulseaudio", "-n", "-F", str(self._folder / "room.pa"), "--exit-idle-time=-1", "--use-pid-file=no",
             "--daemonize=no", "--realtime=no", "--high-priority=no"],
            env={**os.environ, **self.environment}, stdout=DEVNULL, stderr=DEVNULL,
        )
        # fmt: on
        deadline = time.monotonic() + 10
        while not (self._folder / "native").exists():
            assert time.monotonic() < deadline, "PulseAudio does not start"
            time.sleep(0.05)
        time.sleep(0.3)  # its modules load after its socket

    def stop(self) -> None:
        """The sound server goes, as when a card is pulled out."""
        if self._server:
            self._server.terminate()
            self._server.wait()
            (self._folder / "native").unlink(missing_ok=True)
            self._server = None

    async def say(self, pcm: bytes) -> None:
        """The reader speaks."""
        # fmt: off
        process = await asyncio.create_subprocess_exec(
            "pacat", "--playback", "--latency-msec=500", "--device=reader_voice", "--rate=16000", "--channels=1",
            "--format=s16le", stdin=asyncio.subprocess.PIPE, env={**os.environ, **self.environment},
        )
        # fmt: on
        await process.communicate(pcm)

    async def listen(self, seconds: float) -> bytes:
        """What the station's loudspeaker gives for so long."""
        # fmt: off
        process = await asyncio.create_subprocess_exec(
            "pacat", "--record", "--latency-msec=500", "--device=station_speaker.monitor", "--rate=16000",
            "--channels=1", "--format=s16le", stdout=asyncio.subprocess.PIPE, env={**os.environ, **self.environment},
        )
        # fmt: on
        assert process.stdout
        try:
            return await asyncio.wait_for(process.stdout.readexactly(int(seconds * 32_000)), 20)
        finally:
            process.terminate()
            await process.communicate()


@contextmanager
def room() -> Iterator[Room]:
    """A room of one's own, however many tests run; PortAudio of this process is in it."""
    if not shutil.which("pulseaudio") or not Path("/etc/alsa/conf.d/99-pulse.conf").exists():
        pytest.skip("pulseaudio is not installed (Debian: pulseaudio, libasound2-plugins)")
    import sounddevice

    with tempfile.TemporaryDirectory(prefix="room") as folder, pytest.MonkeyPatch.context() as patch:
        here = Room(Path(folder))
        for name, value in here.environment.items():
            patch.setenv(name, value)
        here.start()
        sounddevice._terminate()
        sounddevice._initialize()  # it looked for devices when there was no room yet
        try:
            yield here
        finally:
            here.stop()
