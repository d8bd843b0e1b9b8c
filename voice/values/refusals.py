"""Why words are not acted upon, although they were heard."""

from __future__ import annotations

from enum import StrEnum


class RefusalReason(StrEnum):
    """What is wrong with the words; each has a sentence of its own."""

    NOT_UNDERSTOOD = "not_understood"
    """They may have been a request, but nobody knows which."""
    OTHER = "other"
    """They were not meant for a library: talk in the room, another call, hesitations."""
    UNANSWERABLE = "unanswerable"
    """A question that nobody can answer here."""
    LIBRARIAN = "librarian"
    """Something that a person has to look after."""
    TOO_LONG = "too_long"
    """More words than anybody asks a library in."""
    DECLINED = "declined"
    """A request not to do something that nobody is about to do."""
    NO_PLAIN_YES = "no_plain_yes"
    """Beside a pending question: something like a yes, but none that a change may rest on."""
