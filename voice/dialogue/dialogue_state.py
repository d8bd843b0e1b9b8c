"""A place of the dialogue, where a reader can be; and what lists, opened entries and places for keying are made of.

`name` is the state in JSON and picks the prompts ask.<name>, where.<name> and help.<name>.
`expects` is what the reader will probably give there. `kept` places are those that `back` returns to: never a
confirmation, so that nothing is booked twice, and never a half-keyed number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Generic, TypeVar

from voice.values.expected_input import ExpectedInput

T = TypeVar("T")

PAGE = 3
"""Entries said before the reader is asked."""


@dataclass(frozen=True, slots=True)
class DialogueState:
    """A place of the dialogue."""

    name: ClassVar[str]
    expects: ClassVar[ExpectedInput] = ExpectedInput.SPEECH
    kept: ClassVar[bool] = True
    resumed: ClassVar[bool] = False
    """Not kept, but a question in between ("is that what you said?") leads back here."""

    between: ClassVar[bool] = False
    """A question in between, which leads back to where the reader was."""
    books_nothing: ClassVar[bool] = False
    """To go back from here says that nothing was booked, and empties the parcel."""
    over_results: ClassVar[bool] = False
    """No book is on the table: the results that the reader came from still are what "the second one" means."""
    undo_cancels: ClassVar[bool] = False
    """To take something back means to cancel what is listed or opened here."""
    may_be_empty: ClassVar[bool] = False
    """An empty answer goes on without one, or ends what was given, as the hash does on a telephone."""

    answers_itself: ClassVar[frozenset[str]] = frozenset()
    """Global commands that mean something of its own here."""

    takes_words: ClassVar[bool] = False
    """Any words are an answer here: a name, a note, a place, letters."""
    takes_names: ClassVar[bool] = False
    """Of these words, those that are no other request are looked up in a short list."""
    takes_digits: ClassVar[bool] = False
    """Digits are keyed here, one by one."""
    takes_titles: ClassVar[bool] = False
    """Words without an intent may be a title said alone."""

    @property
    def question(self) -> str:
        """The prompt, under `ask`, that ends what is said here."""
        return self.name

    @property
    def is_open_question(self) -> bool:
        """Whether the request that led here is not done before it is answered: others that wait go on waiting."""
        return not self.kept

    @property
    def request(self) -> str:
        """What is being put together here, which is kept and offered again when something else comes between; "" when
        nothing is."""
        return ""

    @property
    def before(self) -> DialogueState | None:
        """Where `back` leads; None for the place that the reader came from."""
        return None

    @property
    def reads_aloud(self) -> bool:
        """Whether more follows by itself when all has been said."""
        return False

    def reached(self, sentence: int) -> DialogueState:
        """The line about this sentence is heard now."""
        return self

    def interrupted(self) -> DialogueState:
        """The reader did something before all was heard."""
        return self

    @property
    def about(self) -> str:
        """The words that the question repeats; "" when it repeats none."""
        return ""


@dataclass(frozen=True, slots=True)
class ListState(DialogueState, Generic[T]):
    """Entries, a few at a time, numbered from the first to the last."""

    items: tuple[T, ...]
    first: int = field(default=0, kw_only=True)
    """0-based position of the first one on the table."""

    @property
    def page(self) -> int:
        """Entries said at a time."""
        return PAGE

    @property
    def shown(self) -> range:
        """0-based positions of the entries on the table."""
        return range(self.first, min(self.first + self.page, len(self.items)))

    @property
    def at_hand(self) -> int:
        """0-based position of the entry that is meant without a number."""
        return self.first

    @property
    def before(self) -> DialogueState | None:
        return replace(self, first=max(0, self.first - self.page)) if self.first else None


@dataclass(frozen=True, slots=True)
class ChoiceList(ListState[T]):
    """Entries that are chosen by the number of their key, counted from 1 on every page; elsewhere keys keep their usual
    meaning."""


@dataclass(frozen=True, slots=True)
class DetailState(DialogueState, Generic[T]):
    """One entry of a list, opened."""

    items: tuple[T, ...]
    n: int
    """0-based."""

    @property
    def item(self) -> T:
        """The opened entry."""
        return self.items[self.n]

    @property
    def at_hand(self) -> int:
        """0-based position of the entry that is meant without a number."""
        return self.n


@dataclass(frozen=True, slots=True)
class SpelledEntry(DialogueState):
    """Letters are keyed by repeated taps, or spelled."""

    kept = False
    takes_words = True
    may_be_empty = True
    text: str = ""
    """Letters that stand."""
    key: str = ""
    """The key whose letter is still being chosen, "" when none is."""
    taps: int = 0


@dataclass(frozen=True, slots=True)
class DigitEntry(DialogueState):
    """Digits are keyed one by one."""

    kept = False
    takes_digits = True
    most: ClassVar[int]
    """The largest number of digits."""
    digits: str = field(default="", kw_only=True)
