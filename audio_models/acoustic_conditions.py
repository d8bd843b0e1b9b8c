"""What recordings are put through before a model is measured with them: a telephone line, or noise at 10 dB."""

from __future__ import annotations

import numpy as np
import soxr

from audio_models.sound_files import PcmAudio

TELEPHONE_HZ = 8000
NOISE_DB = 10.0


def clean(sound: PcmAudio) -> PcmAudio:
    """Return the recording as it is."""
    return sound


def by_telephone(sound: PcmAudio) -> PcmAudio:
    """8 kHz, 300 to 3400 Hz, through G.711 mu-law and back."""
    narrow = np.asarray(soxr.resample(sound.samples.astype(np.float32), sound.rate, TELEPHONE_HZ))
    spectrum = np.fft.rfft(narrow)
    hz = np.fft.rfftfreq(len(narrow), 1 / TELEPHONE_HZ)
    spectrum[(hz < 300) | (hz > 3400)] = 0
    wave = np.clip(np.fft.irfft(spectrum, len(narrow)) / 32768, -1, 1)
    pressed = np.round(np.sign(wave) * np.log1p(255 * np.abs(wave)) / np.log(256) * 127) / 127
    heard = np.sign(pressed) * (256 ** np.abs(pressed) - 1) / 255
    return PcmAudio(np.asarray(heard * 32767, np.int16), TELEPHONE_HZ)


def in_noise(sound: PcmAudio) -> PcmAudio:
    """Pink noise, 10 dB below the speech; the same noise for the same recording."""
    wave = sound.samples.astype(np.float64)
    spectrum = np.fft.rfft(np.random.default_rng(len(wave)).normal(0, 1, len(wave)))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(len(wave), 1 / sound.rate), 50)), len(wave))
    spoken = wave[np.abs(wave) > 0.02 * np.abs(wave).max()]
    level = np.sqrt(np.mean(spoken**2)) if len(spoken) else 0.0
    noisy = wave + noise / (np.std(noise) + 1e-9) * level * 10 ** (-NOISE_DB / 20)
    return PcmAudio(np.asarray(np.clip(noisy, -32768, 32767), np.int16), sound.rate)


CONDITIONS = {"clean": clean, "telephone": by_telephone, "10 dB noise": in_noise}
