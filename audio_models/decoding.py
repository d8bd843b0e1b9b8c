"""Decodes whole recordings with Vosk, for measuring models. Live calls are heard by voice/recognition."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vosk

from audio_models.errors import BadModel
from audio_models.phrases import closest
from audio_models.sound_files import PcmAudio
from audio_models.spelling import tokens
from audio_models.vosk_format.lexicon import UNKNOWN

SILENT = -2
"""Vosk's log level that prints not even warnings."""
BLOCK_S = 0.1
AROUND_S = 0.3
"""Silence before and after a recording, as a live call has it: clips cut at the first sound lose words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model made of a recording."""

    text: str
    """Of a grammar, the phrase that was meant; otherwise the words, without [unk]."""
    unknown: bool
    """There was speech, and it was no phrase of the grammar."""
    confidence: float
    """Vosk's own, the mean over the words; 0 without words."""
    seconds: float
    """Processor time of the decoding."""


class Decoder:
    """A model, and what it listens for."""

    def __init__(self, folder: Path) -> None:
        """Raises BadModel when Vosk cannot load the folder."""
        vosk.SetLogLevel(SILENT)
        try:
            self._model = vosk.Model(str(folder))
        except Exception:  # vosk raises nothing narrower
            raise BadModel(
                f"Vosk cannot load {folder}. Run `dauys models verify`, or install the model again."
            ) from None

    def knows(self, word: str) -> bool:
        """Whether the model has this word; a phrase with another word cannot be heard."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def hear(self, sound: PcmAudio, phrases: Sequence[str] | None = None) -> Heard:
        """Decode a recording: with the grammar of `phrases` and [unk], or with all words the model has.

        With a grammar the answer is the closest of its phrases (phrases.py). Phrases with a word the model does not
        know are left out; when none is left, nothing but [unk] can be heard.
        """
        known = [phrase for phrase in dict.fromkeys(phrases or ()) if phrase and all(map(self.knows, phrase.split()))]
        if phrases is None:
            decoder = vosk.KaldiRecognizer(self._model, float(sound.rate))
        else:
            grammar = json.dumps([*known, UNKNOWN], ensure_ascii=False)
            decoder = vosk.KaldiRecognizer(self._model, float(sound.rate), grammar)
        decoder.SetWords(True)
        started = time.thread_time()
        parts = []
        padded = np.pad(sound.samples, int(AROUND_S * sound.rate))
        step = int(BLOCK_S * sound.rate)
        for first in range(0, len(padded), step):
            if decoder.AcceptWaveform(padded[first : first + step].tobytes()):
                parts.append(json.loads(decoder.Result()))
        parts.append(json.loads(decoder.FinalResult()))
        spent = time.thread_time() - started
        words = [word for part in parts for word in part.get("result", ())]
        spoken = [word for word in words if word["word"] != UNKNOWN]
        text, unknown = " ".join(word["word"] for word in spoken), len(spoken) < len(words)
        if phrases is not None and words:
            meant = closest(" ".join(word["word"] for word in words), known)
            text, unknown = meant or text, meant is None
        return Heard(
            text=text,
            unknown=unknown,
            confidence=float(np.mean([word["conf"] for word in spoken])) if spoken else 0.0,
            seconds=spent,
        )


def normalised(text: str) -> str:
    """Words as they are compared: lower case, no punctuation, ё as е."""
    return " ".join(tokens(text)).replace("ё", "е")
