"""Understanding against hassil: the same phrases, on the same corpus, in one run.

hassil gets every phrase of ours, written in its own language, our fillers as its skip words and its number ranges, in
two forms. "pooled" has the three languages in the same rules, as ours; it understands one language of number words at a
time, so it is asked in three and the first answer counts. "by language" has three sets of rules, one for each language,
asked in turn, as hassil is meant to be used. What it has not understood after PATIENCE_S counts as not understood, and
how often that happened is told. Numbers go to a hundred there: a longer range takes it minutes. Times are of the
processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hassil import Intents, recognize_best

from voice.nlu.automaton import NUMBER_SLOTS, Wordings
from voice.nlu.phrase_files import PhraseFiles
from voice.nlu.phrasebook import Phrasebook
from voice.nlu.templates import Choice, Repeat, TemplateNode, TemplateReference, TemplateSlot, TemplateWord
from voice.nlu.templates import Sequence as Row

CORPUS = Path(__file__).parents[2] / "tests" / "voice" / "understanding" / "corpus"
PARTS = ("", "fresh", "unseen")
LANGUAGES = ("kk", "ru", "en", "mixed")
SPOKEN = ("kk", "ru", "en")
LARGEST_NUMBER = 100

PATIENCE_S = 1.0
"""Of the processor, for one utterance: nobody waits longer. What takes longer is not understood."""

Answer = tuple[str, Mapping[str, Any]] | None
Understand = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """One utterance and what came back."""

    language: str
    part: str
    right: bool
    wrong: bool
    """Another intent than the right one: the wrong thing would be done."""
    ms: float


def corpus() -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    for part in PARTS:
        for language in LANGUAGES:
            table = tomllib.loads((CORPUS / part / f"{language}.toml").read_text(encoding="utf-8"))
            for intent, utterances in table.items():
                for text, slots in utterances.items():
                    yield part, language, text, intent, slots


def outside() -> list[str]:
    tables = [tomllib.loads((CORPUS / part / "outside.toml").read_text(encoding="utf-8")) for part in ("", "unseen")]
    return [text for table in tables for talk in table.values() for text in talk["utterances"]]


def ask(understand: Understand, every: int) -> tuple[list[Asked], list[Asked]]:
    inside, other = [], []
    for part, language, text, intent, slots in list(corpus())[::every]:
        answer, ms = _timed(understand, text)
        right = answer is not None and answer[0] == intent and _same(answer[1], slots)
        wrong = answer is not None and answer[0] != intent
        inside.append(Asked(language, part, right, wrong, ms))
    for text in outside()[::every]:
        answer, ms = _timed(understand, text)
        other.append(Asked("", "", answer is None, answer is not None, ms))
    return inside, other


def _timed(understand: Understand, text: str) -> tuple[Answer, float]:
    """The answer and the processor's ms."""
    started = time.process_time()
    answer = understand(text)
    return answer, (time.process_time() - started) * 1000


class Patient:
    """Gives up, with None, after PATIENCE_S, and counts how often."""

    def __init__(self, understand: Understand) -> None:
        self._understand = understand
        self.given_up = 0

    def __call__(self, text: str) -> Answer:
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
        try:
            return self._understand(text)
        except TimeoutError:
            self.given_up += 1
            return None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError


def _same(said: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    said = {name: value for name, value in said.items() if not (name == "n" and "digits" in said)}
    return {name: str(value).lower() for name, value in said.items()} == {
        name: str(value).lower() for name, value in wanted.items()
    }


def ours() -> Understand:
    book = Phrasebook.load()

    def understand(text: str) -> Answer:
        intent = book.understand(text)
        return (intent.name, intent.slots) if intent else None

    return understand


def hassil(pooled: bool) -> Understand:
    vocabulary = PhraseFiles.load()
    everything = Intents.from_dict(_hassil_rules(vocabulary, None)) if pooled else None
    rules = [(spoken, everything or Intents.from_dict(_hassil_rules(vocabulary, spoken))) for spoken in SPOKEN]

    def understand(text: str) -> Answer:
        for language, intents in rules:
            found = recognize_best(text.lower(), intents, language=language, best_slot_name="n")
            if found:
                slots = {name: entity.value for name, entity in found.entities.items()}
                return found.intent.name, {_plain(name): _bare(value) for name, value in slots.items()}
        return None

    return understand


def _plain(name: str) -> str:
    return {"nth": "n", "there": "place", "genre": "words"}.get(name, name)


def _bare(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _hassil_rules(vocabulary: PhraseFiles, only: str | None) -> dict[str, Any]:
    """Everything, or what is said in the language `only` and what belongs to all."""
    lists: dict[str, Any] = {name: {"range": {"from": 0, "to": LARGEST_NUMBER}} for name in NUMBER_SLOTS}
    lists |= {f"{name}_any": {"wildcard": True} for name in ("words", "title", "author", "subject", "place", "note")}
    lists |= {f"{name}_number": {"range": {"from": 0, "to": LARGEST_NUMBER}} for name in ("place", "when")}
    for slot, values in vocabulary.values.items():
        rows = [{"in": _either(_all(each, only)), "out": value} for value, each in values.items() if value != "heard"]
        rows += [{"in": text, "out": text} for text in _heard(values.get("heard", {}), only)]
        lists.setdefault(slot, {"values": rows})
    fillers = sorted({word for name in ("fillers", "sounds") for word in vocabulary.lists[name]})
    return {
        "language": "kk",
        "intents": {
            name: {"data": [{"sentences": [_text(node) for node in _all(each, only)]}]}
            for name, each in vocabulary.intents.items()
            if _all(each, only)
        },
        "lists": lists,
        "expansion_rules": {name: _either(_all(each, only)) for name, each in vocabulary.sets.items()},
        "skip_words": fillers,
    }


def _all(wordings: Wordings, only: str | None) -> list[TemplateNode]:
    taken = {only, "any"} if only and (only in wordings or "any" in wordings) else wordings.keys()
    return [node for language, nodes in wordings.items() if language in taken for node in nodes]


def _heard(wordings: Wordings, only: str | None) -> list[str]:
    return [form for node in _all(wordings, only) if isinstance(node, TemplateWord) for form in node.forms] + [
        _text(node)
        for node in _all(wordings, only)
        if not isinstance(node, TemplateWord) and "[" not in _text(node) and "(" not in _text(node)
    ]


def _either(nodes: Sequence[TemplateNode]) -> str:
    return f"({'|'.join(_text(node) for node in nodes)})"


def _text(node: TemplateNode) -> str:
    """The node in hassil's template language."""
    match node:
        case TemplateWord(forms):
            return forms[0] if len(forms) == 1 else f"({'|'.join(forms)})"
        case Row(parts):
            return " ".join(_text(part) for part in parts)
        case Choice(parts):
            texts = [_text(part) for part in parts]
            return f"[{'|'.join(text for text in texts if text)}]" if "" in texts else f"({'|'.join(texts)})"
        case Repeat(part):
            return f"{_text(part)} [{_text(part)}]"
        case TemplateReference(name):
            return f"<{name}>"
        case TemplateSlot(name, mark):
            suffix = {"*": "_any", "#": "_number"}.get(mark, "")
            return f"{{{name}{suffix}:{name}}}" if suffix else f"{{{name}}}"
    raise AssertionError(node)


def report(name: str, inside: Sequence[Asked], other: Sequence[Asked]) -> None:
    groups = {"all": list(inside), "unseen": [each for each in inside if each.part == "unseen"]}
    for language in LANGUAGES:
        groups[language] = [each for each in inside if each.language == language]
    for label, asked in groups.items():
        if asked:
            right, wrong = sum(each.right for each in asked), sum(each.wrong for each in asked)
            line(name, label, asked, f"{100 * right / len(asked):5.1f} %   {100 * wrong / len(asked):5.1f} %")
    line(name, "other talk", other, f"{100 * sum(each.right for each in other) / len(other):5.1f} % refused")


def line(name: str, label: str, asked: Sequence[Asked], share: str) -> None:
    slow = f"{_percentile(asked, 0.5):9.2f} {_percentile(asked, 0.95):9.2f}"
    print(f"{name:11} {label:13} {len(asked):5}   {share:18} {slow}", flush=True)


def _percentile(asked: Sequence[Asked], share: float) -> float:
    return sorted(each.ms for each in asked)[int(share * (len(asked) - 1))]


def main(argv: Sequence[str]) -> int:
    """`argv`: nothing, or every how manieth utterance is asked."""
    every = int(argv[0]) if argv else 1
    signal.signal(signal.SIGVTALRM, _too_long)
    print(f"{'':11} {'utterances':13} {'':5}   right     wrong     p50, p95 ms")
    started = time.process_time()
    understand = ours()
    print(f"ours: loaded in {time.process_time() - started:.2f} s")
    results = {"ours": ask(understand, every)}
    report("ours", *results["ours"])
    for name, pooled in (("pooled", True), ("by language", False)):
        started = time.process_time()
        theirs = Patient(hassil(pooled))
        print(f"hassil, {name}: loaded in {time.process_time() - started:.2f} s")
        results[name] = ask(theirs, every)
        report(name, *results[name])
        print(f"hassil, {name}: gave no answer within {PATIENCE_S:.0f} s {theirs.given_up} times")
    share = {name: sum(each.right for each in inside) / len(inside) for name, (inside, _) in results.items()}
    slow = {name: _percentile(inside, 0.95) for name, (inside, _) in results.items()}
    for name in ("pooled", "by language"):
        right = f"{share['ours'] / share[name]:.2f}" if share[name] else "nothing right to compare with"
        print(f"right, ours : hassil {name} = {right}; p95, hassil : ours = {slow[name] / slow['ours']:.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
