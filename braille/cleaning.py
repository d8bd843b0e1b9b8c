"""Cleans text before it becomes Braille: records hold look-alike letters, soft hyphens, marks of order and emoji.

Every step keeps for each character the position it came from, so that a routing key still finds the right letter.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from braille.braille_codes import CYRILLIC, LATIN
from languages.letters import ANY_CYRILLIC, ANY_CYRILLIC_CAPITAL

_PLAIN = re.compile(f"[ -~{ANY_CYRILLIC}{ANY_CYRILLIC_CAPITAL}\u00ab\u00bb\u2013\u2014\u2116]*")
"""Texts in which nothing is combined, hidden or of another width: most records."""
_WORD = re.compile(r"[^\W\d_]+")
_BRAILLE = range(0x2800, 0x2900)
_PICTURES = range(0x1F000, 0x20000)
"""Emoji, which say nothing that the words beside them do not. Older signs (U+2600 to U+27BF) have cells or names."""
_MEANT_AS_PICTURES = frozenset("\u231a\u231b\u23e9\u2614\u2615\u2639\u263a\u26a1\u2705\u2728\u2763\u2764\u2b50")
_ARABIC_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_WIDTHS = ("<wide>", "<narrow>", "<font>", "<circle>")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text that liblouis can be given."""

    text: str
    origins: tuple[int, ...]
    """For each character of `text` the 0-based position in the given text."""


@functools.cache
def _data() -> dict[str, dict[str, str]]:
    data = tomllib.loads(files("braille").joinpath("cleaning.toml").read_text(encoding="utf-8"))
    # The longest sign first, so that "N°" is found before "°" would be.
    data["signs"] = dict(sorted(data["signs"].items(), key=lambda item: -len(item[0])))
    return data


@functools.cache
def _alike() -> tuple[dict[str, str], dict[str, str]]:
    """Latin to Cyrillic and Cyrillic to Latin, of letters that look the same."""
    latin = _data()["alike"]
    return latin, {cyrillic: letter for letter, cyrillic in latin.items()}


def clean(text: str, language: str) -> Cleaned:
    """`text` without what no reader meant to write. `language` is an ISO 639-1 code; "en" keeps English signs."""
    plain = _PLAIN.fullmatch(text) is not None
    pairs = list(zip(text, range(len(text)), strict=True)) if plain else list(_composed(text))
    if language == "en":
        pairs = pairs if plain else _numeric_spaces(pairs, text)
    elif not plain:
        letters = _data()["letters"]
        pairs = [(new, origin) for old, origin in pairs for new in letters.get(old, old)]
    if not plain or (LATIN.search(text) and CYRILLIC.search(text)):
        pairs = _spelled_in_one_alphabet(pairs)
    pairs = _signs_in_words(pairs, _data()["english_signs" if language == "en" else "signs"])
    if not plain or "  " in text:
        pairs = _single_spaces(pairs)
    return Cleaned("".join(new for new, _ in pairs), tuple(origin for _, origin in pairs))


def plainer(character: str) -> str:
    """A plainer form of a character that a table does not know: its compatibility form, its letter without marks, or
    the letter that stands for it in plain print; "" when there is none."""
    folded = unicodedata.normalize("NFKC", character)
    if folded != character:
        return folded
    base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return base if base and base != character else _data()["plain_letters"].get(character, "")


def _composed(text: str) -> Iterator[tuple[str, int]]:
    """Characters in NFC without those that are not seen; every kind of space and line end as a space."""
    position = 0
    while position < len(text):
        end = position + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = text[position] if end == position + 1 else unicodedata.normalize("NFC", text[position:end])
        for character in cluster:
            for shown in _compatible(_seen(character)):
                yield shown, position
        position = end


def _numeric_spaces(pairs: list[tuple[str, int]], text: str) -> list[tuple[str, int]]:
    """No-break spaces inside a number stay, for English joins its parts with ⠐ (RUEB 6.3)."""
    shown = list(pairs)
    for index in range(1, len(pairs) - 1):
        character, origin = pairs[index]
        beside = pairs[index - 1][0] + pairs[index + 1][0]
        if character == " " and text[origin] in "\u00a0\u202f" and beside.isdecimal():
            shown[index] = ("\u00a0", origin)
    return shown


def _seen(character: str) -> str:
    """The character as it may be shown: "" when it is not to be seen."""
    if character.isalnum():
        return character
    if character.isspace():
        return " "
    code = ord(character)
    if code in _BRAILLE:
        return chr(_BRAILLE.start | code & 0x3F)
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs") or 0xFE00 <= code <= 0xFE0F or category == "Me":
        return ""
    if category[0] in "SC" and (code in _PICTURES or character in _MEANT_AS_PICTURES):
        return ""
    return character


def _compatible(character: str) -> str:
    """Ligatures, wide letters, Roman numerals and the like as ordinary ones; raised digits and fractions as they are.

    Before the script of a word is looked for: records born in a PDF have \ufb01, one Latin letter (RUEB 4.3).
    """
    if character.isascii() or character in "\u0132\u0133" or _ARABIC_FORM.match(character):
        return character
    kind = unicodedata.decomposition(character).partition(" ")[0]
    letter = kind.startswith("<") and unicodedata.category(character)[0] in "LN" and not character.isnumeric()
    roman = "\u2160" <= character <= "\u217f"
    return unicodedata.normalize("NFKC", character) if letter or roman or kind in _WIDTHS else character


def _spelled_in_one_alphabet(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Words that mix Cyrillic and Latin letters of the same look, written in the alphabet that is meant."""
    text = "".join(character for character, _ in pairs)
    if text.isascii():
        return pairs
    to_cyrillic, to_latin = _alike()
    for found in _WORD.finditer(text):
        word = found.group()
        latin = len(LATIN.findall(word))
        if not latin or not CYRILLIC.search(word):
            continue
        sure_cyrillic = any(CYRILLIC.match(character) and character not in to_latin for character in word)
        sure_latin = any(LATIN.match(character) and character not in to_cyrillic for character in word)
        if sure_latin and sure_cyrillic:
            continue
        alike = to_latin if sure_latin or (not sure_cyrillic and 2 * latin > len(word)) else to_cyrillic
        for index in range(*found.span()):
            character, origin = pairs[index]
            pairs[index] = (alike.get(character, character), origin)
    return pairs


def _signs_in_words(pairs: list[tuple[str, int]], signs: dict[str, str]) -> list[tuple[str, int]]:
    """Signs replaced by text, one at a time from the left."""
    text = "".join(character for character, _ in pairs)
    found = [sign for sign in signs if sign in text]
    if not found:
        return pairs
    result: list[tuple[str, int]] = []
    index = 0
    while index < len(pairs):
        sign = next((sign for sign in found if text.startswith(sign, index)), None)
        if sign is None:
            result.append(pairs[index])
            index += 1
        else:
            result += [(new, pairs[index][1]) for new in signs[sign]]
            index += len(sign)
    return result


def _single_spaces(pairs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Runs of spaces, which dropped signs leave behind, as one."""
    return [pair for index, pair in enumerate(pairs) if pair[0] != " " or index == 0 or pairs[index - 1][0] != " "]
