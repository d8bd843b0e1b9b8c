"""Lines for round trips, text to cells to text, and what each code leaves unsaid, so that both sides can be compared.

Kazakh and Russian Braille write no capitals (without the reader's request), one kind of quote and of dash, and no space
after a comma or around a sign of arithmetic; English has one apostrophe and one dash. Everything else has to come back.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator

from braille import back, translate
from catalogue_client.seed.works import WORKS, read_works, tsv_files
from languages.letters import KAZAKH_ONLY

_LOST = str.maketrans({"æ": "ä", "ß": "è", "œ": "ö", "’": "'", "‘": "'", "ʼ": "'", "ø": "o", "ł": "l", "…": "..."})
_SPELLED = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "…": "..."})
_ACCENTED = frozenset("àâäçèéêëîïôöùûüáíóúýćĺńŕśźйё")
"""Letters with marks that Russian Braille has cells for; others lose their marks."""


def heard_in_cyrillic(text: str) -> str:
    """What Kazakh and Russian Braille say of a text."""
    text = unicodedata.normalize("NFC", text).lower().translate(_LOST)
    text = "".join(
        unicodedata.normalize("NFKD", letter)[0] if letter.isalpha() and letter not in _ACCENTED else letter
        for letter in text
    )
    text = re.sub(r'[„“”‟"«»]', '"', text)
    text = re.sub(r"\s*[-–—]+(?=\s)|^[-–—] ?(?=\w)|(?<=\s)[-–—](?=\w)", " — ", text)
    text = re.sub(r"[–—]", "-", text).replace(" - ", " — ")
    text = re.sub(r"\s*([+=×÷−])\s*", r"\1", text)
    text = re.sub(r"([,;])(?=[^\s\d\"])", r"\1 ", text)
    text = re.sub(r"(?<=\d) ?([%°])", r"\1", text).replace("№ ", "№").replace("#", "№")
    return re.sub(r"\s+", " ", text.replace("-", " — ").replace("—", " - ")).strip()


def heard_in_english(text: str) -> str:
    """What Unified English Braille says of a text."""
    text = unicodedata.normalize("NFC", text).translate(_SPELLED)
    if re.search("[\u0400-\u052f]", text):  # a passage in Kazakh is written as Kazakh
        text = re.sub("[\u0400-\u052f]+", lambda word: word[0].lower(), text)
        text = re.sub(r"\s*([+=×÷−])\s*", r"\1", text)
    text = re.sub(r'[„“”"«»]', '"', text)
    return re.sub(r"\s+", " ", re.sub("[–—]", "—", re.sub(r"(?<=\d)[–—](?=\d)", "-", text))).strip()


def catalogue() -> Iterator[tuple[str, str]]:
    """(text, language) of every work of the shipped catalogue as a result list and as a bibliography show it."""
    for file in tsv_files(WORKS):
        for work in read_works(file):
            year = f", {work.year}" if work.year else ""
            yield f"{work.title}. {work.author}{year}", work.language
            yield f"{work.author}. {work.title}. – Алматы{year}. – 208 б. ({', '.join(work.subjects)})", work.language


WORDS = {
    "kk": """
        кітап абай жолы қан мен тер өнер ұлы үй һәм ғылым әлем іздеу бөлме қыз жібек мектеп оқушы куә күнә әже өзен
        үндеу қолда дана шығарма таңдамалы басылым роман өлеңдер бала жас ертегі тарих аударма том бар мама кеш шаңырақ
    """,
    "ru": """
        война мир и преступление наказание ёлка съезд щётка эхо юрта яблоко цирк чай фонтан вагон книга сказки для детей
        читальный зал подъезд объём в с к о мама рот том сборник избранное издание перевод автор мальчик
    """,
    "en": """
        the old man and sea war peace with for of people there where were his was enough in be child children knowledge
        little women great expectations brothers friend letter himself receive their through character mother night
        time under work young one word world had many upon those these spirit question right some part ought name lord
        know here father ever day can could should would every but do from go have just like more not quite rather so
        that us very will it you as station nation ness less full ally distance disease behind conceive iPhone McDonald
        BBC UNESCO O'Neill café naïve Brontë
    """,
    "latin": """
        Windows Linux Harry Potter Mary Poppins Creative Hub café naïve Saint Exupéry façade IT PDF e-book Zoom the
        art of Łódź Brontë Dvořák Søren A B x
    """,
}


def line(chance: random.Random, language: str) -> str:
    """A line as catalogues and libraries write them."""
    parts = [_part(chance, language) for _ in range(chance.randint(1, 7))]
    parts.append(_word(chance, language))
    if chance.random() < 0.3:
        parts[chance.randrange(len(parts) - 1)] += chance.choice([",", ";", ":", "."])
    if len(parts) > 2 and chance.random() < 0.2:
        parts.insert(chance.randrange(1, len(parts)), "—")
    text = " ".join(parts).replace(" — —", " —")
    return text[0].upper() + text[1:] + chance.choice(["", "", ".", "!", "?"])


def _word(chance: random.Random, language: str) -> str:
    return chance.choice(WORDS[language].split())


def _part(chance: random.Random, language: str) -> str:
    word, other = _word(chance, language), _word(chance, language)
    kind = chance.random()
    if kind < 0.5:
        return word if chance.random() < 0.8 else word.capitalize()
    if kind < 0.58:
        foreign = {"kk": "ru", "ru": "kk", "en": "kk"}[language] if chance.random() < 0.3 else "latin"
        return " ".join(_word(chance, foreign) for _ in range(chance.randint(1, 4)))
    few, many = chance.randint(1, 99), chance.randint(1900, 2030)
    english = language == "en"
    return chance.choice(
        [
            f"{chance.randint(0, 99999)}", f"{few},{few % 10}", f"{few % 28}.{few % 12}.{many}", f"{many}–{many + 1}",
            f"{few}%", f"{few}:{few % 60:02}", f"{few} + {few}", f"{few} − 3 = {few}", f"{few} × {few}", f"{few}/{few}",
            f"{few} $", "½", f"{few}′", "+7 (727) 267-28-11", "ISBN 978-601-01-1234-5", "lib@mail.kz",
            "https://kitap.kz/a", f"({word} {other})", f"({few} {word})", f"({word}, {many})", f"({many})",
            f"«{word} {other}»", f"«{word}»", f"{few}-{word}", f"{word}-{other}", f"{word}? {other}!",
            f"{word}: {other}; {word}", f"[{word}]", f"{word}...",
            *(("84(5)6-44", "and/or", f"{few}th", f"No. {few}", f"{few} °C") if english
              else ("84(5Қаз)6-44", "и/или", f"{few}{chance.choice('абвкмнт')}", f"№ {few}", f"{few}°")),
        ]
    )  # fmt: skip


def comes_back(text: str, language: str, grade: int = 1) -> tuple[str, str] | None:
    """None when a text comes back from its cells; else the text and how it came back."""
    # A Russian line with a Kazakh name is written in the Kazakh code, and read so by whoever sees the name.
    reader = "kk" if language == "ru" and set(KAZAKH_ONLY) & set(text.lower()) else language
    got = back(translate(text, language, grade=grade).cells, reader, grade=grade)
    heard = heard_in_english if language == "en" else heard_in_cyrillic
    return None if heard(got) == heard(text) else (text, got)
