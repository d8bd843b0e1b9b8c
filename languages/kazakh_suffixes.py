"""Which Kazakh ending a word takes, by its last sound: адамның, администратордың, заказдар, операторлар.

Vowel harmony is up to the phrase files, which name a set of endings with front or with back vowels.
"""

from __future__ import annotations

VOICELESS = frozenset("пткқсшщчцхф")
SOUND_VOICELESS = VOICELESS | frozenset("бвгд")
"""What is spoken without voice at the end of a word."""
NASAL = frozenset("мнң")
HISSING = frozenset("зж")
VOWELS = frozenset("аәоөұүыіеиэюя")
LIKE_VOWELS = VOWELS | frozenset("рйу")
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
            return last in HISSING
        case "мен":
            return last not in HISSING
        case "дар" | "дер":
            return last not in LIKE_VOWELS
        case "лар" | "лер":
            return last in LIKE_VOWELS
    if ending[:1] in ("ғ", "г"):
        return last not in VOICELESS
    if ending[:1] in ("қ", "к"):
        return last in SOUND_VOICELESS
    return True
