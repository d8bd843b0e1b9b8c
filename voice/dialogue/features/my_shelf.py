"""What a reader puts aside for later, and authors whose new books she hears of at her next contact."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Record
from voice.dialogue.commands import FollowAuthor, ListShelf, PutAside, TakeOffShelf
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, Handler, On, answer_to, each, nothing
from voice.dialogue.navigation import record_at_hand, with_books
from voice.dialogue.phrasing import name, prompt, title_of
from voice.dialogue.states import ResultList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName


def _meant(context: DialogueContext, intent: Intent) -> Record | Transition:
    """The book that is meant, of the last results too; the reader stays where she is, at a read-back above all."""
    record = record_at_hand(with_books(context), intent)
    return replace(record, context=context) if isinstance(record, Transition) else record


def with_the_book(command: type[PutAside] | type[TakeOffShelf]) -> Handler[DialogueState]:
    """Return the handler that puts the book that is meant on the reader's own shelf, or takes it off."""

    def handler(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
        record = _meant(context, intent)
        if isinstance(record, Transition):
            return record
        return Transition(context, command=command(context.ticket, record))

    return handler


def put_aside(context: DialogueContext, command: PutAside, answer: None) -> Transition:
    """It stands on the shelf; nobody keeps a copy for it."""
    return Transition(context, (prompt(context, "done.put_aside", title=title_of(command.record)),), question=True)


def taken_off(context: DialogueContext, command: TakeOffShelf, answer: None) -> Transition:
    """It stands on the shelf no more."""
    return Transition(context, (prompt(context, "done.taken_off", title=title_of(command.record)),), question=True)


def shelf(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What the reader has put aside."""
    assert context.reader
    return Transition(context, command=ListShelf(context.reader.ticket))


def on_shelf(context: DialogueContext, command: ListShelf, records: tuple[Record, ...]) -> Transition:
    """A list like that of a search: everything that can be done with a book can be done with these."""
    if not records:
        return Transition(context, (prompt(context, "account.shelf_empty"),), question=True)
    return Transition(context.go(ResultList(records, len(records))), (prompt(context, "account.shelf"),))


def follow(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Tell of an author's new books from now on, or no more: the one who was named, else that of the book at hand."""
    assert context.reader
    wanted = intent.name == IntentName.ALERT
    if author := str(intent.slots.get("author", "") or intent.slots.get("words", "")):
        return Transition(context, command=FollowAuthor(context.reader.ticket, author, wanted))
    record = _meant(context, intent)
    if isinstance(record, Transition) or not record.author:
        return Transition(context, (prompt(context, "searching.which_author"),), question=True)
    return Transition(context, command=FollowAuthor(context.reader.ticket, record.author, wanted))


def followed(context: DialogueContext, command: FollowAuthor, answer: None) -> Transition:
    """Said with the author's name, which may have been heard wrongly."""
    done = "done.author_followed" if command.wanted else "done.author_unfollowed"
    return Transition(context, (prompt(context, done, author=name(context, command.author)),), question=True)


FEATURE = Feature(
    anywhere={
        IntentName.KEEP_FOR_LATER: On(with_the_book(PutAside), needs_reader=True),
        IntentName.TAKE_OFF_SHELF: On(with_the_book(TakeOffShelf), needs_reader=True),
        IntentName.MY_SHELF: On(shelf, needs_reader=True),
        IntentName.ALERT: On(follow, needs_reader=True),
        IntentName.UNFOLLOW: On(follow, needs_reader=True),
    },
    answers=(
        answer_to(PutAside, nothing, put_aside),
        answer_to(TakeOffShelf, nothing, taken_off),
        answer_to(ListShelf, each(Record), on_shelf),
        answer_to(FollowAuthor, nothing, followed),
    ),
)
