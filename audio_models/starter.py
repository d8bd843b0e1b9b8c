"""The starter models: their acoustic parts ship with Dauys, their words come from the machine they run on.

`prepare` makes the graphs from the phrasebook and the catalogue in seconds, and again only when something changed, so
any catalogue word can be heard the day it is catalogued.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audio_models.acoustic_units import CYRILLIC, PHONEMES
from audio_models.errors import NoSpace
from audio_models.model_store import InstalledModel, ModelStore, record_checksums
from audio_models.spelling import Rows, UnitKind, is_latin, is_slot, letter_names, spell, tokens
from audio_models.vosk_format.directory import write_graph
from audio_models.vosk_format.grammar import ANY
from audio_models.vosk_format.lexicon import UNIT_REWARD

BUILDER = 10
"""Raised when the graphs are made differently, so that they are made again."""
MOST_WORDS = 20_000
"""Of more words the most popular are taken: beyond, open recognition gets worse and loading slow."""
FOREIGN_WEIGHT = 0.02
"""How popular a word of the other script is beside the model's own."""
VOCABULARY_SHARE = 2.5
"""Weight of the whole vocabulary beside that of all phrases."""
LEAST_WEIGHT = 0.01
BUILT_FROM = "built_from.txt"

Report = Callable[[str], None]
Weighted = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Starter:
    """One of the models that ship."""

    name: str
    names_of_letters: str
    units: UnitKind
    languages: tuple[str, ...]
    unit_reward: float = UNIT_REWARD
    """Nats for every unit of a word but the first: chosen by unseen voices."""

    def is_own(self, word: str) -> bool:
        """The word is in the script of the model's languages."""
        return is_latin(word) == (self.units == "phonemes")


STARTERS = (
    Starter("dauys-starter-kk-ru", "shared", "letters", ("kk", "ru"), 3.25),
    Starter("dauys-starter-en", "english", "phonemes", ("en",), 4.0),
)


def shipped(name: str) -> Path:
    """The folder of a starter model's acoustic part as it ships."""
    return Path(__file__).parent / "starter_models" / name


def acoustic_part(root: Path, name: str) -> Path:
    """The acoustic part in use: the adapted one where there is one."""
    adapted = root / "adapted" / name
    return adapted if (adapted / "am" / "final.mdl").is_file() else shipped(name)


def prepare(
    store_root: Path, phrases: Sequence[str], vocabulary: Weighted, *, report: Report = lambda sentence: None
) -> tuple[InstalledModel, ...]:
    """Build the starter models whose acoustic part, phrases or vocabulary changed; the others stay. Blocks: seconds.

    phrases: what readers say, in any of the languages, likely ones several times; `{title}` and the like is a place for
    any catalogue word. A phrase goes to the model in whose script most of its words are. vocabulary: words, titles and
    names with their popularity (any positive scale); every one goes to both models, transliterated where the script
    differs, so that a Russian sentence may hold "potter". Numbers must come as words: "1984" is left out. `report` gets
    a sentence about everything left out. Letter names are always known. An old model stays in place until the new one
    is whole.

    Raises NoSpace, or ModelError when espeak-ng is missing.
    """
    try:
        store_root.mkdir(parents=True, exist_ok=True)
        with _alone(store_root):
            for starter in STARTERS:
                if (shipped(starter.name) / "am" / "final.mdl").is_file():
                    _prepare_one(store_root, starter, phrases, vocabulary, report)
    except OSError as error:
        raise NoSpace(
            f"The starter models could not be written to {store_root}: {error.strerror or error}. Free some space or "
            "choose another folder with DAUYS_HOME; what was there before still works."
        ) from error
    names = {starter.name for starter in STARTERS}
    return tuple(model for model in ModelStore(store_root).installed() if model.name in names)


def _prepare_one(root: Path, starter: Starter, phrases: Sequence[str], vocabulary: Weighted, report: Report) -> None:
    acoustic = acoustic_part(root, starter.name)
    digest = hashlib.sha256((acoustic / "am" / "final.mdl").read_bytes())
    digest.update(json.dumps([BUILDER, list(phrases), [list(item) for item in vocabulary]]).encode())
    place = root / starter.name
    built_from = place / BUILT_FROM
    if built_from.is_file() and built_from.read_text(encoding="ascii") == digest.hexdigest():
        return
    wording = words_of(starter, phrases, vocabulary, report)
    new = root / f".new-{starter.name}"
    shutil.rmtree(new, ignore_errors=True)
    for part in ("am", "conf"):
        shutil.copytree(acoustic / part, new / part)
    units = CYRILLIC if starter.units == "letters" else PHONEMES
    write_graph(
        new, len(units), wording.spellings, wording.sentences, wording.titles, wording.single, starter.unit_reward
    )
    (new / BUILT_FROM).write_text(digest.hexdigest(), encoding="ascii")
    record_checksums(new)
    old = root / f".old-{starter.name}"
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Wording:
    """All a graph is made from."""

    spellings: dict[str, Rows]
    sentences: list[tuple[list[str], float]]
    titles: list[tuple[list[str], float]]
    single: dict[str, float]


def words_of(starter: Starter, phrases: Sequence[str], vocabulary: Weighted, report: Report) -> Wording:
    """What one starter model is to hear."""
    said: list[tuple[list[str], float]] = []
    every: set[str] = set()
    for phrase, times in Counter(phrases).items():
        words = tokens(phrase)
        every.update(words)
        spoken = [word for word in words if not is_slot(word)]
        if spoken and sum(map(starter.is_own, spoken)) * 2 > len(spoken):
            said.append(([ANY if is_slot(word) else word for word in words], float(times)))
    heard = {word for words, _ in said for word in words}
    for word in sorted(every - heard):
        # It stands in phrases of the other script only: said alone, or it could not be heard at all.
        if not is_slot(word) and starter.is_own(word):
            said.append(([word], 1.0))
    entries = [(tokens(text), weight) for text, weight in vocabulary if weight > 0]
    total = sum(weight for _, weight in entries) or 1.0
    scale = VOCABULARY_SHARE * max(sum(times for _, times in said), 1.0) / total
    popular: dict[str, float] = {}
    for words, weight in entries:
        for word in words:
            share = scale * weight * (1.0 if starter.is_own(word) else FOREIGN_WEIGHT)
            popular[word] = popular.get(word, 0.0) + share
    certain = {word for words, _ in said for word in words if word != ANY} | set(letter_names(starter.names_of_letters))
    chosen = sorted(popular.keys() - certain, key=lambda word: (-popular[word], word))
    room = max(MOST_WORDS - len(certain), 0)
    if len(chosen) > room:
        report(f"{starter.name}: {len(chosen)} catalogue words are more than it holds; the {room} most popular are in.")
    spellings = spell([*sorted(certain), *chosen[:room]], starter.units)
    left_out = [word for word in (*sorted(certain), *chosen[:room]) if word not in spellings]
    if left_out:
        some = ", ".join(left_out[:5])
        report(
            f"{starter.name}: {len(left_out)} words cannot be heard, for want of letters or because of digits: {some}."
        )
    titles = [
        (words, max(scale * weight, 1.0))  # a pair of words that counts less than the discount would be no pair
        for words, weight in entries
        if len(words) > 1 and all(map(starter.is_own, words))
    ]
    single = {word: max(popular.get(word, 0.0), LEAST_WEIGHT) for word in spellings}
    return Wording(spellings, said, titles, single)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One process at a time builds in this folder; another waits and then finds the work done."""
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
