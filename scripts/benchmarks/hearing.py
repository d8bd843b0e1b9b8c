"""How well the starter models hear: per language, clean, by telephone and in noise at 10 dB.

    python scripts/benchmarks/hearing.py [FOLDER …]

Each FOLDER has audio and transcripts.tsv (path, language, speaker, text); without any, our own sentences are spoken by
espeak-ng in voices that never trained the models, which says little about people.

"all right" and "10 right": the share of phrases that were taken for the right one among all of the folder, and among
ten (audio_models/phrases.py). "false acc.": of ten phrases, none of which was said, one is taken, with a confidence of
0.15 and more as calls calibrate it. "false rej.": it was said, and none was taken.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from confidence import decoded

from audio_models.acoustic_conditions import CONDITIONS
from audio_models.decoding import Decoder, normalised
from audio_models.phrases import closest
from audio_models.scoring import open_vocabulary, summary, test_models
from audio_models.sound_files import PcmAudio, read_sound
from audio_models.starter import STARTERS, prepare
from audio_models.synthetic_test_set import make_own_test
from audio_models.transcribed_recordings import TranscribedRecording, read_recordings
from voice.recognition.rescoring import hypotheses, load_calibration
from voice.recognition.vosk_recogniser import VoskRecogniser

FEW = 10
"""Phrases of the narrow grammar."""
TAKEN = 0.15
"""Confidence from which on a phrase counts as taken."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    folders: list[Path] = parser.parse_args(argv).folders
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders or [make_own_test(Path(scratch) / "own")]:
            _table(folder.name, read_recordings(folder), Path(scratch) / "store")
    return 0


def _table(title: str, recordings: Sequence[TranscribedRecording], store: Path) -> None:
    print(f"\n{title}: {len(recordings)} recordings, open vocabulary of their words and the letters' names")
    print(
        f"{'':14}{'':14}{'WER open':>9}{'all right':>10}{'10 right':>9}{'false acc.':>11}{'false rej.':>11}{'rtf':>7}"
    )
    for language in sorted({recording.language for recording in recordings}):
        mine = [recording for recording in recordings if recording.language == language]
        decoder, recogniser = _prepared(store, mine, language)
        for name, change in CONDITIONS.items():
            figures = summary(test_models(store, mine, (), (), change=change))
            right, accepted, rejected = _few(decoder, recogniser, mine, change)
            shares = figures["wer_open"], figures["accuracy_closed"], right, accepted, rejected
            row = "".join(f"{100 * share:{width}.1f}%" for share, width in zip(shares, (8, 9, 8, 10, 10), strict=True))
            print(f"{language:14}{name:14}{row}{figures['rtf']:7.3f}")


def _prepared(store: Path, recordings: Sequence[TranscribedRecording], language: str) -> tuple[Decoder, VoskRecogniser]:
    prepare(store, (), open_vocabulary(recordings, (), ()))
    starter = next(starter for starter in STARTERS if language in starter.languages)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    decoder = Decoder(store / starter.name)
    spent, grown = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{starter.name}: loaded in {spent:.2f} s, {grown / 1024:.0f} MB more memory at most")
    return decoder, VoskRecogniser(store / starter.name, "+".join(starter.languages))


def _few(
    decoder: Decoder,
    recogniser: VoskRecogniser,
    recordings: Sequence[TranscribedRecording],
    change: Callable[[PcmAudio], PcmAudio],
) -> tuple[float, float, float]:
    """With ten phrases: right when the phrase is among them, taken when it is not, not taken when it is."""
    chance = random.Random(1)
    texts = sorted({normalised(recording.text) for recording in recordings})
    right = accepted = rejected = 0
    for recording in recordings:
        text = normalised(recording.text)
        others = chance.sample([other for other in texts if other != text], min(FEW, len(texts) - 1))
        strange = [other for other in others if not set(other.split()) & set(text.split())]
        sound = change(read_sound(recording.path))
        heard = decoder.hear(sound, [text, *others[1:]])
        right += heard.text == text and not heard.unknown
        rejected += not _taken(recogniser, sound, [text, *others[1:]], recording.language)
        accepted += _taken(recogniser, sound, strange, recording.language)
    count = len(recordings)
    return right / count, accepted / count, rejected / count


def _taken(recogniser: VoskRecogniser, sound: PcmAudio, phrases: Sequence[str], language: str) -> bool:
    """The sound is taken for one of the phrases."""
    listener = recogniser.listener(sound.rate, recogniser.grammar(phrases))
    heard = decoded(recogniser, listener, sound, narrow=True)
    if closest(heard.readings[0].text, phrases) is None:
        return False
    return any(each.confidence >= TAKEN for each in hypotheses([heard], language, load_calibration()))


if __name__ == "__main__":
    sys.exit(main())
