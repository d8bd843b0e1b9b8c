"""Looking for books: an intent becomes a query, the answer becomes a list."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Format, Query, Record, Results
from catalogue_client.values.works import BookSeries, SimilarRecord
from languages.folding import fold
from voice.dialogue.commands import FindPlace, FindSeries, FindSimilar, ListNewBooks, Search, SearchPurpose
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import PAGE, DialogueState
from voice.dialogue.feature import Feature, answer_to, each, for_state, one, one_if_any
from voice.dialogue.navigation import record_at_hand, with_books, without_dependents
from voice.dialogue.no_match import not_understood, refused
from voice.dialogue.phrasing import clock, language_name, local, prompt
from voice.dialogue.prompts import text_of
from voice.dialogue.record_phrasing import entry
from voice.dialogue.states import Doubt, RecordDetail, ResultList, Start
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName, SlotValue
from voice.values.lines import Line
from voice.values.refusals import RefusalReason

LONGEST_WORDS = 200
"""Characters of a search; a longer utterance is cut, not refused."""
NARROW = "narrow"
"""The slot of an intent said with "only"."""
OF_THESE = "of_these"
"""The slot of an intent that is about what was found, without saying "only"."""
FIELDS = ("words", "title", "author", "subject", "plot", "character", "series")
SAID_HOW = ("plot", "character", "series", "class", "age", "name")
"""How a book was found when it is said how: by anything but its own title, author or theme."""


def search(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Look for what was said; without a word to look for, ask for one."""
    if intent.slots.get("place") and not intent.slots.get("place_id"):
        return Transition(context, command=FindPlace(str(intent.slots["place"]), intent.text, intent))
    query = query_of(intent)
    if query.new and not _has_words(query) and query.format is None and query.place_id is None:
        return new_books(context, state, intent)
    if query == Query():
        start = context if isinstance(state, Start) else context.go(Start())
        return Transition(start, (prompt(context, "searching.what"),), quiet=True)
    query = replace(query, spoken=context.language)
    only, of_these = bool(intent.slots.get(NARROW)), bool(intent.slots.get(OF_THESE))
    if isinstance(state, RecordDetail) and not only and _is_only_a_kind(query):
        return of_opened(context, state.item, query)
    if narrower := narrowed(context, query, only or of_these):
        return Transition(context, command=Search(narrower, SearchPurpose.NARROW))
    command = Search(query, text=intent.text)
    if set(intent.slots) == {"words", "language"}:
        command = replace(command, purpose=SearchPurpose.LANGUAGE_OR_TITLE, beside=query.language, said=intent.text)
    return Transition(replace(context, searched=query), command=command)


def narrowed(context: DialogueContext, wanted: Query, only: bool) -> Query | None:
    """The search at hand with another format or language, when the intent names nothing else.

    "Only" narrows any list; without it an intent narrows just where a certain book was looked for and found: after a
    theme, "books in Braille" is a search of its own.
    """
    state, before = context.state, context.searched
    if before is None or wanted.place_id or not isinstance(state, ResultList | RecordDetail) or _has_words(wanted):
        return None
    if not only and not (state.sure or len(state.items) <= PAGE):
        return None
    return replace(
        before,
        format=wanted.format or before.format,
        language=wanted.language or before.language,
        new=wanted.new or before.new,
        spoken=wanted.spoken,
    )


def of_opened(context: DialogueContext, record: Record, query: Query) -> Transition:
    """Whether the opened book is there in that format or language: by its own record, else by its other editions."""
    if query.format in (None, *record.formats) and query.language in (None, record.language):
        kinds = [text_of(context.language, f"formats.{query.format}")] if query.format else []
        kinds += [language_name(context, query.language)] if query.language else []
        return Transition(context, (prompt(context, "record.is_so", what=", ".join(kinds)),), question=True)
    editions = replace(query, title=record.title, author=record.author)
    return Transition(context, command=Search(editions, SearchPurpose.NARROW))


def _is_only_a_kind(query: Query) -> bool:
    """Whether nothing but a format or a language is asked for."""
    return bool(query.format or query.language) and not (_has_words(query) or query.place_id or query.new)


def bare(context: DialogueContext, text: str) -> Transition:
    """Words without an intent may be a title or an author said alone: the catalogue decides."""
    words = text[:LONGEST_WORDS].strip()
    query = Query(words=words, spoken=context.language)
    return Transition(context, command=Search(query, SearchPurpose.BARE_TITLE, text=words))


LONGEST_TITLE = 8
"""Words of a title that is said like talk: "Кто виноват?"."""


def may_be_title(words: str) -> bool:
    """Whether words that seem to be talk are few enough for a title."""
    return 0 < len(words.split()) <= LONGEST_TITLE


def to_the_letter(context: DialogueContext, text: str, reason: RefusalReason) -> Transition:
    """Look for a title or an author that is written just so; otherwise the words are refused for `reason`."""
    query = Query(words=text.strip()[:LONGEST_WORDS], spoken=context.language)
    return Transition(context, command=Search(query, SearchPurpose.TO_THE_LETTER, text=text, refused=reason))


def _is_written_so(answer: Results, words: str) -> bool:
    return not answer.did_you_mean and any(
        fold(words) in (fold(record.title), fold(record.author)) for record in answer.records[:PAGE]
    )


def same_author(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Other books of the author of the book at hand."""
    context = with_books(context)
    record = record_at_hand(context, intent)
    if isinstance(record, Transition):
        return record
    if not record.author:
        return Transition(context, (prompt(context, "searching.no_author"),), question=True)
    slots = {name: value for name, value in intent.slots.items() if name in ("format", "language", "new")}
    then = Intent(IntentName.SEARCH, {**slots, "author": record.author}, intent.language, intent.text)
    return Transition(context, then=then)


def similar(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Books like the one at hand."""
    context = with_books(context)
    record = record_at_hand(context, intent)
    return record if isinstance(record, Transition) else Transition(context, command=FindSimilar(record.id))


def similar_found(context: DialogueContext, command: FindSimilar, answer: tuple[SimilarRecord, ...]) -> Transition:
    """Books like another one, each with what it shares."""
    if not answer:
        return Transition(context, (prompt(context, "searching.no_similar"),), question=True)
    books = ResultList(tuple(found.record for found in answer), len(answer), like=answer)
    return Transition(context.go(books), (prompt(context, "searching.similar"),))


def next_volume(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The volume, or the book of the series, after the one at hand."""
    context = with_books(context)
    record = record_at_hand(context, intent)
    return record if isinstance(record, Transition) else Transition(context, command=FindSeries(record.id))


def series_found(context: DialogueContext, command: FindSeries, answer: BookSeries | None) -> Transition:
    """The next book; all of a series whose order is not known; that there is no next one."""
    if answer is None:
        return Transition(context, (prompt(context, "searching.no_series"),), question=True)
    count = len(answer.volumes)
    if not answer.numbered:
        books = ResultList(tuple(volume.record for volume in answer.volumes), count)
        return Transition(context.go(books), (prompt(context, "searching.unnumbered", count=count),))
    following = answer.after(command.record_id)
    if following is None:
        return Transition(context, (prompt(context, "searching.last_volume", count=count),), question=True)
    return Transition(context.go(ResultList((following,), 1)), (prompt(context, "searching.next_volume", count=count),))


def query_of(intent: Intent) -> Query:
    """The query in an intent's slots; unknown formats are left out."""
    slots = intent.slots
    texts = {name: str(slots.get(name) or "")[:LONGEST_WORDS].strip() for name in FIELDS}
    form = str(slots.get("format") or "")
    return Query(
        words=texts["words"],
        title=texts["title"],
        author=texts["author"],
        subject=texts["subject"],
        plot=texts["plot"],
        character=texts["character"],
        series=texts["series"],
        school_class=_whole(slots.get("class")),
        age=_whole(slots.get("age")),
        language=str(slots["language"]) if slots.get("language") else None,
        format=Format(form) if form in set(Format) else None,
        new=bool(slots.get("new")),
        place_id=str(slots["place_id"]) if slots.get("place_id") else None,
    )


def _whole(value: SlotValue | None) -> int | None:
    """The number in a slot."""
    return int(str(value)) if str(value).isdecimal() else None


def new_books(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What the library got lately."""
    language = intent.slots.get("language")
    return Transition(replace(context, searched=None), command=ListNewBooks(str(language) if language else None))


def new_found(context: DialogueContext, command: ListNewBooks, answer: Results) -> Transition:
    """What the library got lately: nothing was said that could be narrowed or widened."""
    return found(context, Search(Query()), answer)


def found(context: DialogueContext, command: Search, answer: Results) -> Transition:
    """The library's answer to a search."""
    query, purpose = command.query, command.purpose
    if answer.topic:
        question = Intent(IntentName.LIBRARY_QUESTION, {"topic": answer.topic}, context.language, command.text)
        return Transition(replace(context, misses=0, silences=0), then=question)
    if purpose is SearchPurpose.NARROW:
        if not _is_of_these(context, answer):
            context = without_dependents(context)
            return Transition(context, (prompt(context, "searching.none_of_these"),), question=True)
        context = replace(context, searched=query)
    if purpose is SearchPurpose.TO_THE_LETTER and not _is_written_so(answer, query.words):
        return refused(context, command.refused or RefusalReason.OTHER, query.words)
    if purpose is SearchPurpose.BARE_TITLE and not (answer.matched_by or answer.sure):
        return not_understood(context)
    if purpose in (SearchPurpose.BARE_TITLE, SearchPurpose.TO_THE_LETTER):
        context = replace(context, misses=0, silences=0, searched=query)
    certain = bool(answer.records) and not answer.did_you_mean
    if not certain and (wider := _wider(query)):
        if purpose is not SearchPurpose.LANGUAGE_OR_TITLE:
            purpose = SearchPurpose.WIDER
        return Transition(replace(context, searched=wider), command=replace(command, query=wider, purpose=purpose))
    say: tuple[Line, ...] = ()
    if purpose in (SearchPurpose.WIDER, SearchPurpose.LANGUAGE_OR_TITLE):
        if answer.language_apart and command.beside and not certain:
            return Transition(context, then=Intent(IntentName.LANGUAGE, {"language": command.beside}, command.beside))
        if certain and query.language is None and query.place_id is None:
            say = (prompt(context, "searching.nearest"),)
    if not answer.records:
        return nothing_found(context, answer)
    if answer.as_of:
        say = (*say, prompt(context, "searching.as_of", time=clock(local(context, answer.as_of))))
    if answer.did_you_mean:
        say = (*say, prompt(context, "searching.instead", words=answer.did_you_mean))
    elif answer.matched_by in SAID_HOW and purpose is not SearchPurpose.NARROW and not say and _has_title(query):
        say = (prompt(context, f"searching.by_{answer.matched_by}"),)
    return Transition(context.go(ResultList(answer.records, answer.total, answer.sure, bool(answer.did_you_mean))), say)


def _has_title(query: Query) -> bool:
    """Whether words stand in it that may be a title; an author's other name is no other name of a book."""
    return not query.author or bool(query.title or query.words)


def _is_of_these(context: DialogueContext, answer: Results) -> bool:
    """Whether a narrower search has found some of what was found: by another spelling, only books of the list count."""
    here = {record.id for record in context.state.items} if isinstance(context.state, ResultList) else set()
    return bool(answer.records) and (not answer.did_you_mean or {record.id for record in answer.records} <= here)


def _has_words(query: Query) -> bool:
    """Whether it looks for anything but a language, a format, a place or new books."""
    numbered = query.school_class is not None or query.age is not None
    return numbered or any(getattr(query, name) for name in FIELDS)


def _wider(query: Query) -> Query | None:
    """The search without its place, then without its language, then without its format; None when it has none of them,
    or nothing else. The format goes last: who reads Braille reads it in another language too.
    """
    if not _has_words(query):
        return None
    if query.place_id is not None:
        return replace(query, place_id=None)
    if query.language is not None:
        return replace(query, language=None)
    return replace(query, format=None) if query.format is not None else None


def nothing_found(context: DialogueContext, results: Results) -> Transition:
    """Say what to try next; a better spelling is offered as a question."""
    if results.did_you_mean:
        again = Intent(IntentName.SEARCH, {"words": results.did_you_mean}, context.language, results.did_you_mean)
        return Transition(context.go(Doubt(again, "did_you_mean")))
    start = context if isinstance(context.state, Start) else context.go(Start())
    return Transition(start, (prompt(context, "searching.nothing"),), question=True)


def results(context: DialogueContext, state: ResultList) -> tuple[Line, ...]:
    """How many were found and the three on the table."""
    here = state.shown
    total = max(state.total, len(state.items))
    if state.sure and state.first == 0:
        head = prompt(context, "searching.sure", count=total)
        here = here[:1]
    elif state.first == 0:
        head = prompt(context, "searching.found", count=total)
    else:
        head = prompt(context, "searching.range", first=here[0] + 1, last=here[-1] + 1, total=total)
    like = state.like or (None,) * len(state.items)
    return (head, *(entry(context, state.items[n], n, like[n]) for n in here))


FEATURE = Feature(
    states=(for_state(ResultList, {}, content=results),),
    anywhere={
        IntentName.SEARCH: search,
        IntentName.NEW_BOOKS: new_books,
        IntentName.SAME_AUTHOR: same_author,
        IntentName.SIMILAR: similar,
        IntentName.NEXT_VOLUME: next_volume,
    },
    answers=(
        answer_to(Search, one(Results), found),
        answer_to(ListNewBooks, one(Results), new_found),
        answer_to(FindSimilar, each(SimilarRecord), similar_found),
        answer_to(FindSeries, one_if_any(BookSeries), series_found),
    ),
    bare=bare,
    costs={
        **dict.fromkeys(
            (
                IntentName.SEARCH,
                IntentName.NEW_BOOKS,
                IntentName.SAME_AUTHOR,
                IntentName.SIMILAR,
                IntentName.NEXT_VOLUME,
            ),
            Cost.HARMLESS,
        ),
    },
)
