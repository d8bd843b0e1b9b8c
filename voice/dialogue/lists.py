"""Lists three at a time: which entries are on the table, the next three, the one with a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from languages.folding import fold
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import ChoiceList, DetailState, ListState
from voice.dialogue.feature import Handler
from voice.dialogue.phrasing import prompt
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

SHORTEST_WORD = 4
"""Letters of a title's word that may be inflected in what was said."""

T = TypeVar("T")


def next_page(context: DialogueContext, state: ListState[T], intent: Intent) -> Transition:
    """The next three, or what is said at a time here."""
    if state.first + state.page >= len(state.items):
        return Transition(context, (prompt(context, "list.no_more"),), question=True)
    return Transition(context.stay(replace(state, first=state.first + state.page)))


def previous_page(context: DialogueContext, state: ListState[T], intent: Intent) -> Transition:
    """The three before."""
    if state.first == 0:
        return Transition(context, (prompt(context, "list.no_previous"),), question=True)
    return Transition(context.stay(replace(state, first=max(0, state.first - state.page))))


def number(intent: Intent, length: int) -> int | None:
    """The 0-based position that an intent names by `n` (1-based, from the end when negative); None past the end."""
    n = intent.slots.get("n", intent.slots.get("digits"))
    if isinstance(n, str) and n.isascii() and n.isdigit():
        n = int(n[:9])
    if not isinstance(n, int) or isinstance(n, bool):
        return None
    position = n - 1 if n > 0 else length + n
    return position if n != 0 and 0 <= position < length else None


def names_number(intent: Intent) -> bool:
    """Whether a number was said at all."""
    return "n" in intent.slots or "digits" in intent.slots


def no_such_number(context: DialogueContext, length: int) -> Transition:
    """The number said is past the end."""
    return Transition(context, (prompt(context, "list.no_such_number", count=length),), question=True)


def position(context: DialogueContext, state: ListState[T] | DetailState[T], intent: Intent) -> int | Transition:
    """The 0-based entry that is meant in a list or beside an opened one: by number, or the one at hand."""
    if not names_number(intent):
        return state.at_hand
    n = number(intent, len(state.items))
    return no_such_number(context, len(state.items)) if n is None else n


def asks_which(context: DialogueContext, state: ListState[T] | DetailState[T], intent: Intent) -> Transition | None:
    """The question for a number, where several are listed and none was said; None where one is meant."""
    if isinstance(state, DetailState) or len(state.items) <= 1 or names_number(intent):
        return None
    return Transition(context, (prompt(context, "searching.which_number"),), quiet=True)


def choice(context: DialogueContext, state: ChoiceList[T], intent: Intent) -> int | Transition | None:
    """The 0-based entry chosen by its key on the page at hand; None when no number was said."""
    if not names_number(intent):
        return None
    here = state.shown
    n = number(intent, len(here))
    return no_such_number(context, len(here)) if n is None else here[n]


def options(context: DialogueContext, state: ChoiceList[str], name: str = "{}") -> tuple[Line, ...]:
    """The option is said before its key; keys count from 1 in every three. `name` makes an entry's prompt of it."""
    texts = {n: prompt(context, name.format(state.items[n])).text for n in state.shown}
    return tuple(replace(prompt(context, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))


def listed(
    context: DialogueContext,
    state: ListState[T],
    count: str,
    entry: Callable[[DialogueContext, T, int], Line],
) -> tuple[Line, ...]:
    """Return how many entries there are, by the prompt `count`, or which are on the table; then each of those."""
    here = state.shown
    if state.first:
        head = prompt(context, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(state.items))
    else:
        head = prompt(context, count, count=len(state.items))
    return (head, *(entry(context, state.items[n], n) for n in here))


def opens(detail: Callable[[tuple[T, ...], int], DetailState[T]]) -> Handler[ListState[T] | DetailState[T]]:
    """Return the handler that opens an entry as `detail`; without a number the one at hand."""

    def handler(context: DialogueContext, state: ListState[T] | DetailState[T], intent: Intent) -> Transition:
        n = position(context, state, intent)
        if isinstance(n, Transition):
            return n
        if isinstance(state, DetailState):
            return Transition(context.stay(replace(state, n=n)))
        return Transition(context.go(detail(state.items, n)))

    return handler


def step_entry(context: DialogueContext, state: DetailState[T], intent: Intent) -> Transition:
    """The next or previous entry, opened."""
    n = state.n + (1 if intent.name == IntentName.NEXT else -1)
    if not 0 <= n < len(state.items):
        return Transition(context, (prompt(context, "list.no_more" if n > 0 else "list.no_previous"),), question=True)
    return Transition(context.stay(replace(state, n=n)))


def title_named(titles: tuple[str, ...], words: str) -> int | None:
    """Return the 0-based title of which a word of its own was said, in whatever case: «уберите плаху из заказа»; None
    for none or several."""
    said = fold(words).split()
    named = [
        n
        for n, title in enumerate(titles)
        if any(
            len(word) >= SHORTEST_WORD
            and any(each.startswith(word[: max(SHORTEST_WORD, len(word) - 2)]) for each in said)
            for word in fold(title).split()
        )
    ]
    return named[0] if len(named) == 1 else None
