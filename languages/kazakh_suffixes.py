"""Which Kazakh ending a word takes, by its last sound: адамның, администратордың, заказдар, операторлар.

Vowel harmony is up to the phrase files, which name a set of endings with front or with back vowels.
"""

from __future__ import annotations

from languages.letters import BACK_VOWELS, BUZZING, FINALLY_VOICELESS, FRONT_VOWELS, GLIDES, NASAL, VOICELESS

VOWELS = BACK_VOWELS | FRONT_VOWELS
BEFORE_L = VOWELS | GLIDES | frozenset("рй")
"""After these the plural begins with л."""


def takes(stem: str, ending: str) -> bool:
    """Whether `ending` may follow `stem`: the first sound of the ending goes by the last of the stem."""
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
