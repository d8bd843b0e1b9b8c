"""Makes tokens of what was said: which sets and values each word begins, which numbers, what leaving it out means."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from languages.number_parsing import Numbers, ParsedNumber
from languages.tokens import fold, tokens
from voice.nlu.automaton import START, Builder, Lexicon, Node, ends_ahead, has_slots, value_symbol
from voice.nlu.corrections import Corrections
from voice.nlu.matcher import Token, TokenKind
from voice.nlu.phrase_files import PhraseFiles
from voice.nlu.templates import TemplateWord

_KINDS = {"negations": TokenKind.NEGATION, "elsewhere": TokenKind.ELSEWHERE, "fillers": TokenKind.FILLER}


class Tokenizer:
    """Knows every set of wordings and every number."""

    def __init__(self, vocabulary: PhraseFiles, lexicon: Lexicon, numbers: Numbers) -> None:
        self._lexicon = lexicon
        self._numbers = numbers
        self._sounds = vocabulary.lists["sounds"]
        self._corrections = Corrections(vocabulary.lists, self._number_end)
        self._kinds = {word: kind for name, kind in reversed(_KINDS.items()) for word in vocabulary.lists[name]}
        self._elsewhere = tuple(word.removesuffix("*") for word in vocabulary.lists["elsewhere"] if word.endswith("*"))
        self.phrases = self._sets(vocabulary)
        """The automaton of wordings longer than a word; its ends are names of sets."""

    def prepare_listening(self) -> None:
        """Make what only `begun` needs. Blocks."""
        assert self._ahead

    @cached_property
    def _ahead(self) -> list[set[str]]:
        return ends_ahead(self.phrases)

    def read(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order, after corrections and without hesitations and echoes."""
        words = [word for word in tokens(text) if fold(word) not in self._sounds]
        words = self._without_echo(self._numbers.written_out(self._corrections.made(words)))
        numbers = [
            tuple(number for number in found if not self._numbers.is_year(number, words))
            for found in self._found(words)
        ]
        keys = [fold(word) for word in words]
        symbols: list[list[tuple[str, int]]] = [[] for _ in words]
        for at in reversed(range(len(words))):
            symbols[at] = [(keys[at], 1), *((name, 1) for name in self._lexicon.sets.get(keys[at], ()))]
            self._longer(symbols, at)
        return [
            Token(
                words[at],
                symbols[at],
                self._kind(keys[at]),
                numbers[at],
                self._several(symbols, numbers, at),
                _run(numbers, at),
            )
            for at in range(len(words))
        ]

    def _kind(self, key: str) -> TokenKind:
        kind = self._kinds.get(key)
        return kind or (TokenKind.ELSEWHERE if key.startswith(self._elsewhere) else TokenKind.CONTENT)

    def begun(self, tokens: Sequence[Token]) -> list[tuple[int, set[str]]]:
        """Where a longer wording begins that the words break off in, and the sets it may belong to."""
        symbols = [token.symbols for token in tokens]
        found = []
        for at in range(len(tokens)):
            reached = {number for number, end in self._reached(symbols, at) if end == len(tokens)}
            names = {
                name for number in reached for target in self.phrases[number].targets() for name in self._ahead[target]
            }
            if names:
                found.append((at, names))
        return found

    def _without_echo(self, words: list[str]) -> list[str]:
        """A word said twice in a row counts once, unless it is a number or a letter."""
        numbers = self._found(words)
        return [
            word for at, word in enumerate(words) if at == 0 or word != words[at - 1] or numbers[at] or len(word) == 1
        ]

    def _number_end(self, words: Sequence[str], at: int) -> int:
        number = self._numbers.at(words, at)
        return number.end if number else 0

    def _found(self, words: Sequence[str]) -> list[tuple[ParsedNumber, ...]]:
        found = (self._numbers.at(words, at) for at in range(len(words)))
        return [(number,) if number else () for number in found]

    def _longer(self, symbols: list[list[tuple[str, int]]], at: int) -> None:
        """Adds the sets whose longer wordings begin at `at`; one set may be in another's wording, hence the rounds."""
        known = set(symbols[at])
        while True:
            found = {(name, end - at) for name, end in self._ends(symbols, at)} - known
            if not found:
                return
            known |= found
            symbols[at].extend(found)

    def _ends(self, symbols: list[list[tuple[str, int]]], at: int) -> set[tuple[str, int]]:
        return {(name, end) for number, end in self._reached(symbols, at) for name in self.phrases[number].ends}

    def _reached(self, symbols: list[list[tuple[str, int]]], at: int) -> set[tuple[int, int]]:
        """States of the automaton of sets that the words from `at` lead to, each with the position after them."""
        seen, waiting = {(START, at)}, [(START, at)]
        while waiting:
            number, position = waiting.pop()
            state = self.phrases[number]
            if position < len(symbols):
                for symbol, length in symbols[position]:
                    for target, _ in state.words.get(symbol, ()):
                        if (target, position + length) not in seen:
                            seen.add((target, position + length))
                            waiting.append((target, position + length))
        return seen

    def _several(
        self, symbols: list[list[tuple[str, int]]], numbers: list[tuple[ParsedNumber, ...]], at: int
    ) -> tuple[ParsedNumber, ...]:
        found: list[ParsedNumber] = []
        while at < len(numbers):
            if numbers[at]:
                found.extend(numbers[at])
                at = found[-1].end
            elif found and ("<and>", 1) in symbols[at] and (after := self._number_after(symbols, numbers, at + 1)):
                at = after
            else:
                break
        return tuple(found) if len(found) > 1 else ()

    def _number_after(
        self, symbols: list[list[tuple[str, int]]], numbers: list[tuple[ParsedNumber, ...]], at: int
    ) -> int:
        """Where the next number begins if nothing but a filler ("and the third") stands before it, else 0."""
        if at + 1 < len(numbers) and not numbers[at] and self._kind(symbols[at][0][0]) is TokenKind.FILLER:
            at += 1
        return at if at < len(numbers) and numbers[at] else 0

    def _sets(self, vocabulary: PhraseFiles) -> list[Node]:
        wordings = {f"<{name}>": each for name, each in vocabulary.sets.items() if not has_slots(name, vocabulary.sets)}
        for slot, values in vocabulary.values.items():
            wordings |= {value_symbol(slot, value): each for value, each in values.items()}
        builder = Builder(vocabulary.sets, {}, self._lexicon)
        for name, by_language in wordings.items():
            for language, nodes in by_language.items():
                for node in nodes:
                    if isinstance(node, TemplateWord):
                        for form in node.forms:
                            self._lexicon.sets.setdefault(self._lexicon.add(form, language, name), set()).add(name)
                    else:
                        builder.phrase(name, node, language)
        return builder.finish()


def _run(numbers: Sequence[tuple[ParsedNumber, ...]], at: int) -> tuple[ParsedNumber, ...]:
    found: list[ParsedNumber] = []
    while at < len(numbers) and numbers[at]:
        found.extend(numbers[at])
        at = found[-1].end
    return tuple(found)
