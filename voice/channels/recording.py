"""A sound file as what a reader said: any rate, any number of channels, most formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from pydub import AudioSegment
from pydub.exceptions import CouldntDecodeError

from voice.channels.call import FRAME_MS
from voice.errors import VoiceError

LONGEST_S = 300
"""Seconds of a recording that are listened to; a question is shorter."""
LARGEST = 200_000_000
"""Bytes of a file that is opened at all."""


class AudioFileError(VoiceError):
    """A sound file that cannot be read; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Recording:
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


def read_recording(path: Path) -> Recording:
    """Read a file by its content, whatever its name. Raises AudioFileError. Blocks: call it in a thread."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise AudioFileError(f"{path} is too large for a question: send at most five minutes of sound.")
        with path.open("rb") as file:  # pydub leaves a file open that it opens itself
            sound = AudioSegment.from_file(file)
    except OSError as error:
        raise AudioFileError(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    except (CouldntDecodeError, ValueError, IndexError, KeyError, EOFError) as error:
        raise AudioFileError(f"{path} is no sound file that can be read. Send a WAV, Ogg or MP3 file.") from error
    sound = sound[: LONGEST_S * 1000].set_sample_width(2)
    if not len(sound):
        raise AudioFileError(f"{path} holds no sound. Record it again.")
    samples = np.array(sound.get_array_of_samples(), dtype=np.float32).reshape(-1, sound.channels)
    rate = 8000 if sound.frame_rate <= 8000 else 16000
    mono = samples.mean(axis=1)
    if sound.frame_rate != rate:
        mono = soxr.resample(mono, sound.frame_rate, rate)
    return Recording(np.clip(mono, -32768, 32767).astype("<i2").tobytes(), rate)
