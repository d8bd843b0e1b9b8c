"""By what records are known to be of one work: signatures, of which one in common is enough.

A signature is a name of the work with its author, an ISBN, or what staff have said. A name alone is none: two works may
have one title.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from catalogue_client.works.author_names import author_keys
from languages.folding import fold

BY_ISBN, BY_STAFF = "isbn:", "staff:"
LEAST_MAIN_TITLE = 6
"""Letters of a title before its subtitle that name a work by themselves."""


@cache
def _collective() -> frozenset[str]:
    """Folded titles that any author may have: of a selection or of all works."""
    table = tomllib.loads((files("catalogue_client.works") / "collective_titles.toml").read_text(encoding="utf-8"))
    return frozenset(fold(title) for titles in table.values() for title in titles)


def signatures(
    titles: Iterable[str], author: str, isbns: Iterable[str] = (), *, of_known_work: bool = False
) -> tuple[str, ...]:
    """Return the signatures of a work with these names and this author; collective titles give none.

    A title without an author counts only for a work of the knowledge base (`of_known_work`): a tale of the people.
    """
    found: dict[str, None] = {}
    nameless: dict[str, None] = {}
    keys = author_keys(author)
    for title in titles:
        main = title.partition(":")[0]
        names = dict.fromkeys((fold(title), fold(main) if len(main) >= LEAST_MAIN_TITLE else fold(title)))
        for name in names:
            if name and name not in _collective():
                found |= {f"{name}|{key}": None for key in keys}
                if not author:
                    nameless[name + "|"] = None
    for isbn in isbns:
        found[BY_ISBN + isbn] = None
    return tuple(found | nameless if of_known_work else found)


def plain_isbn(text: str) -> str:
    """Return an ISBN of ten or thirteen digits as thirteen; "" for anything else."""
    sign = "".join(letter for letter in text.upper().split(" ")[0] if letter.isdigit() or letter == "X")
    if len(sign) == 10 and sign[:9].isdigit():
        sign = "978" + sign[:9]
        return sign + str(-sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(sign)) % 10)
    return sign if len(sign) == 13 and sign.isdigit() else ""
