"""Recordings of people that Debian's packages carry: names of things, syllables, numbers, each with what is said.

A synthesiser, even one made from a real speaker, is too tidy: a network that heard only such voices understands half of
what people say. These packages hold some two hours of a dozen people. Languages other than the three are respelled in
our letters by rules of their own (people.toml): what counts is the speaker, not the word.
"""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import soundfile
from unicode_rbnf import RbnfEngine

from audio_models.acoustic_units import cyrillic_units
from audio_models.spelling import is_latin, tokens
from audio_models.training.extra_corpus import read_sound
from audio_models.training.tts_voices import Spoken

SHARE = Path("/usr/share")
HERE = Path(__file__).parent


def stamps(share: Path = SHARE) -> Iterator[Spoken]:
    """Tux Paint's stamps (package tuxpaint-stamps-default): `frog.txt` has the words of every language on a line of its
    own, `ru.utf8=Лягушка.`, the English ones first, and `frog_desc_ru.ogg` says them."""
    table = respellings()
    for described in sorted((share / "tuxpaint" / "stamps").rglob("*.txt")):
        lines = described.read_text(encoding="utf-8", errors="replace").splitlines()
        said = dict(line.split(".utf8=", 1) for line in lines if ".utf8=" in line)
        for name in table:
            if name in said:
                sound = described.with_name(f"{described.stem}_desc_{name}.ogg")
                yield from _person("ru", f"tuxpaint-{name}", respelled(said[name], table[name]), sound)
        if lines:
            english = described.with_name(f"{described.stem}_desc.ogg")
            yield from _person("en", "tuxpaint-en", _english(lines[0]), english)


def syllables(share: Path = SHARE) -> Iterator[Spoken]:
    """KLettres (package klettres-data): `<sound name="ба" file="ru/syllab/ba.ogg"/>`. Single letters are left out: some
    speakers name them, others sound them."""
    table = respellings()
    for name in ("ru", "uk"):
        listed = share / "klettres" / name / "sounds.xml"
        if listed.exists():
            for sound in ElementTree.parse(listed).iter("sound"):
                text, file = sound.get("name", ""), sound.get("file", "")
                if len(text) > 1 and "/syllab/" in file:
                    yield from _person(
                        "ru", f"klettres-{name}", respelled(text, table[name]), share / "klettres" / file
                    )


def prompts(share: Path = SHARE) -> Iterator[Spoken]:
    """Asterisk's American prompts (package asterisk-core-sounds-en-wav): the numbers, and prompts of a word or two
    that are named as they are said."""
    folder = share / "asterisk" / "sounds"
    count = RbnfEngine.for_language("en")
    named = _toml()["english"]["prompts"]
    for sound in sorted(folder.glob("en*/**/*.wav")):
        if sound.parent.name == "digits" and sound.stem.isdigit():
            yield from _person("en", "asterisk-en", _english(count.format_number(int(sound.stem)).text), sound)
        elif sound.stem in named:
            yield from _person("en", "asterisk-en", sound.stem.replace("-", " "), sound)


SOURCES: Mapping[str, Callable[..., Iterator[Spoken]]] = {"stamps": stamps, "syllables": syllables, "prompts": prompts}
"""What the recipe asks each; one whose package is not installed has nothing to say."""


def respelled(text: str, rules: Mapping[str, Any]) -> str:
    """A foreign sentence in the letters of the shared model; empty when it has a number or a sign without a letter.

    `rules`: `sounds`, pairs of a regular expression and its replacement, done in turn; then `letters`, words of a
    letter and what stands for it.
    """
    plain = text.lower().replace("ё", "е")
    for pattern, replacement in rules.get("sounds", ()):
        plain = re.sub(pattern, replacement, plain)
    letters = {word[0]: word[1:] for word in rules.get("letters", "").split()}
    plain = "".join(letters.get(sign, sign) for sign in plain)
    words = tokens(plain)
    return " ".join(words) if all(map(cyrillic_units, words)) else ""


def _english(text: str) -> str:
    """The words; empty when one of them is not written with Latin letters alone."""
    words = tokens(text)
    return " ".join(words) if all(map(is_latin, words)) else ""


def _person(language: str, speaker: str, text: str, sound: Path) -> Iterator[Spoken]:
    if text and sound.exists():
        try:
            yield language, f"person-{speaker}", text, read_sound(sound)
        except soundfile.LibsndfileError:
            return  # one broken file of a package is not missed


def respellings() -> Mapping[str, Any]:
    """Return what people.toml says of words that a corpus spells otherwise."""
    return dict(_toml()["respelled"])


def _toml() -> dict[str, Any]:
    with (HERE / "people.toml").open("rb") as file:
        return tomllib.load(file)
