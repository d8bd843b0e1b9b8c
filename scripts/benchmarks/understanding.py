"""Understanding against hassil: the same phrases, pooled in the same rules, on the same corpus, in one run.

hassil gets every phrase of ours, written in its own language, our fillers as its skip words and its number ranges. It
understands one language of number words at a time, so it is asked in three and its best answer counts. Times are of the
processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from hassil import Intents, recognize_best

from voice.understanding.automaton import NUMBER_SLOTS, Wordings
from voice.understanding.phrasebook import Phrasebook
from voice.understanding.templates import Choice, Named, Node, Repeat, Slot, Word
from voice.understanding.templates import Sequence as Row
from voice.understanding.vocabulary import Vocabulary

CORPUS = Path(__file__).parents[2] / "tests" / "voice" / "understanding" / "corpus"
LANGUAGES = ("kk", "ru", "en", "mixed")

PATIENCE_S = 3.0
"""Of the processor, for one utterance: nobody waits longer. What takes longer is not understood."""

Answer = tuple[str, Mapping[str, Any]] | None
Understand = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """One utterance and what came back."""

    group: str
    right: bool
    wrong: bool
    """Another intent than the right one: the wrong thing would be done."""
    ms: float


def corpus() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for language in LANGUAGES:
        table = tomllib.loads((CORPUS / f"{language}.toml").read_text(encoding="utf-8"))
        for intent, utterances in table.items():
            for text, slots in utterances.items():
                yield language, text, intent, slots


def outside() -> list[str]:
    table = tomllib.loads((CORPUS / "outside.toml").read_text(encoding="utf-8"))
    return [text for talk in table.values() for text in talk["utterances"]]


def ask(understand: Understand, every: int) -> tuple[list[Asked], list[Asked]]:
    inside, other = [], []
    for language, text, intent, slots in list(corpus())[::every]:
        unseen = sha256(text.encode()).digest()[0] % 3 == 0
        answer, ms = _timed(understand, text)
        right = answer is not None and answer[0] == intent and _same(answer[1], slots)
        wrong = answer is not None and answer[0] != intent
        inside.append(Asked(f"{language}{' unseen' if unseen else ''}", right, wrong, ms))
    for text in outside()[::every]:
        answer, ms = _timed(understand, text)
        other.append(Asked("outside", answer is None, answer is not None, ms))
    return inside, other


def _timed(understand: Understand, text: str) -> tuple[Answer, float]:
    """The answer and the processor's ms."""
    started = time.process_time()
    answer = understand(text)
    return answer, (time.process_time() - started) * 1000


def patient(understand: Understand) -> Understand:
    """Gives up, with None, after PATIENCE_S."""

    def within(text: str) -> Answer:
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
        try:
            return understand(text)
        except TimeoutError:
            return None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    return within


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


def hassil() -> Understand:
    vocabulary = Vocabulary.load()
    intents = Intents.from_dict(_hassil_rules(vocabulary))

    def understand(text: str) -> Answer:
        for language in ("kk", "ru", "en"):
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


def _hassil_rules(vocabulary: Vocabulary) -> dict[str, Any]:
    lists: dict[str, Any] = {name: {"range": {"from": 0, "to": 999_999}} for name in NUMBER_SLOTS}
    lists |= {f"{name}_any": {"wildcard": True} for name in ("words", "title", "author", "subject", "place", "note")}
    lists |= {f"{name}_number": {"range": {"from": 0, "to": 100}} for name in ("place", "when")}
    for slot, values in vocabulary.values.items():
        rows = [{"in": _either(_all(each)), "out": value} for value, each in values.items() if value != "heard"]
        rows += [{"in": text, "out": text} for text in _heard(values.get("heard", {}))]
        lists.setdefault(slot, {"values": rows})
    fillers = sorted({word for name in ("fillers", "sounds") for word in vocabulary.lists[name]})
    return {
        "language": "kk",
        "intents": {
            name: {"data": [{"sentences": [_text(node) for node in _all(each)]}]}
            for name, each in vocabulary.intents.items()
        },
        "lists": lists,
        "expansion_rules": {name: _either(_all(each)) for name, each in vocabulary.sets.items()},
        "skip_words": fillers,
    }


def _all(wordings: Wordings) -> list[Node]:
    return [node for nodes in wordings.values() for node in nodes]


def _heard(wordings: Wordings) -> list[str]:
    return [form for node in _all(wordings) if isinstance(node, Word) for form in node.forms] + [
        _text(node)
        for node in _all(wordings)
        if not isinstance(node, Word) and "[" not in _text(node) and "(" not in _text(node)
    ]


def _either(nodes: Sequence[Node]) -> str:
    return f"({'|'.join(_text(node) for node in nodes)})"


def _text(node: Node) -> str:
    """The node in hassil's template language."""
    match node:
        case Word(forms):
            return forms[0] if len(forms) == 1 else f"({'|'.join(forms)})"
        case Row(parts):
            return " ".join(_text(part) for part in parts)
        case Choice(parts):
            texts = [_text(part) for part in parts]
            return f"[{'|'.join(text for text in texts if text)}]" if "" in texts else f"({'|'.join(texts)})"
        case Repeat(part):
            return f"{_text(part)} [{_text(part)}]"
        case Named(name):
            return f"<{name}>"
        case Slot(name, mark):
            suffix = {"*": "_any", "#": "_number"}.get(mark, "")
            return f"{{{name}{suffix}:{name}}}" if suffix else f"{{{name}}}"
    raise AssertionError(node)


def report(name: str, inside: Sequence[Asked], other: Sequence[Asked]) -> None:
    groups = {"all": list(inside), "unseen third": [each for each in inside if each.group.endswith("unseen")]}
    for language in LANGUAGES:
        groups[language] = [each for each in inside if each.group.split()[0] == language]
    for label, asked in groups.items():
        right, wrong = sum(each.right for each in asked), sum(each.wrong for each in asked)
        line(name, label, asked, f"{100 * right / len(asked):5.1f} %   {100 * wrong / len(asked):5.1f} %")
    line(name, "other talk", other, f"{100 * sum(each.right for each in other) / len(other):5.1f} % refused")


def line(name: str, label: str, asked: Sequence[Asked], share: str) -> None:
    slow = f"{_percentile(asked, 0.5):9.2f} {_percentile(asked, 0.95):9.2f}"
    print(f"{name:8} {label:13} {len(asked):5}   {share:18} {slow}", flush=True)


def _percentile(asked: Sequence[Asked], share: float) -> float:
    return sorted(each.ms for each in asked)[int(share * (len(asked) - 1))]


def main(argv: Sequence[str]) -> int:
    """`argv`: nothing, or every how manieth utterance hassil is asked (it is slow)."""
    signal.signal(signal.SIGVTALRM, _too_long)
    started = time.process_time()
    understand = ours()
    loaded = time.process_time() - started
    print(f"{'':8} {'utterances':13} {'':5}   right     wrong     p50, p95 ms")
    results = {"ours": ask(understand, 1)}
    report("ours", *results["ours"])
    started = time.process_time()
    theirs = patient(hassil())
    print(f"loaded in {loaded:.2f} s (ours), {time.process_time() - started:.2f} s (hassil)")
    results["hassil"] = ask(theirs, int(argv[0]) if argv else 40)
    report("hassil", *results["hassil"])
    mine, its = (sum(each.right for each in inside) / len(inside) for inside, _ in results.values())
    fast, slow = (_percentile(inside, 0.95) for inside, _ in results.values())
    right = f"{mine / its:.2f}" if its else "nothing right to compare with"
    print(f"right, ours : hassil = {right}; p95, hassil : ours = {slow / fast:.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
