"""One spelling for all: case, Kazakh letters, scripts and look-alike letters folded away.

Kazakh as a Russian recogniser writes it, in Arabic script, in either Latin alphabet, a title typed with a Latin "a"
among Cyrillic letters: all fold to the same plain Cyrillic letters. English folds by the same table; that is no
transcription, but the same on both sides of a comparison.
"""

from __future__ import annotations

import re
import unicodedata

from languages.letters import ANY_CYRILLIC

CYRILLIC = str.maketrans(
    {
        "ё": "е", "э": "е", "ә": "а", "ө": "о", "ү": "у", "ұ": "у", "қ": "к", "ғ": "г", "ң": "н", "һ": "х", "і": "и",
        "ы": "и", "й": "и", "щ": "ш", "ъ": "", "ь": "",
    }
)  # fmt: skip

LOOK_ALIKES = str.maketrans("aceopxykhbmtiu", "асеорхукнвмтиу")
"""Latin letters typed for Cyrillic ones: a word with letters of both scripts is meant in Cyrillic."""

LATIN_GROUPS = (
    ("shch", "ш"), ("sch", "ш"), ("zh", "ж"), ("sh", "ш"), ("ch", "ч"), ("kh", "х"), ("gh", "г"), ("ph", "ф"),
    ("ts", "ц"), ("ya", "я"), ("ia", "я"), ("yu", "ю"), ("iu", "ю"), ("ck", "к"), ("ee", "и"), ("oo", "у"),
)  # fmt: skip

LATIN = str.maketrans(
    {
        "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "ж", "k": "к",
        "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
        "w": "у", "x": "кс", "y": "и", "z": "з", "ı": "и", "þ": "т", "ß": "сс", "æ": "а", "ø": "о",
    }
)  # fmt: skip
"""After accents are taken off: ä á -> a, ñ ń -> n, ğ ǵ -> g, ū ú ü -> u, ö ó -> o, ş -> s (see SOFT_S)."""

SOFT_S = str.maketrans({"ş": "sh", "ś": "sh", "ç": "ch", "ć": "ch", "ý": "u"})

ARABIC = str.maketrans(
    {
        "ا": "а", "أ": "а", "آ": "а", "ب": "б", "ۆ": "в", "گ": "г", "ع": "г", "د": "д", "ە": "е", "ه": "е", "ج": "ж",
        "ز": "з", "ي": "и", "ی": "и", "ك": "к", "ک": "к", "ق": "к", "ل": "л", "م": "м", "ن": "н", "ڭ": "н", "و": "о",
        "پ": "п", "ر": "р", "س": "с", "ت": "т", "ۋ": "у", "ۇ": "у", "ف": "ф", "ح": "х", "ھ": "х", "چ": "ч", "ش": "ш",
        "ى": "и", "ې": "е", "ء": "", "ٴ": "", "ئ": "", "ـ": "",
    }
)  # fmt: skip

WORD = re.compile(r"\w+")
COMBINING = re.compile("[\u0300-\u036f]")
APOSTROPHES = re.compile("(?<=\\w)['’ʼ`´](?=\\w)")
LATIN_LETTER = re.compile(r"[a-zıþßæø]")
CYRILLIC_LETTER = re.compile(rf"[җ{ANY_CYRILLIC}]")


def fold(text: str) -> str:
    """`text` as folded words joined by single spaces: letters а-я without ё э ы й щ ъ ь, and digits."""
    return " ".join(folded_words(text))


def folded_words(text: str) -> list[str]:
    """The folded words of `text`, in order. Never raises, whatever the text."""
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).lower())
    return [folded for word in WORD.findall(plain.replace("_", " ")) if (folded := _folded(word))]


def _folded(word: str) -> str:
    if LATIN_LETTER.search(word):
        # Accents first: a mixed word may hold an accented Latin letter.
        bare = COMBINING.sub("", unicodedata.normalize("NFD", word.translate(SOFT_S)))
        word = bare.translate(LOOK_ALIKES).translate(LATIN) if CYRILLIC_LETTER.search(word) else _from_latin(bare)
    return word.translate(ARABIC).translate(CYRILLIC)


def _from_latin(word: str) -> str:
    for group, letter in LATIN_GROUPS:
        word = word.replace(group, letter)
    return word.translate(LATIN)
