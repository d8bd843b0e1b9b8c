"""Spoken queries as a recogniser garbles them, made from catalogue rows with a seed: ten kinds, as many of each.

Letters are garbled by one of two models of noise: `ill_heard` (articulation.py), by which engines are compared, and
`misheard` (here), with which the weights of the ranking were chosen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from queries.articulation import ill_heard

Noise = Callable[[str, int, random.Random], str]
"""(text, how many changes, chance) -> the text as it was heard."""

LIKE_SOUNDS = (
    "аәяэ", "оөё", "уұүю", "ыіий", "еэи", "қкгх", "ғгқх", "бп", "дт", "жшщ", "зсц", "вфу", "нңм", "лр", "чщц",
    "ae", "iye", "ouw", "bp", "dt", "gkc", "szc", "vwf", "mn", "lr",
)  # fmt: skip
"""Sounds that are heard for one another."""
RUSSIAN_LETTERS = str.maketrans("әөұүқғңһі", "аоуукгнхи")
REQUESTS = {
    "kk": (
        "маған {author} {title} кітабын тауып берші",
        "{author} {title} деген кітабы бар ма",
        "{title} керек еді {author}",
    ),
    "ru": (
        "найди книгу {author} {title} пожалуйста",
        "есть ли у вас {title} {author}",
        "мне нужна книга {author} {title}",
    ),
    "en": ("please find {title} by {author}", "do you have {title} by {author}"),
}
BOOKS_OF = {
    "kk": ("{author} кітаптары", "{author} шығармалары бар ма"),
    "ru": ("книги {author}", "что-нибудь {author}"),
    "en": ("books by {author}", "novels by {author}"),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A query and what the reader meant by it."""

    kind: str
    text: str
    title: str
    """"" when any book of the author is meant."""
    author: str
    """"" when no author was said."""


Kind = Callable[[str, dict[str, Any], random.Random, Noise], Spoken]
"""(its name, the row that is meant, chance, noise) -> what is asked."""


def spoken_queries(
    rows: Sequence[dict[str, Any]], number: int, noise: Noise = ill_heard, seed: int = 7
) -> Iterator[Spoken]:
    """`number` queries over catalogue rows, the kinds in turn."""
    chance = random.Random(seed)
    kinds = tuple(KINDS)
    for count in range(number):
        kind = kinds[count % len(kinds)]
        row = chance.choice(rows)
        yield KINDS[kind](kind, row, chance, noise)


def misheard(text: str, times: int, chance: random.Random) -> str:
    """`text` with `times` letters taken for others of like sound, lost, or doubled."""
    letters = list(text)
    for _ in range(times):
        places = [at for at, letter in enumerate(letters) if letter.isalpha()]
        if not places:
            break
        at = chance.choice(places)
        draw = chance.random()
        if draw < 0.6:
            likes = [other for group in LIKE_SOUNDS if letters[at] in group for other in group if other != letters[at]]
            letters[at] = chance.choice(likes) if likes else letters[at] * 2
        elif draw < 0.85:
            del letters[at]
        else:
            letters.insert(at, letters[at])
    return "".join(letters)


def in_russian_letters(text: str) -> str:
    """Kazakh as a Russian recogniser writes it."""
    return text.translate(RUSSIAN_LETTERS)


def genitive(name: str, language: str) -> str:
    """A surname as it stands before what its owner has written; right for most names, as speech is."""
    surname = name.split()[-1].lower()
    if language == "ru":
        return surname + ("а" if surname[-1] not in "аеёиоуыэюяь" else "")
    if language == "en":
        return surname
    front = next((letter for letter in reversed(surname) if letter in "аәеоөұүыіэи"), "а") in "әеөүіи"
    ending = "н" if surname[-1] in "аәеоөұүыімнң" else "т" if surname[-1] in "бвгғдкқпстфхцчшщ" else "д"
    return surname + ending + ("ің" if front else "ың")


def _plain(row: dict[str, Any]) -> str:
    return str(row["title"]).lower().replace(":", "")


def _title(times: int, russian: bool = False) -> Kind:
    def make(kind: str, row: dict[str, Any], chance: random.Random, noise: Noise) -> Spoken:
        said = noise(_plain(row), times, chance)
        return Spoken(kind, in_russian_letters(said) if russian else said, row["title"], "")

    return make


def _request(times: int) -> Kind:
    def make(kind: str, row: dict[str, Any], chance: random.Random, noise: Noise) -> Spoken:
        author = noise(genitive(row["author"], row["language"]), times // 2, chance)
        title = noise(_plain(row), times - times // 2, chance)
        said = chance.choice(REQUESTS[row["language"]]).format(author=author, title=title)
        return Spoken(kind, said, row["title"], row["author"])

    return make


def _word_missing(kind: str, row: dict[str, Any], chance: random.Random, _: Noise) -> Spoken:
    words = _plain(row).split()
    if len(words) > 1:
        del words[chance.randrange(len(words))]
    return Spoken(kind, f"{row['author'].split()[-1].lower()} {' '.join(words)}", row["title"], row["author"])


def _run_together(kind: str, row: dict[str, Any], chance: random.Random, _: Noise) -> Spoken:
    words = _plain(row).split()
    if len(words) > 1:
        at = chance.randrange(len(words) - 1)
        words[at : at + 2] = ["".join(words[at : at + 2])]
    return Spoken(kind, f"{' '.join(words)} {row['author'].split()[-1].lower()}", row["title"], row["author"])


def _author(times: int) -> Kind:
    def make(kind: str, row: dict[str, Any], chance: random.Random, noise: Noise) -> Spoken:
        forename = row["author"].split()[0].lower()
        name = f"{forename} {genitive(row['author'], row['language'])}"
        said = chance.choice(BOOKS_OF[row["language"]]).format(author=noise(name, times, chance))
        return Spoken(kind, said, "", row["author"])

    return make


KINDS: dict[str, Kind] = {
    "title": _title(0),
    "Russian letters": _title(0, russian=True),
    "1 letter misheard": _title(1),
    "2 misheard, Russian letters": _title(2, russian=True),
    "a request": _request(0),
    "a request, 2 misheard": _request(2),
    "a word missing, author": _word_missing,
    "words run together, author": _run_together,
    "books of an author": _author(0),
    "author, 1 misheard": _author(1),
}
