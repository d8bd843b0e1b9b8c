"""The recogniser's grammar: short phrases that hold every pair of words which may follow each other.

The recogniser makes a bigram model of the phrases it is given, so covering the pairs is as good as listing the
sentences, of which there are too many to list. Pairs of words of two languages are left out: the model's back-off
lets them through.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence

from languages.codes import LANGUAGES
from languages.number_parsing import Numbers
from voice.nlu.automaton import START, Builder, Lexicon, Node, ends_ahead
from voice.nlu.phrase_files import PhraseFiles

LONGEST_PHRASE = 12
"""Words of one grammar phrase."""
WIDE = 2
"""Pairs of words that stand for one pair of sets: all of them would be hundreds of thousands, and the recogniser's
back-off lets the others through. Turn by turn every word of a set gets its neighbours."""

Pairs = dict[str, set[str]]


def grammar_of(
    vocabulary: PhraseFiles, phrases: Sequence[Node], lexicon: Lexicon, intents: Container[str]
) -> list[str]:
    """Phrases, as written, for these intents; `phrases` is the automaton of sets."""
    builder = Builder(vocabulary.sets, vocabulary.values, lexicon, loops=False)
    for intent, wordings in vocabulary.intents.items():
        if intent in intents:
            for language, nodes in wordings.items():
                for node in nodes:
                    builder.phrase(intent, node, language)
    neighbours = Neighbours(builder.finish(), phrases, lexicon)
    found = covering(neighbours.pairs())
    found += [[word] for word in sorted(neighbours.words() - {word for phrase in found for word in phrase})]
    return [" ".join(lexicon.written(word) for word in phrase) for phrase in found]


def number_phrases(numbers: Numbers, joiners: Sequence[str]) -> list[str]:
    """Pairs of number words in the nominative, so that 25 and 4702 are as likely as 7; the other forms one by one."""
    said: dict[str, list[tuple[int, str]]] = {language: numbers.plain(language) for language in LANGUAGES}
    pairs: Pairs = {}
    for forms in said.values():
        for value, form in forms:
            pairs[form] = (
                {other for _, other in forms} if value < 100 else {other for less, other in forms if less < 100}
            )
    return [" ".join(phrase) for phrase in covering(pairs)] + sorted({*numbers.forms, *joiners})


class Neighbours:
    """Which words may follow which, by the automaton of intents and the automaton of sets."""

    def __init__(self, states: Sequence[Node], phrases: Sequence[Node], lexicon: Lexicon) -> None:
        self._states = states
        self._phrases = phrases
        self._lexicon = lexicon
        self._inside: defaultdict[str, set[str]] = defaultdict(set)
        self._begin: defaultdict[str, set[str]] = defaultdict(set)
        self._end: defaultdict[str, set[str]] = defaultdict(set)
        self._find()
        self._memory: dict[tuple[int, str], frozenset[str]] = {}

    def _find(self) -> None:
        """What each set is made of: words and sets in it, at its beginning, at its end."""
        for word, names in self._lexicon.sets.items():
            for name in names:
                for part in (self._inside, self._begin, self._end):
                    part[name].add(word)
        ahead = ends_ahead(list(self._phrases))
        for number, state in enumerate(self._phrases):
            for symbol, arcs in state.words.items():
                for target, _ in arcs:
                    for name in ahead[target]:
                        self._inside[name].add(symbol)
                        if number == START:
                            self._begin[name].add(symbol)
                    for name in self._phrases[target].ends:
                        self._end[name].add(symbol)

    def pairs(self) -> Pairs:
        """Folded word -> folded words that may come next."""
        pairs: defaultdict[str, set[str]] = defaultdict(set)
        joined = {
            (symbol, follower)
            for states in (self._states, self._phrases)
            for state in states
            for symbol, arcs in state.words.items()
            for target, _ in arcs
            for follower in states[target].words
        }
        within = self._symbols()
        turns: Counter[str] = Counter()
        for symbol, follower in sorted(pair for pair in joined if within.issuperset(pair)):
            for language in LANGUAGES:
                lasts = self._spoken_in(language, self._words(symbol, self._end))
                firsts = self._spoken_in(language, self._words(follower, self._begin))
                for _ in range(min(len(lasts) * len(firsts), WIDE)):
                    last, first = lasts[turns[symbol] % len(lasts)], firsts[turns[follower] % len(firsts)]
                    turns.update((symbol, follower))
                    if last != first:
                        pairs[last].add(first)
        return dict(pairs)

    def words(self) -> set[str]:
        """Every word that these phrases name."""
        return {symbol for symbol in self._symbols() if symbol[0] not in "<{"}

    def _symbols(self) -> set[str]:
        """Every word and set that these phrases name, at any depth."""
        found: set[str] = set()
        waiting = {symbol for state in self._states for symbol in state.words}
        while waiting:
            found |= waiting
            waiting = {part for symbol in waiting for part in self._inside.get(symbol, ())} - found
        return found

    def _words(self, symbol: str, part: dict[str, set[str]]) -> frozenset[str]:
        """Folded words that a set begins or ends with; a word is its own beginning and end."""
        if symbol[0] not in "<{":
            return frozenset((symbol,))
        key = (id(part), symbol)
        if key not in self._memory:
            self._memory[key] = frozenset()
            self._memory[key] = frozenset[str]().union(*(self._words(each, part) for each in part[symbol]))
        return self._memory[key]

    def _spoken_in(self, language: str, words: Iterable[str]) -> list[str]:
        return sorted(word for word in words if language in self._lexicon.languages.get(word, {language}))


def covering(pairs: Pairs) -> list[list[str]]:
    """Phrases in which every pair stands once.

    Words with more followers than predecessors must begin phrases anyway; beginning with them makes the fewest phrases.
    """
    left = {word: sorted(followers) for word, followers in sorted(pairs.items())}
    surplus = Counter({word: len(followers) for word, followers in left.items()})
    surplus.subtract(follower for followers in left.values() for follower in followers)
    phrases = []
    for word in sorted(left, key=lambda word: -surplus[word]):
        while left[word]:
            phrase = [word]
            while len(phrase) < LONGEST_PHRASE and left.get(phrase[-1]):
                followers = left[phrase[-1]]
                phrase.append(
                    followers.pop(max(range(len(followers)), key=lambda at: len(left.get(followers[at], ()))))
                )
            phrases.append(phrase)
    return phrases
