"""What can be wrong with a statement before it is kept.

LibraryError
 ├─ ChangedMeanwhile  somebody else has changed the same thing since it was read
 └─ BadStatement      must not be said to readers; `field` and `reason` say what is wrong with it
"""

from __future__ import annotations

from catalogue_client.errors import LibraryError


class ChangedMeanwhile(LibraryError):
    """Somebody else has changed the same thing since it was read; nothing was kept."""


class BadStatement(LibraryError):
    """Something that must not be said to readers; nothing was kept.

    `field` is the part that is wrong, `reason` a key of the staff site's words, `values` what its sentence names.
    """

    def __init__(self, field: str, reason: str, **values: str | int) -> None:
        super().__init__(f"{field}: {reason} {values or ''}".strip())
        self.field = field
        self.reason = reason
        self.values = values
