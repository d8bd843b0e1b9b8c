"""What SIP2 answers mean: readers, copies, due dates, and why something was refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from catalogue_client.connectors.sip2.messages import Sip2Message
from catalogue_client.errors import BadAnswer, Refused

DATES = (
    (re.compile(r"\d{8}"), "%Y%m%d"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "%Y-%m-%d"),
    (re.compile(r"\d\d\.\d\d\.\d{4}"), "%d.%m.%Y"),
    (re.compile(r"\d\d/\d\d/\d{4}"), "%d/%m/%Y"),
)
"""Ways in which servers write a due date; the standard leaves it free."""

UNKNOWN = "01"
"""Circulation status "other": with an empty title the server does not know the item."""

DENIALS = {"renewal": 1, "hold": 3}
"""What patron status denies -> the place (0-based) of its flag."""
REASONS = ((6, "overdue"), (5, "too_many_loans"), (7, "no_renewals_left"))
"""Places of flags that say why -> the library's rule."""
WORDS = (
    ("already", "already_held"), ("overdue", "overdue"), ("просроч", "overdue"), ("мерзімі өт", "overdue"),
    ("too many hold", "too_many_holds"), ("maximum hold", "too_many_holds"), ("renewal limit", "no_renewals_left"),
    ("too many renewal", "no_renewals_left"), ("reserved", "waited_for"), ("on hold", "waited_for"),
    ("reference", "reading_room_only"), ("in-library", "reading_room_only"),
)  # fmt: skip
"""What servers say on the screen (AF) when they refuse, in lower case -> the library's rule."""


@dataclass(frozen=True, slots=True)
class Sip2Item:
    """One copy as the server tells it."""

    barcode: str
    title: str
    due: date | None
    place: str
    """Code where a held copy is to be fetched or where it stands; "" when the server does not say."""
    recalled: bool
    """Somebody else waits for it."""


def item_of(answer: Sip2Message) -> Sip2Item | None:
    """None when the server does not know it. Raises BadAnswer for a due date that cannot be read."""
    title = answer.get("AJ")
    if answer.fixed[:2] == UNKNOWN and not title:
        return None
    due = date_of(answer.get("AH")) if answer.get("AH") else None
    place = answer.get("AP") or answer.get("AQ")
    return Sip2Item(answer.get("AB"), title, due, place, recalled=answer.fixed[:2] == "07")


def is_reader(answer: Sip2Message) -> bool:
    """Both the ticket and the PIN are right. Silence about the PIN is not consent."""
    return answer.get("BL") == "Y" and answer.get("CQ") == "Y"


def count_of(answer: Sip2Message, position: int) -> int:
    """Entries in one of the lists, by the counts of a 64. Raises BadAnswer."""
    # 14 flags of patron status, 3 of language, 18 of date; then four digits each: holds ready, overdue, loans, fines,
    # recalls, holds waiting.
    digits = answer.fixed[35 + 4 * position : 39 + 4 * position].strip()
    if not digits:
        return 0  # "unsupported" in the words of the standard
    if not digits.isdecimal():
        raise BadAnswer(f"SIP2 64: {digits!r} is no count")
    return int(digits)


def date_of(text: str) -> date:
    """Raises BadAnswer."""
    for form, pattern in DATES:
        if found := form.match(text):
            try:
                return datetime.strptime(found.group(), pattern).date()
            except ValueError:
                break
    raise BadAnswer(f"SIP2: {text[:40]!r} is no date")


def denied(patron_status: str, what: str) -> bool:
    """Whether the reader's 14 flags deny `what`, one of DENIALS."""
    return patron_status[DENIALS[what]] == "Y"


def refusal(answer: Sip2Message, patron_status: str, otherwise: str) -> Refused:
    """Why a hold or renewal was refused, as far as the server says; else the rule `otherwise`."""
    said = " ".join(answer.all("AF")).lower()
    by_words = next((rule for words, rule in WORDS if words in said), "")
    by_flags = next((rule for place, rule in REASONS if patron_status[place] == "Y"), "")
    return Refused(by_words or by_flags or otherwise)
