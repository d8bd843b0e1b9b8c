"""Letters of the Kazakh and Russian alphabets and the classes of sounds: the only place that spells them out.

All are strings or sets of lower-case letters. Put `ANY_CYRILLIC` into a character class of a regular expression.
"""

from __future__ import annotations

RUSSIAN_ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
KAZAKH_ONLY = "әғқңөұүһі"
"""Letters of the Kazakh alphabet that the Russian one lacks."""
KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
ANY_CYRILLIC = "а-яё" + KAZAKH_ONLY
"""Both alphabets, as the inside of a character class."""
ANY_CYRILLIC_CAPITAL = ANY_CYRILLIC.upper()

IN_RUSSIAN_LETTERS = str.maketrans(KAZAKH_ONLY, "агкноуухи")
"""Kazakh as it is typed on a Russian keyboard or written by a Russian recogniser: a table for `str.translate`."""

BACK_VOWELS = frozenset("аоұыяё")
FRONT_VOWELS = frozenset("әеөүіэ")
GLIDES = frozenset("иую")
"""Spelled with one letter, spoken with a consonant at the end: мидың, судың. They have no harmony of their own."""
NATIVE_KAZAKH_VOWELS = "аәеоөұүыіи"
"""Vowels of words that are not borrowed."""
VOWEL_LETTERS = BACK_VOWELS | FRONT_VOWELS | GLIDES

VOICELESS = frozenset("пткқсшщчцхф")
FINALLY_VOICELESS = VOICELESS | frozenset("бвгд")
"""What is spoken without voice at the end of a word: Чеховтың, клубтан."""
NASAL = frozenset("мнң")
BUZZING = frozenset("зж")
