"""A sound file as what a reader said: any rate, any number of channels, most formats.

ffmpeg decodes to floats, which every format fits into; whatever it makes of a file is bounded in length and time.
"""

from __future__ import annotations

import os
import stat
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soxr
from numpy.typing import NDArray

from voice.values.audio import FRAME_MS
from voice.values.errors import VoiceError

LONGEST_S = 300
"""Seconds of a recording that are listened to; a question is shorter."""
LARGEST = 200_000_000
"""Bytes of a file that is opened at all, and of what it is decoded to."""
DECODING_S = 60
"""Seconds that decoding may take."""
CANCELLED = 0.1
"""Of the loudest channel's level: below it channels cancel each other in a mix, and one of them is taken alone."""
FFMPEG = ("ffmpeg", "-v", "error", "-nostdin", "-protocol_whitelist", "cache,pipe", "-read_ahead_limit", "-1")
"""Nothing but the file itself is read, whatever other files or addresses it names."""


class AudioFileError(VoiceError):
    """A sound file that cannot be read; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """Mono speech."""

    pcm: bytes
    """Signed 16-bit little-endian."""
    rate: int
    """8000 or 16000 Hz: a telephone recording stays one, everything else becomes wide-band."""

    def frames(self) -> Iterator[bytes]:
        """Frames of 20 ms; the last is filled up with silence."""
        size = self.rate * 2 * FRAME_MS // 1000
        for start in range(0, len(self.pcm), size):
            yield self.pcm[start : start + size].ljust(size, b"\0")


def read_recording(path: Path) -> AudioFile:
    """Read a regular file by its content, whatever its name. Raises AudioFileError. Blocks: call it in a thread."""
    try:
        # A pipe without a writer must not hold us up before it is known that it is one.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise AudioFileError(f"{path} is no file. Send a WAV, Ogg or MP3 file.")
            if found.st_size > LARGEST:
                raise AudioFileError(f"{path} is too large for a question: send at most five minutes of sound.")
            decoded = _decoded(file)
    except subprocess.TimeoutExpired as error:
        raise AudioFileError(f"{path} takes too long to decode. Send a WAV, Ogg or MP3 file.") from error
    except subprocess.CalledProcessError as error:
        raise AudioFileError(f"{path} is no sound file that can be read. Send a WAV, Ogg or MP3 file.") from error
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise AudioFileError(f"{path} cannot be opened: {said}. Check the name.") from error
    try:
        channels, rate, data = _parts(decoded)
        samples = np.frombuffer(data[: len(data) // (4 * channels) * 4 * channels], "<f4").reshape(-1, channels)
    except (ValueError, struct.error, ZeroDivisionError) as error:
        raise AudioFileError(f"{path} is no sound file that can be read. Send a WAV, Ogg or MP3 file.") from error
    if not len(samples):
        raise AudioFileError(f"{path} holds no sound. Record it again.")
    if not np.isfinite(samples).all():
        raise AudioFileError(f"{path} holds samples that are no numbers. Record it again.")
    mono = _mono(samples)
    wanted = 8000 if rate <= 8000 else 16000
    if rate != wanted:
        mono = soxr.resample(mono, rate, wanted)
    return AudioFile(np.clip(mono * 32768, -32768, 32767).astype("<i2").tobytes(), wanted)


def _decoded(file: BinaryIO) -> bytes:
    """The sound as a WAV file of 32-bit floats. Raises OSError when ffmpeg is missing, SubprocessError."""
    limits = ("-t", str(LONGEST_S), "-fs", str(LARGEST))
    command = (*FFMPEG, "-i", "cache:pipe:0", "-map", "0:a:0", *limits, "-f", "wav", "-c:a", "pcm_f32le", "-")
    return subprocess.run(command, stdin=file, capture_output=True, timeout=DECODING_S, check=True).stdout


def _parts(wav: bytes) -> tuple[int, int, bytes]:
    """Channels, rate and data of what `_decoded` gives: a stream, whose lengths are not known when they are written.
    Raises ValueError, struct.error."""
    place, channels, rate = 12, 0, 0
    while True:
        name, length = struct.unpack_from("<4sI", wav, place)
        if name == b"data":
            return channels, rate, wav[place + 8 :]
        if name == b"fmt ":
            channels, rate = struct.unpack_from("<HI", wav, place + 10)
        place += 8 + length + length % 2


def _mono(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The channels mixed; the loudest alone where they would cancel each other, as with crossed wires."""
    mixed: NDArray[np.float32] = samples.mean(axis=1)
    levels = np.sqrt(np.square(samples, dtype=np.float64).mean(axis=0))
    if np.sqrt(np.square(mixed, dtype=np.float64).mean()) < CANCELLED * levels.max():
        return samples[:, int(levels.argmax())]
    return mixed
