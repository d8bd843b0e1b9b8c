"""Phrases as an automaton: states joined by words and sets of words, and what a reader means at its ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from languages.tokens import fold
from voice.nlu.templates import (
    Choice,
    Repeat,
    Sequence,
    TemplateError,
    TemplateNode,
    TemplateReference,
    TemplateSlot,
    TemplateWord,
)

START = 0
HEARD = "heard"
"""The value that stands for the words as they were said."""
NUMBER_SLOTS = frozenset({"n", "nth", "ns", "digits"})

Wordings = Mapping[str, Iterable[TemplateNode]]
"""Language code, or "any" for words that belong to all, -> wordings."""
Effect = tuple[str, str] | None
"""A slot and what it is set to."""


@dataclass(slots=True)
class Node:
    """Where a phrase may have got to. Targets are numbers of states."""

    words: dict[str, list[tuple[int, Effect]]] = field(default_factory=dict)
    """Folded word, <set> or {slot=value} -> where it leads."""
    free: list[tuple[int, str]] = field(default_factory=list)
    """Any word leads there and goes into the slot."""
    numbers: list[tuple[int, str]] = field(default_factory=list)
    """A number of that kind leads there: n, nth, ns, digits, or a slot with # behind."""
    ends: set[str] = field(default_factory=set)
    """What is complete here: intents, or sets in the automaton of sets."""
    inside: bool = False
    """In the middle of a slot that takes any words."""

    def slots(self) -> set[str]:
        """Slots that the next word may fill."""
        filled = {arc[1][0] for arcs in self.words.values() for arc in arcs if arc[1]}
        return filled | {slot for _, slot in (*self.free, *self.numbers)}

    def targets(self) -> set[int]:
        arcs = {arc[0] for arcs in self.words.values() for arc in arcs}
        return arcs | {arc[0] for arc in self.free} | {arc[0] for arc in self.numbers}


@dataclass(slots=True)
class Lexicon:
    """What is known of every word of the phrasebook; keys are folded words."""

    sets: dict[str, set[str]] = field(default_factory=dict)
    """Names of the sets a word is in by itself."""
    languages: dict[str, set[str]] = field(default_factory=dict)
    """Languages that a word belongs to anywhere; a phrase of all languages says nothing about its words."""
    spoken: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Word and the set it was said for (itself when for none) -> languages: да is yes in Russian, "too" in Kazakh."""
    spellings: dict[str, Counter[str]] = field(default_factory=dict)
    """How it is written, and how often."""

    def add(self, form: str, language: str, name: str = "") -> str:
        key = fold(form.lower())
        if language != "any":
            self.languages.setdefault(key, set()).add(language)
            self.spoken.setdefault((key, name or key), set()).add(language)
        self.spellings.setdefault(key, Counter())[form] += 1
        return key

    def members(self, name: str) -> list[str]:
        """The single words of a set, as they are written."""
        return [self.written(word) for word, sets in self.sets.items() if name in sets]

    def written(self, word: str) -> str:
        """The full spelling of a folded word: with the most Kazakh letters (folding takes them), then the most used."""

        def kazakh(form: str) -> int:
            return sum(a != b for a, b in zip(form.replace("'", ""), word, strict=False))

        forms = self.spellings[word]
        return max(sorted(forms), key=lambda form: (kazakh(form), forms[form]))


class Builder:
    """Adds phrases one by one; `finish` gives the states.

    A set without slots is one arc with the set's name; a set with slots is written out wherever it is named.
    """

    def __init__(
        self,
        sets: Mapping[str, Wordings],
        values: Mapping[str, Mapping[str, Wordings]],
        lexicon: Lexicon,
        *,
        loops: bool = True,
    ) -> None:
        """Without `loops`, what may be said several times is written once: enough for a grammar."""
        self._loops = loops
        self._sets = sets
        self._values = values
        self._lexicon = lexicon
        self._states = [Node()]
        self._silent: list[list[int]] = [[]]
        self._has_slots: dict[str, bool] = {}
        """What is known of the sets so far: each is named in many phrases."""

    def phrase(self, label: str, node: TemplateNode, language: str) -> None:
        end = self._add(node, START, language)
        self._states[end].ends.add(label)

    def finish(self) -> list[Node]:
        """The states, with every silent step taken in advance."""
        return [self._closed(number) for number in range(len(self._states))]

    def _new(self) -> int:
        self._states.append(Node())
        self._silent.append([])
        return len(self._states) - 1

    def _add(self, node: TemplateNode, start: int, language: str) -> int:
        match node:
            case TemplateWord(forms):
                return self._arc(start, [self._lexicon.add(form, language) for form in forms])
            case Sequence(parts):
                for part in parts:
                    start = self._add(part, start, language)
                return start
            case Choice(parts):
                return self._either(parts, start, language)
            case Repeat(part):
                begin = self._new()
                self._silent[start].append(begin)
                end = self._add(part, begin, language)
                if self._loops:
                    self._silent[end].append(begin)
                return end
            case TemplateReference(name):
                if name not in self._sets:
                    raise TemplateError(f"There is no set of wordings <{name}>.")
                if name not in self._has_slots:
                    self._has_slots[name] = has_slots(name, self._sets)
                if self._has_slots[name]:
                    return self._either(
                        [part for nodes in self._sets[name].values() for part in nodes], start, language
                    )
                return self._arc(start, [f"<{name}>"])
            case TemplateSlot():
                return self._slot(node, start)

    def _arc(self, start: int, symbols: Iterable[str], effect: Effect = None) -> int:
        end = self._new()
        for symbol in dict.fromkeys(symbols):
            self._states[start].words.setdefault(symbol, []).append((end, effect))
        return end

    def _either(self, parts: Iterable[TemplateNode], start: int, language: str) -> int:
        end = self._new()
        for part in parts:
            self._silent[self._add(part, start, language)].append(end)
        return end

    def _slot(self, slot: TemplateSlot, start: int) -> int:
        end = self._new()
        if slot.mark == "*":
            self._states[end].inside = True
            self._states[start].free.append((end, slot.name))
            self._states[end].free.append((end, slot.name))
            return end
        if slot.mark == "#" or slot.name in NUMBER_SLOTS:
            self._states[start].numbers.append((end, slot.name + slot.mark))
        elif slot.name not in self._values:
            raise TemplateError(f"There are no values for the slot {{{slot.name}}}.")
        if not slot.mark:
            name = "n" if slot.name == "nth" else slot.name
            for value in self._values.get(name, ()):
                arcs = self._states[start].words.setdefault(value_symbol(name, value), [])
                arcs.append((end, (name, value)))
        return end

    def _closed(self, number: int) -> Node:
        if not self._silent[number]:
            return self._states[number]
        closed = Node(inside=self._states[number].inside)
        seen, waiting = {number}, [number]
        while waiting:
            state = self._states[at := waiting.pop()]
            for symbol, arcs in state.words.items():
                # No two states have an arc in common: each leads to a state that was made for it.
                closed.words.setdefault(symbol, []).extend(arcs)
            closed.free.extend(arc for arc in state.free if arc not in closed.free)
            closed.numbers.extend(arc for arc in state.numbers if arc not in closed.numbers)
            closed.ends |= state.ends
            new = [silent for silent in self._silent[at] if silent not in seen]
            seen.update(new)
            waiting.extend(new)
        return closed


def value_symbol(slot: str, value: str) -> str:
    return f"{{{slot}={value}}}"


def has_slots(name: str, sets: Mapping[str, Wordings]) -> bool:
    """Whether a wording of the set fills a slot."""

    def within(node: TemplateNode) -> bool:
        match node:
            case TemplateSlot():
                return True
            case Sequence(parts) | Choice(parts):
                return any(within(part) for part in parts)
            case Repeat(part):
                return within(part)
            case TemplateReference(inner):
                return inner in sets and has_slots(inner, sets)
        return False

    return any(within(node) for nodes in sets[name].values() for node in nodes)


def ends_ahead(states: list[Node]) -> list[set[str]]:
    """For each state, every label that can still be reached from it, its own included, and every {slot} on the way."""
    ahead = [state.ends | {f"{{{slot}}}" for slot in state.slots()} for state in states]
    targets = [state.targets() for state in states]
    changed = True
    while changed:
        changed = False
        for number in reversed(range(len(states))):
            before = len(ahead[number])
            ahead[number].update(*(ahead[target] for target in targets[number]))
            changed |= len(ahead[number]) > before
    return ahead
