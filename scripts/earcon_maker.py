"""Makes the WAV files of the earcons from earcons.toml with pydub: `python -m scripts.earcon_maker`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydub import AudioSegment
from pydub.generators import Sine

HERE = Path(__file__).parent.parent / "voice" / "synthesis"
FADE_MS = 8
"""Every note swells and dies away: a hard edge clicks, most of all in headphones."""
RATE_HZ = 16000


def compose(notes: list[list[int]]) -> AudioSegment:
    """An earcon from its notes [Hz, ms, dB]; 16 kHz, mono, 16 bits."""
    sound = AudioSegment.silent(duration=0, frame_rate=RATE_HZ)
    for hertz, milliseconds, decibels in notes:
        if hertz == 0:
            sound += AudioSegment.silent(duration=milliseconds, frame_rate=RATE_HZ)
        else:
            note = Sine(hertz, sample_rate=RATE_HZ).to_audio_segment(duration=milliseconds, volume=decibels)
            sound += note.fade_in(FADE_MS).fade_out(FADE_MS)
    return sound.set_sample_width(2).set_channels(1)


def main() -> None:
    recipes = tomllib.loads((HERE / "earcons.toml").read_text(encoding="utf-8"))
    for name, notes in recipes.items():
        compose(notes).export(HERE / "sounds" / f"{name}.wav", format="wav")


if __name__ == "__main__":
    main()
