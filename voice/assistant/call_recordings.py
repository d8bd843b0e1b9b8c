"""Recordings of calls: only of readers who have agreed, as Ogg, for a term, and gone when the reader says so.

Nothing is written before `begin`, and the conversation calls that only after the reader's yes. The sound lies in a
file without a name until the call is over, so that a crash leaves nothing behind. It is written by a thread of its own:
a disk that is slow or full costs the recording, never the call. Kept files carry an opaque name of
their owner, never a ticket or a number, and can be read by this user alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import re
import secrets
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from audio_models.errors import EncodingFailed
from audio_models.sound_files import write_opus
from voice.channels.call import FrameSource
from voice.values.errors import VoiceError, cause_of

log = logging.getLogger(__name__)

TERM = timedelta(days=30)
"""How long a recording may stay; the reader hears so when asked (`prompt.recording`)."""
EVERY_S = 3600
"""Between two looks for recordings whose term is over."""
OWNER = re.compile(r"[0-9a-f]{8,64}")
NAME = re.compile(r"(?P<when>\d{8}T\d{6})-(?P<owner>[0-9a-f]{8,64})-(?P<id>[0-9a-f]{8})\.ogg")
WHEN = "%Y%m%dT%H%M%S"
BEHIND_FRAMES = 10
"""Frames of the reader that wait for their place; what a stall piles up beyond is dropped."""
MOST_UNWRITTEN = 1500
"""Frames that wait for the disk, half a minute; when there are more the recording is given up."""
WRITING_S = 10.0
"""Seconds in which the last frames of a call must be on the disk."""


class RecordingFailed(VoiceError):
    """A recording could not be written: the disk is full, or ffmpeg is not installed."""


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """A recording in the folder."""

    id: str
    owner: str
    """Opaque: a salted hash of who agreed."""
    when: datetime
    """Local time of the library at which the call began."""
    path: Path


class CallRecording:
    """One call being recorded: the reader left, Dauys right. The frames that go out are its clock."""

    def __init__(self, rate_hz: int, owner: str, when: datetime) -> None:
        """Raises RecordingFailed when there is no room for it."""
        if not OWNER.fullmatch(owner):
            raise ValueError("the owner of a recording is named by 8 to 64 hexadecimal digits")
        self.rate_hz, self.owner, self.when = rate_hz, owner, when
        self.failure: Exception | None = None
        """Why the rest is not recorded."""
        try:
            self._sound = tempfile.TemporaryFile()  # noqa: SIM115 - closed by drop
        except OSError as error:
            raise RecordingFailed("There is no room for a recording. Is the disk full?") from error
        self._reader: deque[bytes] = deque(maxlen=BEHIND_FRAMES)
        self._unwritten: queue.Queue[bytes | None] = queue.Queue(MOST_UNWRITTEN)
        self._is_over = self._dropped = False
        self._writer = threading.Thread(target=self._write, name="recording", daemon=True)
        self._writer.start()

    def heard(self, pcm: bytes) -> None:
        """A frame of the reader."""
        self._reader.append(pcm)

    def taped(self, source: FrameSource) -> FrameSource:
        """`source`, with everything that it gives written down beside what the reader says. Gives what `source` gives
        whatever becomes of the recording."""

        def next_frame() -> bytes:
            said = source()
            if not self._is_over and self.failure is None:
                try:
                    self._unwritten.put_nowait(self._pair(said))
                except Exception as error:  # a full queue, or a frame of an odd length
                    self.failure = error
            return said

        return next_frame

    def sound(self) -> bytes:
        """All that was recorded, stereo, 16 bits; nothing more is taken. Raises RecordingFailed. Blocks."""
        self._end()
        self._writer.join(WRITING_S)
        if self._writer.is_alive():
            raise RecordingFailed("The disk takes no more of the recording.")
        if self.failure:
            raise RecordingFailed("The recording could not be written. Is the disk full?") from self.failure
        self._sound.seek(0)
        return self._sound.read()

    def drop(self) -> None:
        """The reader has taken the consent back, or it was kept: nothing stays. Harmless when done before."""
        self._dropped = True
        self._end()
        if not self._writer.is_alive():
            self._close()

    def _pair(self, said: bytes) -> bytes:
        heard = self._reader.popleft() if self._reader else b""
        pair = np.zeros((len(said) // 2, 2), dtype="<i2")
        pair[: len(heard) // 2, 0] = np.frombuffer(heard, "<i2")[: len(pair)]
        pair[:, 1] = np.frombuffer(said, "<i2")
        return pair.tobytes()

    def _end(self) -> None:
        """Take no more; the writer ends when it has written what waits."""
        if not self._is_over:
            self._is_over = True
            with contextlib.suppress(queue.Full):  # the writer is stuck and sees `_is_over` when it comes round
                self._unwritten.put_nowait(None)

    def _write(self) -> None:
        """In a thread: write until the end. After a failure what comes is thrown away."""
        while (frame := self._next()) is not None:
            try:
                if self.failure is None and not self._dropped:
                    self._sound.write(frame)
            except (OSError, ValueError) as error:
                self.failure = error
                self._close()  # a full disk gets its room back
        try:
            if not self._dropped:
                self._sound.flush()
        except (OSError, ValueError) as error:
            self.failure = self.failure or error
        if self._dropped:
            self._close()

    def _next(self) -> bytes | None:
        if self._is_over and self._unwritten.empty():
            return None
        return self._unwritten.get()

    def _close(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # what a full disk did not take is not wanted any more
            self._sound.close()


class CallRecordings:
    """A folder of recordings. `term` is how long each may stay."""

    def __init__(self, folder: Path, term: timedelta) -> None:
        self._folder = folder
        self._term = term

    def begin(self, rate_hz: int, owner: str, now: datetime) -> CallRecording:
        """Start recording a call whose reader has agreed. `owner` names her by 8 to 64 hexadecimal digits. Raises
        RecordingFailed."""
        return CallRecording(rate_hz, owner, now)

    async def keep(self, recording: CallRecording) -> KeptRecording:
        """Write a finished recording into the folder as Ogg. Raises RecordingFailed."""
        return await asyncio.to_thread(self._keep, recording)

    def _keep(self, recording: CallRecording) -> KeptRecording:
        id = secrets.token_hex(4)
        path = self._folder / f"{recording.when.strftime(WHEN)}-{recording.owner}-{id}.ogg"
        unfinished = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            write_opus(unfinished, recording.sound(), recording.rate_hz, channels=2)
            unfinished.replace(path)
        except (OSError, EncodingFailed, RecordingFailed) as error:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise RecordingFailed(
                f"The recording could not be written to {self._folder}. Is the disk full, is ffmpeg installed?"
            ) from error
        finally:
            recording.drop()
        return KeptRecording(id, recording.owner, recording.when.replace(microsecond=0, tzinfo=None), path)

    def kept(self) -> tuple[KeptRecording, ...]:
        """All recordings, oldest first. Foreign files in the folder are left alone."""
        found = ((NAME.fullmatch(path.name), path) for path in sorted(self._folder.glob("*.ogg")))
        return tuple(
            KeptRecording(name["id"], name["owner"], datetime.strptime(name["when"], WHEN), path)
            for name, path in found
            if name
        )

    def delete(self, owner: str) -> int:
        """Delete everything of one reader; returns how many recordings that were."""
        return self._delete(kept for kept in self.kept() if kept.owner == owner)

    def expire(self, now: datetime) -> int:
        """Delete everything whose term is over; to be called once a day. Returns how many recordings that were."""
        last = now.replace(tzinfo=None) - self._term
        return self._delete(kept for kept in self.kept() if kept.when < last)

    async def keep_term(self, now: Callable[[], datetime]) -> None:
        """Delete what is due, every hour, for ever."""
        while True:
            try:
                await asyncio.to_thread(self.expire, now())
            except OSError as error:  # tried again in an hour: the promise to readers outlives a disk that was away
                log.error("recordings whose term is over could not be deleted: %s", cause_of(error))
            await asyncio.sleep(EVERY_S)

    def delete_one(self, id: str) -> bool:
        """Delete the recording with this id; False when there is none."""
        return self._delete(kept for kept in self.kept() if kept.id == id) > 0

    @staticmethod
    def _delete(doomed: Iterable[KeptRecording]) -> int:
        count = 0
        for kept in doomed:
            kept.path.unlink(missing_ok=True)
            count += 1
        return count
