"""What SIP2 answers mean: readers, copies, due dates, and why something was refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from catalogue_client.connectors.sip2.messages import Sip2Message
from catalogue_client.errors import Refused

YEAR_FIRST = re.compile(r"(\d{4})[-./ ]?(\d\d)[-./ ]?(\d\d)(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d\d)(?!\d)")
MONTH_NAMED = re.compile(r"(?:(\d{1,2})[-. ]+)?([^\W\d]{3,})[-., ]+(?:(\d{1,2})[-., ]+)?(\d{4})(?!\d)")
"""Ways in which servers write a due date, with or without an hour after it; the standard leaves it free."""
MONTHS = (
    ("jan", "янв", "қаң"), ("feb", "фев", "ақп"), ("mar", "мар", "нау"), ("apr", "апр", "сәу"), ("may", "мая", "мам"),
    ("jun", "июн", "мау"), ("jul", "июл", "шіл"), ("aug", "авг", "там"), ("sep", "сен", "қыр"), ("oct", "окт", "қаз"),
    ("nov", "ноя", "қар"), ("dec", "дек", "жел"),
)  # fmt: skip
"""How the names of the months begin in English, Russian and Kazakh."""

UNKNOWN = "01"
"""Circulation status "other": with an empty title the server does not know the item."""
RECALLED = "07"
ON_HOLD_SHELF = "08"
"""Circulation status of a copy that lies ready for the reader who holds it."""

DENIALS = {"renewal": 1, "hold": 3}
"""What patron status denies -> the place (0-based) of its flag."""
REASONS = ((6, "overdue"), (5, "too_many_loans"), (7, "no_renewals_left"))
"""Places of flags that say why -> the library's rule."""
WORDS = (
    ("already", "already_held"), ("overdue", "overdue"), ("просроч", "overdue"), ("мерзімі өт", "overdue"),
    ("too many hold", "too_many_holds"), ("maximum hold", "too_many_holds"), ("renewal limit", "no_renewals_left"),
    ("too many renewal", "no_renewals_left"), ("invalid patron", "pin_not_given"), ("invalid pin", "pin_not_given"),
    ("incorrect pin", "pin_not_given"), ("invalid password", "pin_not_given"),
    ("reserved", "waited_for"), ("on hold", "waited_for"),
    ("reference", "reading_room_only"), ("in-library", "reading_room_only"),
)  # fmt: skip
"""What servers say on the screen (AF) when they refuse, in lower case -> the library's rule.

The ticket of a change has been looked up before: a server that calls the patron invalid then misses the PIN.
"""


@dataclass(frozen=True, slots=True)
class Sip2Item:
    """One copy as the server tells it."""

    barcode: str
    title: str
    due: date | None
    place: str
    """Code where a held copy is to be fetched or where it stands; "" when the server does not say."""
    status: str = ""
    """Circulation status, two digits; "" for an item that the server lists but does not know by that name."""

    @property
    def recalled(self) -> bool:
        """Somebody else waits for it."""
        return self.status == RECALLED


def item_of(answer: Sip2Message, month_first: bool = False) -> Sip2Item | None:
    """None when the server does not know it. A due date that cannot be read is none."""
    title = answer.get("AJ")
    if answer.fixed[:2] == UNKNOWN and not title:
        return None
    due = date_of(answer.get("AH"), month_first)
    place = answer.get("AP") or answer.get("AQ")
    return Sip2Item(answer.get("AB"), title, due, place, answer.fixed[:2])


def is_reader(answer: Sip2Message) -> bool:
    """Both the ticket and the PIN are right. Silence about the PIN is not consent."""
    return answer.get("BL") == "Y" and answer.get("CQ") == "Y"


def count_of(answer: Sip2Message, position: int) -> int:
    """Entries in one of the lists, by the counts of a 64; 0 where the server counts nothing or no number."""
    # 14 flags of patron status, 3 of language, 18 of date; then four digits each: holds ready, overdue, loans, fines,
    # recalls, holds waiting.
    digits = answer.fixed[35 + 4 * position : 39 + 4 * position].strip()
    return int(digits) if digits.isdecimal() else 0


def date_of(text: str, month_first: bool = False) -> date | None:
    """None for what is no date. `month_first`: 12/05/2026 is in December; 12/15/2026 is whatever the setting."""
    text = text.strip()
    if found := YEAR_FIRST.match(text):
        return _date(*(int(part) for part in found.groups()))
    if found := YEAR_LAST.match(text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (second, first) if (month_first and first <= 12) or second > 12 else (first, second)
        return _date(year if year > 99 else 2000 + year, month, day)
    if found := MONTH_NAMED.search(text):
        named = (number for number, names in enumerate(MONTHS, 1) if found[2].lower().startswith(names))
        return _date(int(found[4]), next(named, 0), int(found[1] or found[3] or 0))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def denied(patron_status: str, what: str) -> bool:
    """Whether the reader's 14 flags deny `what`, one of DENIALS."""
    return patron_status[DENIALS[what]] == "Y"


def refusal(answer: Sip2Message, patron_status: str, otherwise: str) -> Refused:
    """Why a hold or renewal was refused, as far as the server says; else the rule `otherwise`."""
    said = " ".join(answer.all("AF")).lower()
    by_words = next((rule for words, rule in WORDS if words in said), "")
    by_flags = next((rule for place, rule in REASONS if patron_status[place] == "Y"), "")
    return Refused(by_words or by_flags or otherwise)
