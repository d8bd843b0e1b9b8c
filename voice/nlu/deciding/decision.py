"""One decision from all readings of an utterance to one of four acts: do it, ask which of two, refuse, offer a person.

Exact readers come first: digits, letters, yes and no that the phrasebook reads to the last word are what they are. Of
everything else each meaning gets a probability (meanings.py), and the act with the least expected cost is taken
(decision.toml). Without a model the phrasebook decides alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from languages.tokens import LONGEST_UTTERANCE, fold, tokens
from voice.nlu.deciding.acts import (
    Act,
    AskWhich,
    Decision,
    Do,
    OfferLibrarian,
    Refuse,
    Situation,
    TitleWeight,
    no_title,
)
from voice.nlu.deciding.decision_policy import DecisionPolicy, load_policy
from voice.nlu.deciding.denials import Denials
from voice.nlu.deciding.exceptions import Exceptions
from voice.nlu.deciding.guarded_model import GuardedModel, LearntReader
from voice.nlu.deciding.hedges import Hedges
from voice.nlu.deciding.learnt_intents import dialogue_name, is_correction, is_social
from voice.nlu.deciding.meanings import PossibleMeaning, kind_of, meanings
from voice.nlu.deciding.named_bookings import NamedBookings
from voice.nlu.deciding.several_requests import ANSWERS, SeveralRequests
from voice.nlu.intent_model import ReadPart
from voice.nlu.phrasebook import WHOLE, Phrasebook, Understanding
from voice.values.change_policy import MIN_ACT_PROBABILITY, WRONG_ACT_TURNS, Cost
from voice.values.intents import Intent, IntentName
from voice.values.refusals import RefusalReason
from voice.values.utterances import Hypothesis

GETTING = frozenset({IntentName.RESERVE, IntentName.DELIVER})
"""Intents that are about a book, which may be called by its name."""
SOUGHT = frozenset({"words", "title", "author", "subject"})
WITH_BOOKS = frozenset({"results", "record", "slots", "booked"})
"""States with a book at hand, which is meant where none is surely named."""


class Decider:
    """Decides about utterances. One serves every call at once."""

    def __init__(
        self,
        phrasebook: Phrasebook,
        model: LearntReader | None = None,
        *,
        policy: DecisionPolicy | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """`model` reads intents by what it has learnt; None where there is none. `clock` counts seconds."""
        self._phrasebook = phrasebook
        self._policy = policy or load_policy()
        self._model = GuardedModel(model, self._policy, clock) if model else None

    @cached_property
    def _denials(self) -> Denials:
        return Denials(self._phrasebook.lists, self._phrasebook)

    @cached_property
    def _hedges(self) -> Hedges:
        return Hedges(self._phrasebook.lists)

    @cached_property
    def _exceptions(self) -> Exceptions:
        return Exceptions(self._phrasebook.lists)

    @cached_property
    def _bookings(self) -> NamedBookings:
        return NamedBookings(self._phrasebook.lists)

    @cached_property
    def _several(self) -> SeveralRequests:
        return SeveralRequests(self._phrasebook.lists["joiners"], self._phrasebook)

    def decide(
        self, readings: Sequence[Hypothesis], situation: Situation, title_weight: TitleWeight = no_title
    ) -> Decision | None:
        """Return what to do about an utterance, whose `readings` come surest first; None when there are no words.

        `title_weight` says how well the catalogue knows words as a title, 0 to 1.
        """
        decision = self._decided(readings, situation, title_weight)
        if decision is None or not isinstance(decision.act, Do):
            return decision
        intents = decision.act.intents
        if self._exceptions.leaves_out(decision.hypothesis.text):
            first = intents[0]
            if first.name == IntentName.WHEN:  # any other day: it is asked which
                return replace(decision, act=Do((replace(first, slots={}),)))
            if any(intent.name in self._policy.leaving_out for intent in intents):
                return replace(decision, act=Refuse(RefusalReason.NOT_UNDERSTOOD))
        named = (self._bookings.named(intent, intent.text or decision.hypothesis.text) for intent in intents)
        return replace(decision, act=Do(tuple(named)))

    def named_book_first(self, decision: Decision, situation: Situation) -> Decision:
        """Return `decision`; where a book shall be had that is called by its name, it is looked for before."""
        if situation.takes_words or not isinstance(decision.act, Do):
            return decision
        intents = [each for intent in decision.act.intents for each in self._found_first(intent, situation)]
        return replace(decision, act=Do(tuple(intents[: self._policy.most_requests])))

    def _decided(
        self, readings: Sequence[Hypothesis], situation: Situation, title_weight: TitleWeight
    ) -> Decision | None:
        understanding = self._phrasebook.understand_any(
            readings, situation.language, lambda text: 1.0 if situation.labelled(text) else title_weight(text)
        )
        if understanding is None:
            return None
        chosen, exact = understanding.hypothesis, understanding.intent
        if len(tokens(chosen.text)) > LONGEST_UTTERANCE and not situation.takes_words:
            return Decision(Refuse(RefusalReason.TOO_LONG), chosen)
        if (own := situation.labelled(chosen.text)) and (exact is None or exact.name != own.name):
            return Decision(Do((own,)), chosen)
        digits = situation.takes_digits and any(character.isdigit() for character in chosen.text)
        if situation.confirms and exact is not None and self._hedges.hedged(chosen.text, exact):
            return Decision(Refuse(RefusalReason.NO_PLAIN_YES), chosen)
        if situation.takes_words or digits or _is_exact(exact) or own:
            return _plain(understanding)
        answers = exact is not None and exact.score == 1 and exact.name in ANSWERS
        if not answers and situation.says_when(chosen.text):
            when = {"when": chosen.text}
            return Decision(Do((Intent(IntentName.WHEN, when, situation.language, chosen.text),)), chosen)
        policy = self._policy
        denied = self._denials.denied(
            chosen.text, situation.language, policy.denied, policy.denied_at_once
        ) or self._denials.denied_setting(chosen.text, situation.language, policy.denied_settings)
        if denied:
            return Decision(self._left(denied, chosen.text, exact, situation), chosen)
        parts = self._several.parted(chosen.text, exact, situation.language, self._policy.most_requests)
        if len(parts) > 1:
            return Decision(self._together(parts, situation), chosen)
        if self._model is None:
            return _plain(understanding)
        decision = self._weighed(readings, understanding, situation, title_weight)
        if isinstance(decision.act, Do) and (unwanted := self._unwanted(decision.act.intents, chosen.text, situation)):
            return Decision(self._left(unwanted, chosen.text, exact, situation), chosen)
        if situation.takes_names and isinstance(decision.act, Refuse):
            return replace(decision, act=Refuse(RefusalReason.NOT_UNDERSTOOD, True))
        return decision

    def _found_first(self, intent: Intent, situation: Situation) -> tuple[Intent, ...]:
        """`intent`; of a book that is called by its name, the search for it before: the one at hand may be another."""
        wanted = {name: value for name, value in intent.slots.items() if name in SOUGHT}
        if intent.name not in GETTING or not wanted or situation.confirms or intent.slots.keys() & {"n", "ns", "count"}:
            return (intent,)
        words = {fold(word) for value in wanted.values() for word in tokens(str(value))}
        if situation.state in WITH_BOOKS and words <= self._own_words:
            return (intent,)  # "that one there": words beside the request for the book at hand
        rest = {name: value for name, value in intent.slots.items() if name not in SOUGHT}
        return replace(intent, name=IntentName.SEARCH, slots=wanted), replace(intent, slots=rest)

    @cached_property
    def _own_words(self) -> frozenset[str]:
        """Words of the phrases, folded: alone they name no book."""
        return frozenset(map(fold, self._phrasebook.words()))

    def _unwanted(self, intents: Sequence[Intent], text: str, situation: Situation) -> str:
        """The request that the model found only by the word that is denied: "не перезванивайте" without it asks for
        nothing any more; "не успеваю, продлите" still does."""
        likely = self._policy.denied - self._policy.denied_at_once
        for intent in intents:
            if self._model is None or intent.name not in likely or (kind_of(intent) == "phrase" and intent.score == 1):
                continue
            for rest in self._denials.without_denied(text):
                exact = self._phrasebook.understand(rest, situation.language) if rest else None
                if exact is not None and exact.name == intent.name:
                    continue
                reading = self._model.read(rest, situation.state, situation.awaited) if rest else None
                if reading is None or intent.name not in {dialogue_name(part.intent) for part in reading.parts}:
                    return intent.name
        return ""

    def _left(self, denied: str, text: str, exact: Intent | None, situation: Situation) -> Act:
        """Not to do what a read-back asks about is a no to it; not to do something else changes nothing."""
        opposite = exact is not None and exact.name in self._policy.denied_settings - {denied}
        if exact is not None and (opposite or exact.name == IntentName.NO or kind_of(exact) == "phrase"):
            return Do((exact,))  # a phrase that holds the negation: "not so fast"
        if not situation.confirms:
            return Refuse(RefusalReason.DECLINED)
        if denied not in situation.agrees and (situation.agrees or denied in self._policy.contrary):
            return Refuse(RefusalReason.NO_PLAIN_YES)  # "don't cancel it" of what is to be booked: nearly a yes
        return Do((Intent(IntentName.NO, {}, situation.language, text),))

    def _together(self, intents: tuple[Intent, ...], situation: Situation) -> Act:
        """Several requests of one sentence; of two that exclude each other it is asked which."""
        for n, first in enumerate(intents):
            for second in intents[n + 1 :]:
                if self._policy.contradicts(first.name, second.name):
                    return AskWhich((first, second))
        # The same again is one request, said in two halves.
        intents = tuple({(each.name, *sorted(each.slots)): each for each in reversed(intents)}.values())[::-1]
        if intents[0].name == IntentName.YES and (amends := [e for e in intents if e.name in self._policy.amending]):
            # Yes, but: what would be booked is not what is wanted.
            return Do((replace(amends[0], name=IntentName.CHANGE),))
        if len(intents) > 1 and situation.confirms and any(each.name == IntentName.YES for each in intents):
            return Refuse(RefusalReason.NO_PLAIN_YES)
        if len(intents) > 1 and intents[0].name == IntentName.NO and not situation.confirms:
            intents = intents[1:]  # no to what came before; what is wanted instead follows
        return Do(intents[: self._policy.most_requests])

    def _weighed(
        self,
        readings: Sequence[Hypothesis],
        understanding: Understanding,
        situation: Situation,
        title_weight: TitleWeight,
    ) -> Decision:
        assert self._model
        chosen = understanding.hypothesis
        surest = next(reading for reading in readings if reading.text)
        texts = {each.text: each for each in (chosen, surest)}
        weighed: dict[str, tuple[PossibleMeaning, ...]] = {}
        for text in list(texts)[: self._policy.readings]:
            reading = self._model.read(text, situation.state, situation.awaited)
            if reading is None:
                return _plain(understanding)
            whole = understanding.intent is not None and kind_of(understanding.intent) == "phrase"
            several = len(reading.parts) > 1 and text == chosen.text and not whole
            if several and (act := self._several_learnt(reading.parts, situation)):
                return Decision(act, chosen)
            part = max(reading.parts, key=_sureness, default=None)
            if part is None:
                return _plain(understanding)
            exact = self._phrasebook.understand(text, situation.language)
            language = exact.language if exact else self._phrasebook.language_of(text, situation.language)
            weighed[text] = meanings(part, exact, title_weight(text), text, language, self._policy)
        found, source = _over_readings(weighed, texts)
        act = self._cheapest(found, situation)
        hypothesis = texts[source[act.intents[0].name]] if isinstance(act, Do) else chosen
        intent = understanding.intent
        alternatives = intent.alternatives if intent and isinstance(act, Do) else ()
        return Decision(act, hypothesis, alternatives)

    def _several_learnt(self, parts: Sequence[ReadPart], situation: Situation) -> Act | None:
        """What several learnt parts come to: each has to be worth doing; what says nothing beside them is left out.
        None when they come to less than two requests and one of them is no request."""
        intents: list[Intent] = []
        for part in parts:
            if is_correction(part.intent):
                continue
            exact = self._phrasebook.understand(part.text, situation.language)
            language = exact.language if exact else self._phrasebook.language_of(part.text, situation.language)
            if exact is not None and _is_exact(exact):
                intents.append(exact)
                continue
            act = self._cheapest(meanings(part, exact, 0.0, part.text, language, self._policy), situation)
            if isinstance(act, Do):
                intents.extend(intent for intent in act.intents if not is_social(intent.name))
            elif isinstance(act, OfferLibrarian):
                return act  # an offer needs an answer of its own
            elif not (isinstance(act, Refuse) and act.reason in (RefusalReason.OTHER, RefusalReason.UNANSWERABLE)):
                return None
        return self._together(tuple(intents), situation) if intents else None

    def _cheapest(self, found: Sequence[PossibleMeaning], situation: Situation) -> Act:
        """The act with the least expected cost, in turns."""
        turns, least = self._policy.turns, self._policy.least
        found = _declining(found, situation)
        requests = [
            each
            for each in found
            if not each.is_refused and not is_correction(each.intent.name) and not self._is_contrary(each, situation)
        ]
        share = {each.intent.name: each.probability for each in found}
        person = share.get(RefusalReason.LIBRARIAN, 0.0)
        talk = share.get(RefusalReason.OTHER, 0.0) + share.get(RefusalReason.UNANSWERABLE, 0.0)
        costs: list[tuple[float, Act]] = [
            (turns["refused_talk"] + (1 - talk) * turns["refused"], self._refusal(share, talk)),
            (turns["refused_talk"] + (1 - person) * turns["person_in_vain"], OfferLibrarian()),
        ]
        if requests and requests[0].probability >= MIN_ACT_PROBABILITY:
            best = requests[0]
            wrong = WRONG_ACT_TURNS[self._cost_of(best.intent, situation)]
            act = _done(best.intent)
            if best.intent.name == IntentName.YES and situation.confirms:
                act = Refuse(RefusalReason.NO_PLAIN_YES)  # a change rests on an exact yes, never on a likely one
            costs.append(((1 - best.probability) * wrong, act))
        offered = [
            each
            for each in requests
            if each.probability >= least["offered"]
            and not is_social(each.intent.name)
            and not (each.intent.name == IntentName.YES and situation.confirms)
        ]
        if len(offered) > 1:
            first, second = offered[:2]
            neither = 1 - first.probability - second.probability
            costs.append((turns["question"] + neither * turns["neither"], AskWhich((first.intent, second.intent))))
        return min(costs, key=lambda each: each[0])[1]

    def _is_contrary(self, meaning: PossibleMeaning, situation: Situation) -> bool:
        """Whether it would be a yes to a read-back with a word in it that says no, or to stop or take back: "call it
        off" is no yes to a renewal, however sure the model is. That this is asked about agrees with it, of course."""
        if meaning.intent.name != IntentName.YES or not situation.confirms:
            return False
        words = tokens(meaning.intent.text)
        said = [*words, *(" ".join(pair) for pair in pairwise(words))]
        exact = (self._phrasebook.understand(each, situation.language) for each in said)
        return any(
            each is not None and each.name in self._policy.contrary and each.name not in situation.agrees
            for each in exact
        )

    def _cost_of(self, intent: Intent, situation: Situation) -> Cost:
        """What an intent costs; a yes that no exact reader has found is never harmless."""
        cost = situation.cost_of(intent.name)
        return Cost.ENDING if intent.name == IntentName.YES and cost == Cost.HARMLESS else cost

    def _refusal(self, share: dict[str, float], talk: float) -> Refuse:
        if talk < self._policy.least["talk"]:
            searched = share.get(IntentName.SEARCH, 0.0) >= self._policy.least["searched"]
            return Refuse(RefusalReason.NOT_UNDERSTOOD, searched)
        other, unanswerable = (share.get(reason, 0.0) for reason in (RefusalReason.OTHER, RefusalReason.UNANSWERABLE))
        return Refuse(RefusalReason.OTHER if other >= unanswerable else RefusalReason.UNANSWERABLE)


def _declining(found: Sequence[PossibleMeaning], situation: Situation) -> list[PossibleMeaning]:
    """`found`, likeliest first; beside a read-back of something else "cancel" and "take it back" are one with no."""
    against = {IntentName.NO, IntentName.CANCEL, IntentName.UNDO} - situation.agrees
    no = [each for each in found if each.intent.name in against]
    if not (situation.confirms and situation.agrees and len(no) > 1):
        return list(found)
    joined = PossibleMeaning(replace(no[0].intent, name=IntentName.NO), sum(each.probability for each in no))
    return sorted((joined, *(each for each in found if each not in no)), key=lambda each: -each.probability)


def _is_exact(intent: Intent | None) -> bool:
    """Whether an exact reader has read it to the last word: digits, letters, yes, no, or a yes with its verb."""
    return intent is not None and (intent.name in WHOLE or intent.agreed or intent.name == IntentName.WHEN)


def _plain(understanding: Understanding) -> Decision:
    """The phrasebook's own decision; what it does not know may be a title."""
    if understanding.intent is None:
        return Decision(Refuse(RefusalReason.NOT_UNDERSTOOD, True), understanding.hypothesis)
    intent = understanding.intent
    return Decision(Do((intent,)), understanding.hypothesis, intent.alternatives)


def _done(intent: Intent) -> Act:
    """Do it; what is only known to be sought, with no word parted from the others, is looked up as a title."""
    is_only_words = intent.name == IntentName.SEARCH and intent.bare and intent.slots == {"words": intent.text}
    return Refuse(RefusalReason.NOT_UNDERSTOOD, True) if is_only_words else Do((intent,))


def _sureness(part: ReadPart) -> float:
    return part.intents[0][1] if part.intents else 0.0


def _over_readings(
    weighed: dict[str, tuple[PossibleMeaning, ...]], texts: dict[str, Hypothesis]
) -> tuple[list[PossibleMeaning], dict[str, str]]:
    """Meanings over all readings, each counted by its reading's confidence; and which reading an intent is from."""
    total = sum(texts[text].confidence for text in weighed) or 1.0
    shares: dict[str, float] = {}
    best: dict[str, tuple[float, Intent, str]] = {}
    for text, found in weighed.items():
        weight = texts[text].confidence / total if total else 1.0
        for each in found:
            name, share = each.intent.name, each.probability * weight
            shares[name] = shares.get(name, 0.0) + share
            if name not in best or share > best[name][0]:
                best[name] = (share, each.intent, text)
    merged = [PossibleMeaning(replace(best[name][1]), share) for name, share in shares.items()]
    merged.sort(key=lambda each: -each.probability)
    return merged, {name: text for name, (_, _, text) in best.items()}
