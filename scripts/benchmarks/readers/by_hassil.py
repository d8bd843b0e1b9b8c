"""The phrases of the phrasebook as hassil understands them, for `scripts/bench understanding`.

hassil gets every phrase of ours, written in its own language, our fillers as its skip words and its number ranges, in
two forms. "pooled" has the three languages in the same rules, as ours; it understands one language of number words at a
time, so it is asked in three and the first answer counts. "by language" has three sets of rules, one for each language,
asked in turn, as hassil is meant to be used. What it has not understood after PATIENCE_S counts as not understood.
Numbers go to a hundred there: a longer range takes it minutes.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hassil import Intents, recognize_best

from voice.nlu.automaton import NUMBER_SLOTS, Wordings
from voice.nlu.phrase_files import PhraseFiles
from voice.nlu.templates import Choice, Repeat, TemplateNode, TemplateReference, TemplateSlot, TemplateWord
from voice.nlu.templates import Sequence as Row

SPOKEN = ("kk", "ru", "en")
LARGEST_NUMBER = 100

PATIENCE_S = 1.0
"""Of the processor, for one utterance: nobody waits longer. What takes longer is not understood."""

Answer = tuple[str, Mapping[str, Any]] | None


def by_hassil(pooled: bool) -> Callable[[str], Answer]:
    """Return hassil with our phrases, that gives up after PATIENCE_S of the processor."""
    signal.signal(signal.SIGVTALRM, _too_long)
    understand = _hassil(pooled)

    def patient(text: str) -> Answer:
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
        try:
            return understand(text)
        except TimeoutError:
            return None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    return patient


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError


def _hassil(pooled: bool) -> Callable[[str], Answer]:
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
