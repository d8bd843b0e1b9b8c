"""Makes a catalogue the size of a city's, for measuring: the same from the same seed on every machine.

Words come from the shipped works and, to have enough of them, from a chain of letters learnt on those words: they look
and sound like Kazakh, Russian or English and mean nothing. Titles, authors, years, copies and their places follow the
shape of Almaty's stock: 31.5 % of titles Kazakh, 66.5 % Russian; few authors with many titles; a median of 15 copies.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from catalogue_client.seed.works import Work

SEED = 20251113
SHARES = {"kk": 0.315, "ru": 0.665, "en": 0.02}
WORDS = {"kk": 16_000, "ru": 22_000, "en": 4_000}
AUTHORS = {"kk": 2_200, "ru": 6_000, "en": 800}
WORD_ZIPF, AUTHOR_ZIPF = 0.75, 0.9
TITLE_WORDS = (1, 2, 2, 3, 3, 4, 5)
TEMPLATES = {
    "kk": ("{0} мен {1}", "{0} туралы әңгіме", "{0} жолы", "{0} әлемі", "{0} сыры"),
    "ru": ("{0} и {1}", "История {0}", "{0} без {1}", "Дорога к {0}", "Книга о {0}"),
    "en": ("{0} and {1}", "The {0} of {1}", "A History of {0}"),
}
TEMPLATE_SHARE, SUBTITLE_SHARE = 0.3, 0.15
FORMATS = (("audio", 0.06), ("large_print", 0.03), ("braille", 0.02))
COPIES_SIGMA = 1.05
STATUSES = ("shelf", "loan", "transit", "repair", "lost")
STATUS_SHARES = (0.86, 0.11, 0.01, 0.01, 0.01)
ORDER = 3
"""Letters that decide the next one in a made-up word."""
WORD = re.compile(r"[^\W\d_]{3,}")


class Weighted:
    """Draws from a list by Zipf's law: the first most often."""

    def __init__(self, values: Sequence[str], exponent: float) -> None:
        self.values = values
        self._sums = list(accumulate(1 / rank**exponent for rank in range(1, len(values) + 1)))

    def draw(self, chance: random.Random) -> str:
        """Return one of the values, the first ones more often."""
        return self.values[bisect(self._sums, chance.random() * self._sums[-1])]


def vocabulary(works: Iterable[Work], language: str, number: int, chance: random.Random) -> list[str]:
    """`number` words: those of the works' titles and annotations first, then made-up ones."""
    texts = " ".join(f"{work.title} {work.annotation}" for work in works if work.language == language)
    words = dict.fromkeys(WORD.findall(texts.lower()))
    following: dict[str, list[str]] = defaultdict(list)
    for word in words:
        padded = " " * ORDER + word + "\n"
        for start in range(len(word) + 1):
            following[padded[start : start + ORDER]].append(padded[start + ORDER])
    while len(words) < number:
        made = " " * ORDER
        while (letter := chance.choice(following[made[-ORDER:]])) != "\n":
            made += letter
        if 3 < len(made) - ORDER < 16:
            words.setdefault(made.strip())
    return list(words)[:number]


def authors(
    works: Iterable[Work], language: str, words: Sequence[str], number: int, chance: random.Random
) -> list[str]:
    """`number` names: forenames of real authors with surnames of real authors or made-up ones."""
    names = [work.author.split() for work in works if work.language == language]
    forenames = sorted({name[0] for name in names if len(name) > 1})
    surnames = sorted({name[-1] for name in names if name})
    ending = {"kk": "ов", "ru": "ин", "en": "son"}[language]
    surnames += [word.capitalize() + ending for word in words[-number // 3 :] if len(word) < 8]
    found: dict[str, None] = {}
    while len(found) < number:
        found.setdefault(f"{chance.choice(forenames)} {chance.choice(surnames)}")
    return list(found)


def generated_records(works: Sequence[Work], number: int, today: date, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """`number` rows for the table `records`."""
    chance = random.Random(seed)
    words: dict[str, Weighted] = {}
    names: dict[str, Weighted] = {}
    for language in SHARES:
        found = vocabulary(works, language, WORDS[language], chance)
        words[language] = Weighted(chance.sample(found, len(found)), WORD_ZIPF)
        names[language] = Weighted(authors(works, language, found, AUTHORS[language], chance), AUTHOR_ZIPF)
    subjects: dict[str, list[str]] = {}
    for language in SHARES:
        subjects[language] = sorted(
            {subject for work in works if work.language == language for subject in work.subjects}
        )
    for count in range(number):
        language = chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        formats = ["print", *(name for name, share in FORMATS if chance.random() < share)]
        yield {
            "id": f"g{count:06}",
            "title": _title(words[language], language, chance),
            "author": names[language].draw(chance),
            "language": language,
            "year": max(1916, today.year - int(chance.expovariate(1 / 22))),
            "formats": ";".join(formats),
            "subjects": ";".join(chance.sample(subjects[language], min(2, len(subjects[language])))),
            "aliases": "",
            "annotation": "",
            "popularity": 0,
            "added": today - timedelta(days=chance.randrange(3650)),
        }


def copies_of_each(titles: int, copies: int, seed: int = SEED) -> npt.NDArray[np.int64]:
    """How many copies each title has: lognormal, at least one, exactly `copies` in all.

    Raises ValueError for fewer copies than titles.
    """
    if copies < titles:
        raise ValueError(f"{titles} titles need at least as many copies, not {copies}")
    wanted = np.random.default_rng(seed).lognormal(0, COPIES_SIGMA, titles)
    counts: npt.NDArray[np.int64] = 1 + np.floor(wanted / wanted.sum() * (copies - titles)).astype(np.int64)
    counts[np.argsort(-wanted, kind="stable")[: copies - int(counts.sum())]] += 1
    return counts


def generated_copies(
    ids: Sequence[str], counts: npt.NDArray[np.int64], weights: dict[str, float], seed: int = SEED
) -> Iterator[list[dict[str, Any]]]:
    """Rows for the table `copies`, in batches."""
    draw = np.random.default_rng(seed + 1)
    places = list(weights)
    shares = np.array(list(weights.values())) / sum(weights.values())
    for start in range(0, len(ids), 2_000):
        owners = np.repeat(np.arange(start, min(start + 2_000, len(ids))), counts[start : start + 2_000])
        standing = draw.choice(len(places), len(owners), p=shares).tolist()
        statuses = draw.choice(len(STATUSES), len(owners), p=STATUS_SHARES).tolist()
        yield [
            {"record_id": ids[owner], "place_id": places[place], "format": "print", "status": STATUSES[status]}
            for owner, place, status in zip(owners.tolist(), standing, statuses, strict=True)
        ]


def _title(words: Weighted, language: str, chance: random.Random) -> str:
    if chance.random() < TEMPLATE_SHARE:
        title = chance.choice(TEMPLATES[language]).format(words.draw(chance), words.draw(chance))
    else:
        title = " ".join(words.draw(chance) for _ in range(chance.choice(TITLE_WORDS)))
    title = title[0].upper() + title[1:]
    return f"{title}: {words.draw(chance)} {words.draw(chance)}" if chance.random() < SUBTITLE_SHARE else title
