"""Kazakh suffixes: which endings a word takes, and its case forms: адамның, Чеховтың, «Абай жолының», заказдар.

The table of endings stands in kazakh_suffixes.toml, once for what is spoken, heard and searched.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from languages.letters import (
    BACK_VOWELS,
    BUZZING,
    FINALLY_VOICELESS,
    FRONT_VOWELS,
    GLIDES,
    KAZAKH_ONLY,
    NASAL,
    VOICELESS,
    VOWEL_LETTERS,
)

Case = Literal["genitive", "dative", "accusative", "locative", "ablative", "instrumental"]
CASES: tuple[Case, ...] = ("genitive", "dative", "accusative", "locative", "ablative", "instrumental")

VOWELS = BACK_VOWELS | FRONT_VOWELS
BEFORE_L = VOWELS | GLIDES | frozenset("рй")
"""After these the plural begins with л."""
_SOUNDS = {"voiceless": FINALLY_VOICELESS, "nasal": NASAL, "buzzing": BUZZING, "vowel": VOWELS}
_POSSESSIVE = ("ы", "і")


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("languages").joinpath("kazakh_suffixes.toml").read_text(encoding="utf-8"))


@cache
def case_of_ending() -> Mapping[str, Case]:
    """Return the case that each ending after a bare noun marks, such as "тен": "ablative"."""
    return {form: case for case in CASES for forms in _tables()[case].values() for form in forms}


def with_case(words: str, case: Case, *, possessive: bool | None = None) -> str:
    """Return `words` with the ending of a case after the last word: `with_case("бес", "ablative")` is "бестен".

    A last word with a possessive ending takes -н-: "Абай жолы" becomes "Абай жолының". None for `possessive`: it has
    one when several words end in -ы or -і and the last is not known to end so by itself. Text that does not end in a
    letter comes back as it is.
    """
    if not words[-1:].isalpha():
        return words
    front = has_front_vowels(words)
    if possessive if possessive is not None else _ends_in_possessive(words):
        return words + str(_tables()["after_possessive"][case][front])
    last = words.lower().rstrip("ьъ")[-1:]
    sound = next((name for name, signs in _SOUNDS.items() if last in signs), "other")
    endings = _tables()[case]
    return words + str(endings.get(sound, endings["other"])[front])


def has_front_vowels(words: str) -> bool:
    """Return whether the last of `words` takes endings with front vowels: Пушкин does, Чехов does not.

    The last vowel decides; surnames in -ов of Kazakh stems and all in -ев go by their stem. A last и is front but in
    Ғали and тарих and the like; у and ю leave it to the vowel before.
    """
    word = words.lower().replace("-", " ").split()[-1]
    if word.endswith("ль"):
        return True
    if word.endswith("ев") or (word.endswith("ов") and (set(word) & set(KAZAKH_ONLY) or word[:-2].endswith(_STEMS))):
        word = word[:-2]
    vowels = [letter for letter in word if letter in VOWEL_LETTERS]
    native = word.endswith("и") and set("қғ") & set(word)  # Ғали
    if vowels and vowels[-1] == "и" and not native and word not in _tables()["words"]["back"]:
        return True
    return next((vowel in FRONT_VOWELS for vowel in reversed(vowels) if vowel not in GLIDES), False)


_STEMS = ("бек", "мет", "кен", "темір", "темир")
"""Ends of Kazakh stems that Russian letters hide."""


def _ends_in_possessive(words: str) -> bool:
    last = words.lower().split()[-1]
    by_itself = last.endswith(("шы", "ші"))  # callings and ordinals: жазушы, екінші
    return (
        " " in words.strip()
        and last.endswith(_POSSESSIVE)
        and not by_itself
        and last not in _tables()["words"]["no_possessive"]
    )


def takes(stem: str, ending: str) -> bool:
    """Return whether `ending` may follow `stem`: the first sound of the ending goes by the last of the stem."""
    last = stem.rstrip("ьъ")[-1:]
    match ending[:3]:
        case "ның" | "нің":
            return last in NASAL | VOWELS
        case "дың" | "дің":
            return last not in NASAL | VOWELS
        case "нан" | "нен":
            return last in NASAL
        case "дан" | "ден":
            return last not in NASAL
        case "бен":
            return last in BUZZING
        case "мен":
            return last not in BUZZING
        case "дар" | "дер":
            return last not in BEFORE_L
        case "лар" | "лер":
            return last in BEFORE_L
    if ending[:1] in ("ғ", "г"):
        return last not in VOICELESS
    if ending[:1] in ("қ", "к"):
        return last in FINALLY_VOICELESS
    return True
