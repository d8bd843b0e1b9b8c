"""How a book is read, by its MARC record: leader, 007, 008, 106, 203, 337, 338, 347, 655 and the words of titles.

What a field says in so many words is believed before what a code says; the leader comes last.
"""

from __future__ import annotations

import re

from pymarc import Record

PRINT = "print"
WORDS = (
    ("braille", r"брайл|braille|рельефно.?точечн"),
    ("large_print", r"large.?(type|print)|крупн\w+ (шрифт|печат)|ірі (әріп|қаріп)"),
    ("audio", r"audio.?book|talking book|spoken word|устная речь|аудио.?кн|аудио.?кіт|говорящ\w+ кн|\bdaisy\b"),
    ("video", r"video|видео|\bdvd|кинофильм|бейне"),
    ("music", r"sound recording|звукозапис|\bмузыка\b.*аудио|performed music"),
    ("score", r"notated music|\bноты\b|\[ноты|музыка знаковая"),
    ("map", r"\bкарты?\b.*\b(масштаб|изоматериал)|\[карты?\]|cartographic image|картографическ"),
    ("electronic", r"electronic resource|online resource|computer|электрон|\be-?book|\bepub\b|\bpdf\b"),
)  # fmt: skip
"""Format -> words that mean it; the first that fits counts."""
PATTERNS = tuple((form, re.compile(words, re.IGNORECASE)) for form, words in WORDS)
SAID_IN = {
    True: (("200", "b"), ("203", "abc"), ("608", "a")),
    False: (("245", "h"), ("337", "ab"), ("338", "ab"), ("347", "ab"), ("655", "a"), ("336", "a")),
}
"""Whether UNIMARC -> fields and subfields in whose words the carrier stands."""
MEDIA = {"s": "audio", "v": "video", "c": "electronic"}
"""RDA's media types in 337 $b, and categories of material in 007."""
LEADERS = {
    "i": "audio", "j": "music", "g": "video", "c": "score", "d": "score", "e": "map", "f": "map", "m": "electronic",
    "l": "electronic",
}  # fmt: skip
"""Leader/06 -> format; m is MARC21's, l UNIMARC's."""
FORMS = {"f": "braille", "d": "large_print", "o": "electronic", "q": "electronic", "s": "electronic"}
"""Form of item: 008/23 or /29 in MARC21, 106 $a in UNIMARC."""
SERIAL = "s"


def format_of(record: Record, unimarc: bool, has_copies: bool) -> str:
    """Return one of the values of Format."""
    leader = str(record.leader)
    kind, level = leader[6:7], leader[7:8]
    form = FORMS.get(_form(record, unimarc, kind), "")
    if form in ("braille", "large_print"):
        return form
    said = _in_words(record, unimarc)
    if said in ("braille", "large_print", "video"):
        return said
    if kind in ("i", "j"):
        return LEADERS[kind]  # an audiobook is one, on a disc or as a file
    found = said or LEADERS.get(kind, "") or _by_category(record, kind) or form
    if found in ("", "electronic") and level == SERIAL:
        return "periodical"
    return found or ("electronic" if not has_copies and _is_online_only(record) else PRINT)


def _form(record: Record, unimarc: bool, kind: str) -> str:
    coded = record.get("106" if unimarc else "008")
    if coded is None:
        return ""
    if unimarc:
        return (coded.get("a") or "")[:1]
    data = coded.data or ""
    return data[29:30] if kind in "efgk" and kind else data[23:24]


def _in_words(record: Record, unimarc: bool) -> str:
    text = " ; ".join(
        value
        for tag, codes in SAID_IN[unimarc]
        for field in record.get_fields(tag)
        for code in codes
        for value in field.get_subfields(code)
        if not (tag in ("337", "338") and value == "unmediated")
    )
    return next((form for form, pattern in PATTERNS if pattern.search(text)), "") if text else ""


def _by_category(record: Record, kind: str) -> str:
    """007 tells of the carrier; beside a leader of a printed text it may tell of a disc in the pocket."""
    categories = {(field.data or "")[:1] for field in record.get_fields("007")}
    if categories and "t" not in categories and kind in ("", " ", "r", "o", "p", "k"):
        return next((MEDIA[category] for category in sorted(categories) if category in MEDIA), "")
    return "electronic" if categories == {"c"} else "braille" if "f" in categories else ""


def _is_online_only(record: Record) -> bool:
    """Whether the resource itself is at an address (856, second indicator 0)."""
    return any(field.indicators and field.indicators[1] == "0" for field in record.get_fields("856"))
