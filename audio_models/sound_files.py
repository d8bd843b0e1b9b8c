"""Sound files in and out, by pydub and ffmpeg: the only module that knows them."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from pydub import AudioSegment
from pydub.exceptions import CouldntDecodeError, CouldntEncodeError

from audio_models.errors import BadRecordings, EncodingFailed


@dataclass(frozen=True, slots=True)
class PcmAudio:
    """A recording in memory."""

    samples: NDArray[np.int16]
    rate: int
    """Hz."""

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return len(self.samples) / self.rate


def read_sound(path: Path) -> PcmAudio:
    """A sound file of any common format, mixed to mono; 8 and 16 kHz stay as they are, other rates become 16 kHz.

    Raises BadRecordings when it cannot be decoded.
    """
    try:
        with wave.open(str(path)) as file:
            if file.getnchannels() == 1 and file.getsampwidth() == 2 and file.getframerate() in (8000, 16000):
                samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
                return PcmAudio(samples, file.getframerate())
    except (wave.Error, EOFError):
        pass  # another format, or a WAV that the standard library does not know
    try:
        # From memory: pydub leaves a file that it opened itself open.
        audio = AudioSegment.from_file(io.BytesIO(path.read_bytes())).set_channels(1).set_sample_width(2)
    except (CouldntDecodeError, IndexError, OSError):
        raise BadRecordings(f"{path} is no sound file that can be decoded. Give WAV, Ogg, FLAC or MP3.") from None
    samples = np.array(audio.get_array_of_samples(), np.int16)
    if audio.frame_rate not in (8000, 16000):
        return PcmAudio(soxr.resample(samples, audio.frame_rate, 16000), 16000)
    return PcmAudio(samples, audio.frame_rate)


def write_opus(path: Path, pcm: bytes, rate_hz: int, channels: int) -> None:
    """Write signed 16-bit little-endian PCM, channels interleaved, as Ogg Opus of 32 kbit/s. Blocks.

    Raises EncodingFailed when ffmpeg cannot, OSError when the file cannot be written.
    """
    sound = AudioSegment(pcm, sample_width=2, frame_rate=rate_hz, channels=channels)
    try:
        sound.export(path, format="ogg", codec="libopus", bitrate="32k").close()
    except CouldntEncodeError as error:
        raise EncodingFailed(f"{path} could not be encoded. Is ffmpeg installed?") from error
