"""What becomes of typed sentences: the phrasebook alone, the learnt model alone, both with the decision, and hassil.

    scripts/bench understanding [-- --development] [--every N]

The headline is the test part: sentences of writers of whom nothing was learnt and at which nobody looked. "Right" is
the intent, or all of them, beside it the intent with its slots. What is refused although it was a request counts as
wrong, and so does a question "this or that?", which has its own column. "Wrong act" is anything done, and not asked,
that was not wanted. Of other talk it is right to do nothing. In brackets stand the bounds of 95 % (Wilson).

The decision is asked without a catalogue, so that bare titles count on words alone. hassil is asked every tenth
sentence, with a limit of its own for each.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from readers.sets import BARE, LATER, OTHER, PERSON, TWO, Question, Wanted, older, written

from languages.tokens import fold
from voice.dialogue.context import DialogueContext, LineCapabilities, Profile
from voice.dialogue.registry import cost_of as dialogue_cost
from voice.nlu.deciding.acts import AskWhich, Do, OfferLibrarian, Situation
from voice.nlu.deciding.decision import Decider
from voice.nlu.deciding.learnt_intents import is_correction, is_refused, is_social, learnt_intent
from voice.nlu.errors import IntentModelError
from voice.nlu.intent_model import IntentModel
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent
from voice.values.utterances import Hypothesis

COSTS = ("confirming", "ending", "setting", "leads", "harmless")
"""What a wrong act costs, the dearest first."""
MIN_PROBABILITY = 0.4
"""From here on the model alone is acted upon; the decision has its own rule."""
HASSIL_EVERY = 10
SOUGHT = ("words", "title", "author", "subject", "genre", "series", "character", "plot", "year", "class", "age")
"""Slots that a search takes together: which word is in which of them makes no difference to what is found."""
CALLED = {"librarian": PERSON, "number": "digits"}
"""Two names of one thing."""
NOON = datetime(2026, 12, 1, 12)
START = DialogueContext(Profile(LineCapabilities("bench"), True, NOON), "kk", NOON)
VALUED = ("n", "ns", "format", "language", "new", "narrow", "topic", "digits")
KINDS_OF_PLACE = tuple(map(fold, ("кітапхана", "библиоте", "librar", "станци", "station", "метро", "metro", "филиал")))
Z = 1.96


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody made of a sentence."""

    acts: tuple[Wanted, ...]
    asked: bool = False
    """One of two was offered instead of doing something."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence, judged."""

    question: Question
    right: bool
    right_slots: bool
    wrong_acts: tuple[str, ...]
    """What each act costs that was not wanted: the classes of voice.values.change_policy.Cost."""
    refused: bool
    asked: bool
    ms: float

    @property
    def wrong_act(self) -> bool:
        return bool(self.wrong_acts)


Understand = Callable[[Question], Answered]


def by_phrasebook(book: Phrasebook) -> Understand:
    def understand(question: Question) -> Answered:
        intent = book.understand(question.text, "kk")
        return Answered((_act(intent),) if intent else ())

    return understand


def by_model(model: IntentModel) -> Understand:
    def understand(question: Question) -> Answered:
        acts = []
        for part in model.read(question.text, question.state).parts:
            intent = learnt_intent(part.intent, part.slots, "", part.text, part.probability)
            if intent.name == "librarian":
                acts.append(Wanted(PERSON, {}))
            elif not is_refused(part.intent) and part.probability >= MIN_PROBABILITY:
                acts.append(_act(intent))
        return Answered(_without_words_of_passage(acts))

    return understand


def by_decision(decider: Decider) -> Understand:
    def understand(question: Question) -> Answered:
        situation = Situation(
            question.state,
            confirms=confirms(question),
            cost_of=lambda name: cost_of(question, name),
            takes_words=question.state == "notes",
            takes_names=question.state == "places",
            takes_digits=question.state in ("ticket", "pin", "phone"),
        )
        decision = decider.decide([Hypothesis(question.text, "kk", 1.0)], situation)
        match decision.act if decision else None:
            case Do(intents):
                return Answered(_without_words_of_passage([_act(intent) for intent in intents]))
            case OfferLibrarian():
                return Answered((Wanted(PERSON, {}),))
            case AskWhich():
                return Answered((), asked=True)
        return Answered(())

    return understand


def confirms(question: Question) -> bool:
    """Whether a yes would change something here."""
    return question.state.startswith("confirm") or question.state == "doubt"


def cost_of(question: Question, name: str) -> str:
    """Return the class of what it costs to take the intent `name` when nobody meant it."""
    return "confirming" if confirms(question) and name == "yes" else dialogue_cost(START, name)


def _act(intent: Intent) -> Wanted:
    return Wanted(CALLED.get(intent.name, intent.name), intent.slots)


def _without_words_of_passage(acts: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Without corrections, and greetings and thanks beside something else."""
    kept = [act for act in acts if not is_correction(act.intent)] or list(acts[:1])
    return tuple([act for act in kept if not is_social(act.intent)] or kept[:1])


def judged(question: Question, answer: Answered, ms: float) -> Judged:
    """Return what `answer` is worth."""
    names = [act.intent for act in answer.acts]
    wanted = [each.intent for each in question.wanted]
    right = names == wanted and not answer.asked
    slots = right and all(
        same_slots(act.slots, each.slots) for act, each in zip(answer.acts, question.wanted, strict=True)
    )
    wrong = tuple(cost_of(question, name) for name in names if name not in wanted)
    return Judged(question, right, slots, wrong, not names and not answer.asked, answer.asked, ms)


def same_slots(found: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Whether the same is sought, and everything else is the same; case and spelling aside."""
    valued = all(str(found.get(name, "")).lower() == str(wanted.get(name, "")).lower() for name in VALUED)
    others = all(_words(found, (name,)) == _words(wanted, (name,)) for name in ("when", "note", "name"))
    places = _names_of_places(found) == _names_of_places(wanted)
    return valued and others and places and _words(found, SOUGHT) == _words(wanted, SOUGHT)


def _names_of_places(slots: Mapping[str, object]) -> frozenset[str]:
    """Without the words that say what kind of place it is, which some count to the name and some do not."""
    return frozenset(word for word in _words(slots, ("place",)) if not word.startswith(KINDS_OF_PLACE))


def _words(slots: Mapping[str, object], names: Sequence[str]) -> frozenset[str]:
    return frozenset(fold(word) for name in names for word in str(slots.get(name, "")).lower().split())


def ask(understand: Understand, questions: Sequence[Question]) -> list[Judged]:
    results = []
    for question in questions:
        started = time.process_time()
        answer = understand(question)
        results.append(judged(question, answer, (time.process_time() - started) * 1000))
    return results


def groups(results: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    requests = [each for each in results if each.question.kind != OTHER]
    yield "requests", requests
    for language in ("kk", "ru", "en", "mixed"):
        yield f"  {language}", [each for each in requests if each.question.language == language]
    for kind in (BARE, LATER, TWO):
        yield f"  {kind}", [each for each in requests if each.question.kind == kind]
    yield OTHER, [each for each in results if each.question.kind == OTHER]


def interval(count: int, of: int) -> str:
    """Return a share in per cent with its 95 % interval."""
    if not of:
        return "-"
    share = count / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return f"{100 * share:5.1f} ({100 * max(0.0, middle - half):.1f}-{100 * (middle + half):.1f})"


def report(name: str, results: Sequence[Judged]) -> None:
    print(f"\n{name}\n{'':34}{'n':>5}  {'intent':20}{'and slots':20}{'wrong act':20}{'refused':>8}{'asked':>7}")
    for label, found in groups(results):
        if found:
            count = len(found)
            columns = [
                interval(sum(getattr(each, column) for each in found), count)
                for column in ("right", "right_slots", "wrong_act")
            ]
            refused = 100 * sum(each.refused for each in found) / count
            asked = 100 * sum(each.asked for each in found) / count
            print(f"{label:34}{count:5}  " + "".join(f"{each:20}" for each in columns) + f"{refused:8.1f}{asked:7.1f}")
    costs = Counter(cost for each in results for cost in each.wrong_acts)
    print("wrong acts: " + ", ".join(f"{name} {costs[name]}" for name in COSTS))
    times = sorted(each.ms for each in results)
    print(f"processor ms a sentence: p50 {times[len(times) // 2]:.1f}, p95 {times[int(0.95 * (len(times) - 1))]:.1f}")


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--development", action="store_true", help="the development part instead of the test")
    parser.add_argument("--every", type=int, default=1, help="every how manieth sentence is asked")
    options = parser.parse_args(argv)
    name = "development" if options.development else "writers never looked at"
    sets = [(name, written(options.development)[:: options.every]), ("older corpora", older()[:: options.every])]
    book = Phrasebook.load()
    readers: list[tuple[str, Understand, int]] = [("phrasebook alone", by_phrasebook(book), 1)]
    try:
        model = IntentModel.load()
    except IntentModelError as error:
        print(error)
    else:
        readers += [("model alone", by_model(model), 1), ("both, decided", by_decision(Decider(book, model)), 1)]
    readers += _hassil()
    for heading, questions in sets:
        for reader, understand, every in readers:
            if questions:
                report(f"{heading}: {reader}", ask(understand, questions[::every]))
    return 0


def _hassil() -> list[tuple[str, Understand, int]]:
    try:
        from readers.by_hassil import by_hassil
    except ImportError:
        print("hassil is not installed here (the extra `bench`); it is left out.")
        return []

    def answering(understand: Callable[[str], tuple[str, Mapping[str, object]] | None]) -> Understand:
        def answer(question: Question) -> Answered:
            found = understand(question.text)
            return Answered((Wanted(found[0], dict(found[1])),) if found else ())  # type: ignore[arg-type]

        return answer

    return [
        (f"hassil, {name}", answering(by_hassil(pooled)), HASSIL_EVERY)
        for name, pooled in (("pooled", True), ("by language", False))
    ]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
