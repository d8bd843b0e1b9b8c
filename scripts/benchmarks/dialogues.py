"""Whole conversations with a simulated caller: turns to success, failures and wrong final states by kind of caller.

    python scripts/benchmarks/dialogues.py [CONVERSATIONS [SEED]]

A caller has a goal and says what the test writers of tests/voice/nlu/written said in the same place with the same
intent; nobody learnt from them. Words are misheard as a recogniser does: one dropped or replaced, seldom a whole other
sentence, each with a lower confidence. Callers listen: they refuse a read-back of something else and give up after
MOST_TURNS. After three misses every second one presses the keys that were offered; the others never press a key: they
say the words that were named, and ticket and PIN too. CONVERSATIONS (2000) of each seed (1) are alike.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tests.voice.assistant.test_understood_speech import AtOnce
from tests.voice.dialogue.small_library import HOLDS, NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession, Understood
from voice.assistant.model_selection import learnt_model
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Began, Pressed
from voice.dialogue.states import Confirm, Doubt
from voice.nlu.corpus_states import state_name
from voice.nlu.deciding.decision import Decider
from voice.nlu.learnt.corpus import CorpusLine, read_file
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.utterances import Hypothesis

WRITTEN = Path(__file__).parents[2] / "tests" / "voice" / "nlu" / "written"
MOST_TURNS = 25
MISSES_TO_KEYS = 3
"""Times in one place from which a caller uses the keys that were named."""
TICKET, PIN, TITLE = "100001", "2580", "абай"
WORD_MISHEARD, SENTENCE_MISHEARD = 0.08, 0.02
CLEAR, UNCLEAR, WRONG = (0.55, 1.0), (0.2, 0.8), (0.02, 0.35)
"""Ranges of the confidence with which words are heard rightly, with one wrong, and as another sentence."""

GOALS: dict[str, dict[str, tuple[str, int | None]]] = {
    "hold": {"start": ("search", None), "results": ("select", 1), "record": ("reserve", None)},
    "delivery": {
        "start": ("search", None), "results": ("select", 1), "record": ("deliver", None), "slots": ("select", 1),
    },
    "renew all": {"start": ("renew_all", None), "loans": ("renew_all", None)},
    "cancel a hold": {"start": ("my_holds", None), "holds": ("select", 1), "hold": ("cancel", None)},
}  # fmt: skip
"""Goal -> state -> the intent said there, with the number of a list entry."""
WANTED: dict[str, tuple[type[commands.AnyCommand], str]] = {
    "hold": (commands.PlaceHold, "1"),
    "delivery": (commands.BookDelivery, "1"),
    "renew all": (commands.RenewAll, ""),
    "cancel a hold": (commands.CancelHold, HOLDS[0].id),
}
KEYS = {
    ("results", "select"): "#1#",
    ("slots", "select"): "1",
    ("record", "deliver"): "1",
    ("record", "reserve"): "21",
    ("holds", "select"): "#1#",
    ("hold", "cancel"): "1",
    ("start", "my_holds"): "362",
    ("start", "renew_all"): "3661",
    ("loans", "renew_all"): "*",
}
"""Place and intent -> the keys for it."""
WORDS = {
    ("start", "search"): {"kk": "абай кітабын тап", "ru": "найди книгу абай", "en": "find the book abai"},
    ("results", "select"): {"kk": "біріншісі", "ru": "первая", "en": "the first one"},
    ("record", "deliver"): {"kk": "үйге жеткіз", "ru": "доставь домой", "en": "deliver it home"},
    ("record", "reserve"): {"kk": "сақтап қой", "ru": "отложи", "en": "keep it for me"},
    ("slots", "select"): {"kk": "біріншісі", "ru": "первое", "en": "the first one"},
    ("start", "my_holds"): {"kk": "броньдарым", "ru": "мои брони", "en": "my holds"},
    ("holds", "select"): {"kk": "біріншісі", "ru": "первая", "en": "the first one"},
    ("hold", "cancel"): {"kk": "броньнан бас тартамын", "ru": "снимите бронь", "en": "cancel the hold"},
    ("start", "renew_all"): {"kk": "бәрін ұзарту", "ru": "продлить все книги", "en": "renew all books"},
    ("loans", "renew_all"): {"kk": "бәрін ұзарт", "ru": "продли все", "en": "renew all"},
    ("", "yes"): {"kk": "иә", "ru": "да", "en": "yes"},
    ("", "no"): {"kk": "жоқ", "ru": "нет", "en": "no"},
}
"""Place and intent -> the words that Dauys itself names there, for who presses no key."""
START_OVER = {"kk": "басынан бастайық", "ru": "начнём сначала", "en": "start over"}
SPELLED = {"kk": "12122212444444#", "ru": "121221244#", "en": "1212212444#"}
"""The keys that spell TITLE at the start."""


@dataclass
class Outcomes:
    """What became of the conversations of one kind of caller."""

    turns: list[int] = field(default_factory=list)
    """Of those that succeeded."""
    failed: int = 0
    wrong: int = 0
    """Ended with the world changed otherwise than was wanted."""


class Mouth:
    """Sentences of the test writers by language, place and intent."""

    def __init__(self, phrasebook: Phrasebook, chance: random.Random) -> None:
        self._chance = chance
        self._lines: dict[tuple[str, str, str], list[CorpusLine]] = defaultdict(list)
        self._all: list[str] = []
        for path in sorted(WRITTEN.glob("*.tsv")):
            for line in read_file(path):
                if len(line.intents) == 1:
                    language = phrasebook.language_of(line.text, "kk")
                    self._lines[language, line.state, line.intents[0]].append(line)
                    self._all.append(line.text)

    def says(self, language: str, state: str, intent: str, n: int | None = None) -> str | None:
        """Return a sentence of this place, else of any; None where nobody wrote one that fits. A yes or no to another
        read-back may name what that one asked."""
        here = [text for line in self._lines[language, state, intent] if (text := self._fitted(line, n))]
        anywhere = [
            text
            for (spoken, place, meant), lines in self._lines.items()
            if (spoken, meant) == (language, intent) and (place == "doubt" or intent not in ("yes", "no"))
            for line in lines
            if (text := self._fitted(line, n))
        ]
        fitting = here or anywhere
        return self._chance.choice(fitting) if fitting else None

    def _fitted(self, line: CorpusLine, n: int | None) -> str | None:
        marks = {mark.name: mark for mark in line.slots}
        if line.intents[0] == "search":
            if set(marks) != {"title"}:
                return None
            mark = marks["title"]
            return " ".join((*line.tokens[: mark.start], TITLE, *line.tokens[mark.end :]))
        if n is None:
            return None if marks else line.text
        return line.text if set(marks) == {"n"} and marks["n"].value == n else None

    def heard(self, text: str) -> tuple[str, float]:
        """Return the words and the confidence with which a recogniser hears `text`."""
        if self._chance.random() < SENTENCE_MISHEARD:
            return self._chance.choice(self._all), self._chance.uniform(*WRONG)
        words, missed = [], False
        for word in text.split():
            if len(text.split()) > 1 and self._chance.random() < WORD_MISHEARD:
                missed = True
                if self._chance.random() < 0.5:
                    words.append(self._chance.choice(self._chance.choice(self._all).split()))
                continue
            words.append(word)
        return " ".join(words) or text, self._chance.uniform(*(UNCLEAR if missed else CLEAR))


async def converse(
    decider: Decider, phrasebook: Phrasebook, mouth: Mouth, language: str, goal: str, *, by_keys: bool
) -> tuple[str, int]:
    """Return "success", "failed" or "wrong", and the turns that it took. `by_keys`: the caller may press keys."""
    errands = AtOnce()
    profile = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, language)
    session = DialogueSession(begin(profile), cast(CommandExecutor, errands), phrasebook, lambda: NOW, decider=decider)
    await session.exchange(Understood(Began()))
    kind, subject = WANTED[goal]
    places: Counter[str] = Counter()
    for turn in range(1, MOST_TURNS + 1):
        state = session.context.state
        places[state.name] += 1
        keys, said = "", None
        match state.name:
            case "ticket":
                keys = f"{TICKET}#"
            case "pin":
                keys = f"{PIN}#"
            case "confirm":
                assert isinstance(state, Confirm)
                meant = isinstance(state.command, kind) and subject in _subjects(state.command)
                said = mouth.says(
                    language, state_name("confirm", type(state.command).__name__), "yes" if meant else "no"
                )
                keys = "1" if meant else "2"
            case "doubt":
                steps = GOALS[goal].values()
                meant = isinstance(state, Doubt) and state.intent.name in {intent for intent, _ in steps}
                said, keys = mouth.says(language, "doubt", "yes" if meant else "no"), "1" if meant else "2"
            case name if name in GOALS[goal]:
                intent, n = GOALS[goal][name]
                said = mouth.says(language, name, intent, n)
                keys = SPELLED[language] if intent == "search" else KEYS.get((name, intent), "")
            case _:
                keys = "*"
        if not by_keys:
            offered = _named(language, state.name, goal, keys)
            said, keys = (said if said and places[state.name] <= MISSES_TO_KEYS else offered), ""
        if said and (places[state.name] <= MISSES_TO_KEYS or not keys):
            text, confidence = mouth.heard(said)
            await session.exchange(session.understand((Hypothesis(text, language, confidence),)))
        elif keys:
            for key in keys:
                await session.exchange(Understood(Pressed(key)))
        changes = [ask for ask in errands.library.asked if isinstance(ask, commands.ChangeCommand)]
        if changes:
            right = len(changes) == 1 and isinstance(changes[0], kind) and subject in _subjects(changes[0])
            return ("success" if right else "wrong"), turn
    return "failed", MOST_TURNS


def _named(language: str, state: str, goal: str, keys: str) -> str:
    """The words that were named here, for a caller who presses no key; `keys` are what one with keys would press."""
    numbers = {"ticket": TICKET, "pin": PIN}
    if state in numbers:
        return numbers[state]
    if state in ("confirm", "doubt"):
        return WORDS["", "yes" if keys == "1" else "no"][language]
    intent, _ = GOALS[goal].get(state, ("", None))
    return WORDS[state, intent][language] if intent else START_OVER[language]


def _subjects(command: commands.AnyCommand) -> tuple[str, ...]:
    match command:
        case commands.PlaceHold(record_id=record):
            return (record,)
        case commands.BookDelivery(record_ids=records):
            return records
        case commands.CancelHold(hold_id=hold):
            return (hold,)
    return ("",)


async def measured(conversations: int, seed: int) -> dict[str, Outcomes]:
    """Return the outcomes by kind of caller."""
    chance = random.Random(seed)
    phrasebook = Phrasebook.load()
    decider = Decider(phrasebook, learnt_model())
    mouth = Mouth(phrasebook, chance)
    outcomes: dict[str, Outcomes] = defaultdict(Outcomes)
    for number in range(conversations):
        language = ("kk", "ru", "en")[number % 3]
        goal = chance.choice(sorted(GOALS))
        by_keys = chance.random() < 0.5
        result, turns = await converse(decider, phrasebook, mouth, language, goal, by_keys=by_keys)
        for name in (language, goal, "keys when lost" if by_keys else "voice alone", "all"):
            of = outcomes[name]
            of.failed += result == "failed"
            of.wrong += result == "wrong"
            of.turns += [turns] if result == "success" else []
    return outcomes


def main() -> None:
    """Print a line for each kind."""
    conversations = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    outcomes = asyncio.run(measured(conversations, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
    print(f"{'caller':<16}{'calls':>7}{'success':>9}{'turns':>7}{'p90':>5}{'failed':>8}{'wrong':>7}")
    for name, of in outcomes.items():
        calls = len(of.turns) + of.failed + of.wrong
        turns = sorted(of.turns) or [0]
        ninetieth = turns[int(0.9 * (len(turns) - 1))]
        share, middle = len(of.turns) / calls, statistics.median(turns)
        print(f"{name:<16}{calls:>7}{share:>9.1%}{middle:>7g}{ninetieth:>5}{of.failed:>8}{of.wrong:>7}")


if __name__ == "__main__":
    main()
