"""How speech is misheard, drawn from how sounds are made; nothing here comes from how the search folds or stems.

The weights of the ranking were chosen on queries with another model of noise (`misheard` in this package); only that of
3-grams in common was chosen on both, with another seed than the one that is measured. A letter is taken for another the
likelier the nearer the two are in place, manner and voice (consonants) or in height, backness and rounding (vowels);
endings are swallowed more often than beginnings; a vowel slips in between two consonants; a word is cut in two, or two
are written as one.
"""

from __future__ import annotations

import math
import random

Sound = tuple[float, float, float]

CYRILLIC_CONSONANTS: dict[str, Sound] = {
    "б": (0, 0, 1), "п": (0, 0, 0), "м": (0, 3, 1), "в": (1, 2, 1), "ф": (1, 2, 0), "д": (2, 0, 1), "т": (2, 0, 0),
    "з": (2, 2, 1), "с": (2, 2, 0), "ц": (2, 1, 0), "н": (2, 3, 1), "л": (2, 4, 1), "р": (2, 4.5, 1), "ж": (3, 2, 1),
    "ш": (3, 2, 0), "щ": (3.5, 2, 0), "ч": (3, 1, 0), "й": (4, 5, 1), "г": (5, 0, 1), "к": (5, 0, 0), "ң": (5, 3, 1),
    "х": (5, 2, 0), "қ": (6, 0, 0), "ғ": (6, 1.5, 1), "һ": (7, 2, 0),
}  # fmt: skip
"""Place from the lips (0) to the throat (7); manner: stop, affricate, fricative, nasal, liquid, glide; voice."""
CYRILLIC_VOWELS: dict[str, Sound] = {
    "и": (0, 0, 0), "і": (0.5, 0.3, 0), "е": (1, 0, 0), "э": (1.2, 0, 0), "ә": (2, 0.3, 0), "ы": (0.5, 1.5, 0),
    "а": (2, 1.5, 0), "я": (2, 1, 0), "о": (1, 2, 1), "ө": (1, 0.7, 1), "ё": (1, 1.3, 1), "у": (0, 2, 1),
    "ұ": (0.5, 2, 1), "ү": (0.3, 0.7, 1), "ю": (0, 1.3, 1),
}  # fmt: skip
"""Height from close (0) to open (2); from front (0) to back (2); rounded."""
LATIN_CONSONANTS: dict[str, Sound] = {
    "b": (0, 0, 1), "p": (0, 0, 0), "m": (0, 3, 1), "w": (0.5, 5, 1), "v": (1, 2, 1), "f": (1, 2, 0), "d": (2, 0, 1),
    "t": (2, 0, 0), "z": (2, 2, 1), "s": (2, 2, 0), "n": (2, 3, 1), "l": (2, 4, 1), "r": (2, 4.5, 1), "j": (3, 1, 1),
    "y": (4, 5, 1), "g": (5, 0, 1), "k": (5, 0, 0), "c": (5, 0.2, 0), "q": (5, 0.3, 0), "x": (5, 1, 0), "h": (7, 2, 0),
}  # fmt: skip
LATIN_VOWELS: dict[str, Sound] = {"i": (0, 0, 0), "e": (1, 0, 0), "a": (2, 1, 0), "o": (1, 2, 1), "u": (0, 2, 1)}

INVENTORIES = (CYRILLIC_CONSONANTS, CYRILLIC_VOWELS, LATIN_CONSONANTS, LATIN_VOWELS)
VOWELS = {*CYRILLIC_VOWELS, *LATIN_VOWELS}
CHANGES = {"taken": 0.55, "lost": 0.2, "slipped in": 0.1, "cut": 0.075, "joined": 0.075}
"""What happens -> its share."""
SWALLOWED = 3.0
"""How much oftener a letter of the last third of a word is lost than one before."""


def ill_heard(text: str, times: int, chance: random.Random) -> str:
    """`text` with `times` changes; as it is when there is no letter to change."""
    for _ in range(times):
        letters = [at for at, letter in enumerate(text) if letter.isalpha()]
        if not letters:
            break
        match chance.choices(tuple(CHANGES), tuple(CHANGES.values()))[0]:
            case "lost":
                at = chance.choices(letters, [_loss(text, at) for at in letters])[0]
                text = text[:at] + text[at + 1 :]
            case "slipped in" if pairs := [at for at in letters[1:] if _clusters(text, at)]:
                at = chance.choice(pairs)
                text = text[:at] + ("е" if text[at] in CYRILLIC_CONSONANTS else "e") + text[at:]
            case "cut" if inside := [at for at in letters if text[max(0, at - 3) : at + 3].isalpha() and at > 2]:
                at = chance.choice(inside)
                text = f"{text[:at]} {text[at:]}"
            case "joined" if spaces := [at for at, letter in enumerate(text) if letter == " "]:
                at = chance.choice(spaces)
                text = text[:at] + text[at + 1 :]
            case _:
                at = chance.choice(letters)
                text = text[:at] + _taken(text[at], chance) + text[at + 1 :]
    return text


def _taken(letter: str, chance: random.Random) -> str:
    """Another letter of the same kind; the letter itself where no sound is known for it."""
    for sounds in INVENTORIES:
        if here := sounds.get(letter):
            others = [other for other in sounds if other != letter]
            return chance.choices(others, [math.exp(-2 * math.dist(here, sounds[other])) for other in others])[0]
    return letter


def _loss(text: str, at: int) -> float:
    begins = text.rfind(" ", 0, at) + 1
    ends = text.find(" ", at)
    length = (ends if ends >= 0 else len(text)) - begins
    return SWALLOWED if at - begins >= length * 2 / 3 else 1.0


def _clusters(text: str, at: int) -> bool:
    """Whether two consonants meet before `at`."""
    return text[at - 1].isalpha() and not {text[at - 1], text[at]} & VOWELS
