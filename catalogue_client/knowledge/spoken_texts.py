"""Whether a text may be said to readers: plain words in the right letters, short enough to be heard."""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalogue_client.knowledge.errors import BadStatement
from languages.codes import LANGUAGES

LONGEST = 400
"""Characters of one sentence: about half a minute."""
MARKUP = re.compile(r"[<>{}\[\]|\\`*_~^=@]|&#?\w+;|https?:|www\.")
"""What a page or an editor means by it, nobody hears."""
LETTERS = {"kk": r"[Ѐ-ӿ]", "ru": r"[Ѐ-ӿ]", "en": r"[A-Za-z]"}
ENDS = ".!?…"


def spoken(field: str, language: str, text: str) -> str:
    """Return `text` as it is kept: one line that ends as a sentence; "" for none. Raises BadStatement for `field`."""
    line = " ".join(text.split())
    if not line:
        return ""
    if (found := MARKUP.search(line)) or not line.isprintable():
        raise BadStatement(field, "markup", found=found[0] if found else "?")
    if len(line) > LONGEST:
        raise BadStatement(field, "too_long", most=LONGEST)
    letters = [letter for letter in line if letter.isalpha()]
    mine = re.findall(LETTERS[language], line)
    if 2 * len(mine) <= len(letters):
        raise BadStatement(field, "letters")
    return line if line[-1] in ENDS else f"{line}."


def in_every_language(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts as they are kept, by language: all or none. Raises BadStatement for "<field>_<language>"."""
    kept: dict[str, str] = {
        language: spoken(f"{field}_{language}", language, texts.get(language, "")) for language in LANGUAGES
    }
    if not any(kept.values()):
        return {}
    for language, text in kept.items():
        if not text:
            raise BadStatement(f"{field}_{language}", "missing_language")
    return kept
