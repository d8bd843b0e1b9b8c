"""A source as the settings name it: "NAME=FOLDER; option; option"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalogue_client.catalogue.marc.encoding_names import ENCODINGS

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
FORM = (
    'must be "NAME=FOLDER" or "NAME=https://…"; behind it, after semicolons: at 03:30, encoding cp1251, changes, set S'
)


@dataclass(frozen=True, slots=True)
class Feed:
    """Where records come from, and when."""

    name: str
    """Small Latin letters, digits, "-" and "_". Records that it brings belong to this name."""
    where: str
    """A file or folder, or the http address of an OAI-PMH server."""
    at: str = ""
    """"HH:MM", every day; "" when only the command runs it."""
    encoding: str | None = None
    changes: bool = False
    """Its files hold only what has changed: what is not in them is not deleted."""
    set_name: str = ""
    """Of OAI-PMH."""
    prefix: str = "marcxml"
    """The OAI-PMH server's name for MARCXML."""

    @property
    def is_oai(self) -> bool:
        """Return whether it is a server and not a file."""
        return self.where.startswith(("http://", "https://"))


def feed_from(text: str) -> Feed:
    """Read an entry of `catalogue.sources`. Raises ValueError with what is allowed."""
    first, *options = (part.strip() for part in text.split(";"))
    name, equals, where = (part.strip() for part in first.partition("="))
    if not equals or not NAME.fullmatch(name) or not where:
        raise ValueError(f"{text!r} {FORM}")
    values: dict[str, str] = {}
    for option in options:
        key, _, value = option.partition(" ")
        if key not in ("at", "encoding", "changes", "set", "prefix") or bool(value) != (key != "changes"):
            raise ValueError(f"{text!r}: {option!r} is no option; it {FORM}")
        values[key] = value.strip()
    if "at" in values and not HOUR.fullmatch(values["at"]):
        raise ValueError(f'{text!r}: "at" must be followed by an hour such as 03:30')
    if "encoding" in values and values["encoding"] not in ENCODINGS:
        raise ValueError(f"{text!r}: the encoding must be one of {', '.join(ENCODINGS)}")
    return Feed(
        name,
        where,
        values.get("at", ""),
        values.get("encoding"),
        "changes" in values,
        values.get("set", ""),
        values.get("prefix", "marcxml"),
    )
