"""Where a Kazakh or Russian word may be cut: before a consonant that a vowel follows, never one letter alone.

No published dictionary of hyphenation knows Kazakh; its syllables follow this rule without exceptions (ме-тро, кі-тап,
ал-ма-ты), and for Russian it gives a cut that print allows.
"""

from __future__ import annotations

from languages.letters import VOWEL_LETTERS

_VOWELS = VOWEL_LETTERS | frozenset("aeiouy")
_NEVER_FIRST = frozenset("ьъй")


def breaks(word: str) -> tuple[int, ...]:
    """0-based positions in `word` before which a new row may begin."""
    letters = word.lower()
    found = []
    for at in range(2, len(letters) - 1):
        if not all(letter.isalpha() for letter in letters[at - 2 : at + 2]):
            continue
        begins = letters[at] not in _VOWELS | _NEVER_FIRST and letters[at + 1] in _VOWELS
        if begins and any(letter in _VOWELS for letter in letters[:at]):
            found.append(at)
    return tuple(found)
