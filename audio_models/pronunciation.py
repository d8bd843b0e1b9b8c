"""English words as phonemes, read by espeak-ng, which the synthesiser needs anyway."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable

from audio_models.acoustic_units import PHONEMES
from audio_models.errors import ModelError

Pronunciations = dict[str, tuple[tuple[str, ...], ...]]
"""Word -> its ways of being said, each a row of units; no entry when it cannot be read."""

VOICE = "en-us"

REPLACEMENTS = (
    ("aɪɚ", "aɪ_ə_r"), ("aɪə", "aɪ_ə"), ("ɔːɹ", "ɔ_r"), ("oːɹ", "ɔ_r"), ("ɑːɹ", "ɑ_r"), ("ʊɹ", "ʊ_r"), ("ɪɹ", "ɪ_r"),
    ("ɛɹ", "e_r"), ("ɜː", "ɜ"), ("ɚ", "ə_r"), ("iə", "i_ə"), ("əl", "ə_l"), ("n̩", "ə_n"), ("l̩", "ə_l"),
    ("iː", "i"), ("uː", "u"), ("ɑː", "ɑ"), ("ɔː", "ɔ"), ("oː", "ɔ"), ("ɐ", "ə"), ("ᵻ", "ɪ"), ("ɛ", "e"), ("ɒ", "ɑ"),
    ("ɾ", "t"), ("ʔ", "t"), ("ɹ", "r"), ("ɡ", "g"), ("x", "k"), ("ɬ", "l"), ("o", "oʊ"), ("a", "æ"),
)  # fmt: skip
"""espeak-ng's finer sounds -> the ones of PHONEMES, tried on each sound in this order."""

SPOKEN_OTHERWISE: Pronunciations = {
    "a": (("ə",), ("eɪ",)),
    "the": (("ð", "ə"), ("ð", "i")),
    "to": (("t", "u"), ("t", "ə")),
    "of": (("ə", "v"), ("ʌ", "v")),
    "and": (("æ", "n", "d"), ("ə", "n", "d"), ("ə", "n")),
    "for": (("f", "ɔ", "r"), ("f", "ə", "r")),
    "zero": (("z", "i", "r", "oʊ"), ("z", "ɪ", "r", "oʊ")),
    "four": (("f", "ɔ", "r"), ("f", "ɔ")),
    "three": (("θ", "r", "i"), ("t", "r", "i"), ("s", "r", "i")),
}
"""Short words said differently inside a sentence or with an accent."""

_STRESS = re.compile("[ˈˌ ]")


def pronounce(words: Iterable[str]) -> Pronunciations:
    """The pronunciations of English words. Raises ModelError when espeak-ng is not installed."""
    wanted = sorted(set(words))
    if not wanted:
        return {}
    if shutil.which("espeak-ng") is None:
        raise ModelError("English words need espeak-ng for their sounds. Install it: apt install espeak-ng.")
    read = subprocess.run(
        ["espeak-ng", "-q", "--ipa", "--sep=_", "-v", VOICE],
        input="".join(f"{word}\n\n" for word in wanted),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in read.stdout.splitlines() if line.strip()]
    if len(lines) != len(wanted):  # a word made of signs alone is read as nothing: find it by asking one by one
        return {} if len(wanted) == 1 else pronounce(wanted[::2]) | pronounce(wanted[1::2])
    found = {word: SPOKEN_OTHERWISE.get(word) or _units(line) for word, line in zip(wanted, lines, strict=True)}
    return {word: ways for word, ways in found.items() if ways}


def _units(line: str) -> tuple[tuple[str, ...], ...]:
    sounds: list[str] = []
    for sound in _STRESS.sub("_", line.strip()).split("_"):
        if not sound:
            continue
        if sound not in PHONEMES:
            for finer, ours in REPLACEMENTS:
                if finer in sound:
                    sound = sound.replace(finer, ours)
                    break
        parts = sound.split("_")
        if any(part not in PHONEMES for part in parts):
            return ()
        sounds += [part for part in parts if not (part == "r" and sounds[-1:] == ["r"])]
    return (tuple(sounds),) if sounds else ()
