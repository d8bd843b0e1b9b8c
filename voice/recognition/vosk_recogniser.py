"""Vosk: a speech model in a folder, and listeners that decode one utterance after another with it.

Calls of a listener take milliseconds and release the interpreter: they belong into an executor, one at a time for a
listener. A model may serve any number of listeners at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audio_models.vosk_format.lexicon import UNKNOWN
from voice.recognition.errors import NoModel
from voice.recognition.recogniser import DecodedText

if TYPE_CHECKING:
    import vosk

ALTERNATIVES = 4
SILENT = -2
"""Vosk's log level that prints not even warnings (-1 still does)."""


class VoskRecogniser:
    """A model. `language` is what its words are in: kk, ru or en, or kk+ru for a shared one."""

    def __init__(self, folder: Path, language: str) -> None:
        import vosk  # it brings an HTTP client and a library of some megabytes: only who listens waits for it

        vosk.SetLogLevel(SILENT)
        # Vosk itself would search the network for a model without a path, or end the process for a folder without one.
        if not (folder / "am" / "final.mdl").is_file() and not (folder / "final.mdl").is_file():
            raise NoModel(f"There is no speech model in {folder}. Run `dauys models install`.")
        try:
            self._model = vosk.Model(str(folder))
        except Exception as error:  # vosk raises nothing narrower
            raise NoModel(f"The speech model in {folder} cannot be loaded. Run `dauys models verify`.") from error
        self.language = language

    def knows(self, word: str) -> bool:
        """The model can hear this word."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def grammar(self, phrases: Sequence[str]) -> tuple[str, ...]:
        """The phrases of which the model knows every word; the others would be heard in part."""
        return tuple(phrase for phrase in phrases if phrase and all(self.knows(word) for word in phrase.split()))

    def listener(self, rate_hz: int, grammar: Sequence[str] | None = None) -> VoskListener:
        """A listener for PCM at `rate_hz`: to the phrases of `grammar`, all else being [unk], or to all words."""
        if rate_hz < 8000:
            raise ValueError(f"{rate_hz} Hz is no rate of speech")  # Vosk loops for ever on tiny rates
        import vosk

        if grammar is None:
            decoder = vosk.KaldiRecognizer(self._model, rate_hz)
        else:
            words = json.dumps([*grammar, UNKNOWN], ensure_ascii=False)
            decoder = vosk.KaldiRecognizer(self._model, rate_hz, words)
        return VoskListener(decoder)


class VoskListener:
    """Decodes one utterance at a time."""

    def __init__(self, decoder: vosk.KaldiRecognizer) -> None:
        self._decoder = decoder
        self._decoder.SetMaxAlternatives(ALTERNATIVES)
        self._before: list[list[DecodedText]] = []

    def feed(self, pcm: bytes) -> str:
        """Decode some more; returns what seems to have been said so far."""
        partial = ""
        if self._decoder.AcceptWaveform(pcm):  # Vosk heard a pause; whether it was the end is not for Vosk to say
            self._before.append(_readings(self._decoder.Result()))
        else:
            partial = json.loads(self._decoder.PartialResult())["partial"]
        return " ".join(text for text in (*(readings[0].text for readings in self._before), partial) if text)

    def finish(self) -> tuple[DecodedText, ...]:
        """The readings of everything fed since the last `finish`, best first. The next `feed` begins again."""
        parts = [*self._before, _readings(self._decoder.FinalResult())]
        self._before = []
        spoken = [part for part in parts if part[0].text] or parts[-1:]
        *earlier, last = spoken
        start = " ".join(part[0].text for part in earlier)
        cost = sum(part[0].cost for part in earlier)
        return tuple(DecodedText(f"{start} {reading.text}".strip(), cost + reading.cost) for reading in last)


def _readings(result: str) -> list[DecodedText]:
    alternatives = json.loads(result).get("alternatives") or [{"text": "", "confidence": 0.0}]
    return [DecodedText(entry["text"], -entry["confidence"]) for entry in alternatives]
