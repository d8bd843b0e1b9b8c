"""How a copy stands, in the words and codes of library systems; the statuses are those of circulation/items.py."""

from __future__ import annotations

import re

from catalogue_client.circulation.items import ON_LOAN, ON_SHELF

SHELF, LENT = ON_SHELF, ON_LOAN
REPAIR, LOST, WRITTEN_OFF, WITHDRAWN, READING_ROOM, AWAITED = (
    "repair", "lost", "written_off", "withdrawn", "reading_room", "awaited",
)  # fmt: skip

IRBIS = {
    "0": SHELF, "1": LENT, "2": AWAITED, "3": REPAIR, "4": LOST, "5": READING_ROOM, "6": WRITTEN_OFF, "8": AWAITED,
    "9": LENT,
}  # fmt: skip
"""Field 910 $a of ИРБИС. 9 is set aside for a reader of its own: nobody else can take it."""

WORDS = (
    (WRITTEN_OFF, r"written off|discard|списан|есептен шығ"),
    (WITHDRAWN, r"withdrawn|suppressed|изъят"),
    (LOST, r"\blost\b|missing|утер|утрач|потер|жоғал"),
    (REPAIR, r"binder|repair|damaged|перепл[её]т|ремонт|реставрац|түптеу|жөндеу"),
    (AWAITED, r"on order|in process|acquisition|заказан|обработк|ожида|тапсырыс|өңдеу"),
    (LENT, r"check(ed)? ?out|on loan|(?<!not )(?<!dis)charged|\bdue\b|выдан|на руках|берілген"),
    (READING_ROOM, r"not for loan|non.?circulat|in.?library|reference|reading room|читальн|не выда|оқу зал"),
)  # fmt: skip
"""Status -> words of free text that mean it; the first that fits counts."""
PATTERNS = tuple((status, re.compile(words, re.IGNORECASE)) for status, words in WORDS)


def irbis_status(code: str) -> str:
    """Return what ИРБИС's letter or digit means; an empty or unknown one says nothing against the copy."""
    return IRBIS.get(code[:1], SHELF)


def status_of_words(text: str) -> str:
    """Return what a note on a copy means, in any of three languages; SHELF when it says nothing that is known."""
    return next((status for status, pattern in PATTERNS if pattern.search(text)), SHELF)
