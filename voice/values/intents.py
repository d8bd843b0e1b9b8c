"""What a reader wants, as understood from words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SlotValue = str | int | bool


class IntentName(StrEnum):
    """Every intent that the dialogue answers: those of phrases/*.toml, then those that only keys and the dialogue
    itself raise."""

    ADD = "add"
    ADDRESS = "address"
    AVAILABILITY = "availability"
    BACK = "back"
    BACKWARD = "backward"
    BOOKMARK = "bookmark"
    BOOKMARKS = "bookmarks"
    BOOKS_BEGUN = "books_begun"
    BRIEF = "brief"
    CALL_BACK = "call_back"
    CANCEL = "cancel"
    CAPITALS = "capitals"
    CHANGE = "change"
    CONNECT_COURIER = "connect_courier"
    CONTENTS = "contents"
    CONTINUE_READING = "continue_reading"
    DELIVER = "deliver"
    DELIVERY_MISSING = "delivery_missing"
    DELIVERY_PRICE = "delivery_price"
    DIGITS = "digits"
    FASTER = "faster"
    FIND_IN_TEXT = "find_in_text"
    FORGET_PLACES = "forget_places"
    FORWARD = "forward"
    FULL = "full"
    GOODBYE = "goodbye"
    GRADE = "grade"
    GREETING = "greeting"
    HELP = "help"
    HISTORY = "history"
    HOURS = "hours"
    KEEP_PLACE = "keep_place"
    LANGUAGE = "language"
    LATER = "later"
    LIBRARY_QUESTION = "library_question"
    LOUDER = "louder"
    MENU = "menu"
    MORE = "more"
    MY_DELIVERIES = "my_deliveries"
    MY_HOLDS = "my_holds"
    MY_LOANS = "my_loans"
    NEAREST = "nearest"
    NEW_BOOKS = "new_books"
    NEXT = "next"
    NEXT_VOLUME = "next_volume"
    NO = "no"
    NOTE = "note"
    OVERDUE = "overdue"
    PERSON = "person"
    PLACE_INFO = "place_info"
    PREVIOUS = "previous"
    QUIETER = "quieter"
    READ_ALOUD = "read_aloud"
    READ_ON = "read_on"
    READING_ROOM = "reading_room"
    RECORDING = "recording"
    RECORDING_OFF = "recording_off"
    RECORDING_OR_REGISTER = "recording_or_register"
    REGISTER = "register"
    REMEMBER = "remember"
    RENEW = "renew"
    RENEW_ALL = "renew_all"
    REPEAT = "repeat"
    RESERVE = "reserve"
    RETURN_PICKUP = "return_pickup"
    SAME_AUTHOR = "same_author"
    SEARCH = "search"
    SELECT = "select"
    SIMILAR = "similar"
    SKIP_NOTES = "skip_notes"
    SLEEP_TIMER = "sleep_timer"
    SLOWER = "slower"
    SOMEONE_ELSE = "someone_else"
    SPELL = "spell"
    START_OVER = "start_over"
    STOP = "stop"
    TAKE_OUT = "take_out"
    THANKS = "thanks"
    TIME_LEFT = "time_left"
    UNDO = "undo"
    WAIT = "wait"
    WHEN = "when"
    WHERE_AM_I = "where_am_i"
    YES = "yes"

    ENTERED = "entered"
    HALF_YES = "half_yes"
    LETTERS_DONE = "letters_done"
    NEW_ADDRESS = "new_address"
    NOTE_QUESTION = "note_question"
    NUMBER = "number"
    PLAY_OR_PAUSE = "play_or_pause"
    READ_FURTHER = "read_further"
    RECORDING_AGREED = "recording_agreed"
    SPELL_SEARCH = "spell_search"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a reader wants. Names are those of IntentName, slots those of nlu/phrases/*.toml."""

    name: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    language: str = "kk"
    """The language of the whole utterance; a borrowed word does not change it."""
    text: str = ""
    """The words it was understood from."""
    score: float = 1.0
    """How well the words fit the phrasebook, 0 to 1."""
    alternatives: tuple[str, ...] = ()
    """The free words of the recogniser's other hypotheses of the same intent, best first."""
    agreed: bool = False
    """It was said after a yes: “yes, renew it”. What is agreed to is for the pending question to judge."""
    bare: bool = False
    """A search whose free words came without a word for finding or for a book: it may be no search at all."""
    finds: bool = False
    """A search said with a word for finding: "find", not only "book"."""
