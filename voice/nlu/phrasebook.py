"""Understands a reader: words in, an Intent out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from languages import language_identification as languages
from languages.number_parsing import Numbers
from languages.tokens import LONGEST_UTTERANCE, fold
from voice.nlu.automaton import HEARD, START, Builder, Lexicon, ends_ahead, value_symbol
from voice.nlu.matcher import Match, Token, TokenKind, alive, matches
from voice.nlu.phrase_files import PhraseFiles
from voice.nlu.recognition_grammar import grammar_of, number_phrases
from voice.nlu.sampling import InWords, Sampler
from voice.nlu.slots import slots_of
from voice.nlu.tokenizer import Tokenizer
from voice.values.intents import Intent
from voice.values.utterances import Hypothesis

FULL_SENSE = 0.8
"""From this score on, a hypothesis makes full sense and a better one is not looked for."""

MIN_SHARE_OF_BEST_CONFIDENCE = 0.25
"""A hypothesis with less than this share of the best one's confidence does not compete, whatever sense it makes."""

WHOLE = frozenset({"yes", "no", "digits", "letters"})
"""Intents that bear no word beside them: half a yes is none."""


SOUGHT = frozenset({"<find>", "<book>", "<about>", "<about_it>", "<field>", "{genre=heard}", "{words=heard}"})
"""Without one of these, nothing but a question word or an intent says that the free words are what a book is called."""

FINDS = "<find>"
"""The word for finding."""

TALKATIVE = frozenset({"search", "note"})
"""Intents whose free words may hold a negation."""

ASIDE = frozenset({"when", "{when}", "{when#}"})
"""Days begin like "next" and come only where a day is asked for: a quick "next" is worth more."""

BEGUN_ASIDE = frozenset({value_symbol("when", HEARD)})
"""A day of several words that begins like "next": what it may lead to, hours too, is not waited for."""

NUMBERED = frozenset({"digits", "select", "when"})
"""Where one of these is awaited, so is every number."""

BOOKISH = frozenset({"<book>", "{genre=heard}", "{words=heard}"})
"""With one of these, words of other talk are what a book is about."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """The hypothesis that was chosen, and what it asks for."""

    hypothesis: Hypothesis
    intent: Intent | None = None
    """None when the words make no request: they may be a title or an author."""


class Phrasebook:
    """The phrases of three languages, pooled. Read-only after `load`, so one serves every call at once."""

    def __init__(self, vocabulary: PhraseFiles) -> None:
        """Raises TemplateError when a phrase names a set or slot that does not exist."""
        self._vocabulary = vocabulary
        self._lexicon = Lexicon()
        self._numbers = Numbers.load()
        self._reader = Tokenizer(vocabulary, self._lexicon, self._numbers)
        builder = Builder(vocabulary.sets, vocabulary.values, self._lexicon)
        for intent, wordings in vocabulary.intents.items():
            for language, nodes in wordings.items():
                for node in nodes:
                    builder.phrase(intent, node, language)
        self._states = builder.finish()
        self._edges = vocabulary.lists["edges"].keys() | vocabulary.lists["fillers"].keys()
        self._spoken_in = {self._lexicon.written(word): known for word, known in self._lexicon.languages.items()}
        self._order = {name: at for at, name in enumerate(vocabulary.intents)}

    @classmethod
    def load(cls) -> Phrasebook:
        """Return the phrasebook of phrases/*.toml. Raises TemplateError when a file is wrong."""
        with _no_garbage_collection():
            return cls(PhraseFiles.load())

    @property
    def lists(self) -> Mapping[str, Mapping[str, set[str]]]:
        """The lists of words of the phrase files: heading -> folded word -> its languages."""
        return self._vocabulary.lists

    def prepare_listening(self) -> None:
        """Make what only speech needs, `is_complete` above all, so that no utterance waits for it. Blocks."""
        self._reader.prepare_listening()
        assert self._ahead

    @cached_property
    def _ahead(self) -> list[set[str]]:
        """For each state, what can still be reached from it. Typed words never need it."""
        return ends_ahead(self._states)

    def sentences(self, in_words: InWords) -> tuple[str, ...]:
        """What readers say, as often as it is likely, for a recogniser that listens to all words.

        `{words}` stands for any word. Every word of the phrasebook is there at least once. Takes some seconds.
        """
        found = Sampler(self._vocabulary, self._numbers, in_words).sentences()
        spoken = [" ".join(map(self._spelt, sentence.split())) for sentence in found]
        known = {word for sentence in spoken for word in sentence.split()}
        return (*spoken, *sorted(self.words() - known))

    def grammar(self, expects: str) -> tuple[str, ...]:
        """Short phrases for the recogniser that hold the pairs of words which may follow each other.

        `expects` is what is awaited: ticket, pin, phone, number, slot, letters or confirmation. Takes up to a second:
        to be called once for each and kept. Raises KeyError for anything else, which `sentences` are for.
        """
        intents = self._vocabulary.expects[expects] | self._vocabulary.expects["always"]
        phrases = grammar_of(self._vocabulary, self._reader.phrases, self._lexicon, intents)
        if intents & NUMBERED:
            phrases += number_phrases(self._numbers, self._lexicon.members("<and>"))
        return tuple(dict.fromkeys(phrases))

    def _spelt(self, word: str) -> str:
        key = fold(word.lower())
        return self._lexicon.written(key) if key in self._lexicon.spellings else word

    def words(self) -> frozenset[str]:
        """Every word the phrasebook knows, as it is written in a grammar."""
        written = (self._lexicon.written(word) for word in self._lexicon.spellings)
        return frozenset(word for word in (*written, *self._numbers.forms) if word.isalpha())

    def understand(self, text: str, language: str | None = None) -> Intent | None:
        """What `text` asks for, or None when it makes no sense to a library. `language` is the reader's own."""
        words = self._reader.read(text)
        whole = self._intent(words, text, language)
        rest = self._after_yes(words)
        if not rest or (whole is not None and whole.name in WHOLE):
            return whole
        then = self._intent(self._reader.read(rest), text, language)
        if then is None or then.score < 1 or (whole is not None and whole.name != then.name):
            return whole
        return replace(then, agreed=True)

    def _after_yes(self, words: Sequence[Token]) -> str:
        """The words after an opening yes; "" when there is none, or nothing after it."""
        at = after = 0
        while at < len(words):
            yes = max((length for symbol, length in words[at].symbols if symbol == "<yes>"), default=0)
            if not yes and words[at].kind is not TokenKind.FILLER:
                break
            at += yes or 1
            after = at if yes else after
        return " ".join(word.text for word in words[after:]) if after else ""

    def _intent(self, words: Sequence[Token], text: str, language: str | None) -> Intent | None:
        best = self._best(words)
        if best is None:
            return None
        own = [at for at in best.used if not languages.is_borrowed(words[at].text)]
        if best.used and not own and language:
            spoken = language
        elif said := [known for at in own or best.used if (known := self._languages(words[at], best.used[at]))]:
            spoken = languages.of_votes(said, language)
        else:
            spoken = self.language_of(text, language or "kk")
        slots = slots_of(best, self._edges, self._numbers.years_in_digits)
        if best.intent == "hours":
            slots.pop("when", None)  # the day is read from all that was said: the slot may hold a part of it
        bare = best.intent == "search" and SOUGHT.isdisjoint(best.used.values())
        finds = best.intent == "search" and FINDS in best.used.values()
        return Intent(best.intent, slots, spoken, text, _fit(best), bare=bare, finds=finds)

    def understand_any(
        self,
        hypotheses: Sequence[Hypothesis],
        language: str | None = None,
        title_weight: Callable[[str], float] = lambda text: 0.0,
    ) -> Understanding | None:
        """The surest hypothesis, of those that compete, which makes full sense or is a title; else the one that makes
        most.

        `hypotheses` come best first; None when there is none. `title_weight` says how well the catalogue knows words
        without a request: 1 for a title, which then competes as a phrase does, 0 for unknown words. The words of other
        hypotheses with the same intent are kept as its alternatives.
        """
        spoken = [hypothesis for hypothesis in hypotheses if hypothesis.text]
        if not spoken:
            return None
        least = MIN_SHARE_OF_BEST_CONFIDENCE * max(hypothesis.confidence for hypothesis in spoken)
        competing = [
            Understanding(hypothesis, self.understand(hypothesis.text, language))
            for hypothesis in spoken
            if hypothesis.confidence >= least
        ]

        def weight(each: Understanding) -> float:
            if each.intent is None:
                return each.hypothesis.confidence * title_weight(each.hypothesis.text)
            return each.hypothesis.confidence if each.intent.score >= FULL_SENSE else 0.0

        surest = max(competing, key=weight)
        if weight(surest) > 0:
            return _with_alternatives(surest, competing)
        best = max(competing, key=lambda each: each.intent.score if each.intent else 0.0)
        return _with_alternatives(best, competing)

    def language_of(self, text: str, otherwise: str) -> str:
        """kk, ru or en: the language of words as a recogniser writes them; `otherwise` when they do not tell."""
        return languages.language_of(text, otherwise, self._spoken_in)

    def is_complete(self, text: str) -> bool:
        """Whether `text` is a whole command that no further word could turn into another one or add to."""
        words = self._reader.read(text)
        best = self._best(words)
        if best is None or best.free or best.left or words[-1].kind is TokenKind.FILLER or words[-1].number:
            return False
        arrived = alive(self._states, words)
        ahead = {name for number in arrived[-1] for name in self._ahead[number]}
        for at, begun in self._reader.begun(words):
            names = begun - BEGUN_ASIDE
            arcs = (arc for number in arrived[at] for name in names for arc in self._states[number].words.get(name, ()))
            ahead.update(name for target, _ in arcs for name in self._ahead[target])
        return ahead - ASIDE == {best.intent}

    def wants_more(self, text: str) -> bool:
        """Whether `text` is the beginning of a phrase that cannot end there: "do you have"."""
        words = self._reader.read(text)
        arrived = alive(self._states, words)[-1] - {START} if words else set()
        return bool(arrived) and not any(self._states[number].ends for number in arrived)

    def _best(self, words: Sequence[Token]) -> Match | None:
        if not words or len(words) > LONGEST_UTTERANCE:
            return None
        found = [match for match in matches(self._states, words) if _acceptable(match, words)]
        return max(found, key=lambda match: (match.score, -self._order[match.intent]), default=None)

    def _languages(self, word: Token, symbol: str) -> set[str]:
        key = word.symbols[0][0]
        known = self._lexicon.spoken.get((key, symbol)) or self._lexicon.languages.get(key, set())
        by_letters = languages.of_letters(word.text)
        return {by_letters} if by_letters and by_letters in known else known


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Making a hundred thousand objects that all stay takes half as long when none of them is searched for garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _with_alternatives(chosen: Understanding, competing: Sequence[Understanding]) -> Understanding:
    intent = chosen.intent
    if intent is None:
        return chosen
    others = [each.intent.slots.get("words") for each in competing if each.intent and each.intent.name == intent.name]
    words = dict.fromkeys(str(other) for other in others if other and other != intent.slots.get("words"))
    return replace(chosen, intent=replace(intent, alternatives=tuple(words)))


def _acceptable(match: Match, words: Sequence[Token]) -> bool:
    if match.intent in WHOLE:
        return match.left == 0
    if match.score <= 0 or (match.free == 0 and match.left > match.literal // 2):
        return False
    unused = [at for at in range(len(words)) if at not in match.used]
    if match.intent != "note" and any(words[at].kind is TokenKind.ELSEWHERE for at in unused):
        return not BOOKISH.isdisjoint(match.used.values())
    # Kazakh "what" is Russian "not": before a word that found no place it is the latter.
    if any(
        match.used[at] == "<what>"
        and words[at].kind is TokenKind.NEGATION
        and at + 1 < len(words)
        and at + 1 not in match.used
        for at in match.used
    ):
        return False
    # "Do not reserve" must not become a reservation of "not"; a title may hold a negation.
    negated = [at for at in unused if words[at].kind is TokenKind.NEGATION]
    return not negated or (match.intent in TALKATIVE and not any(at + 1 in match.used for at in negated))


def _fit(match: Match) -> float:
    """0 to 1: the share of content words that found a place."""
    placed = match.literal + match.free
    return round(placed / (placed + match.left), 3)
