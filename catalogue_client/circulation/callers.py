"""Whether a caller is somebody: a number or line that is its own, and be called back."""

from __future__ import annotations

import re
from collections.abc import Collection

ADDRESS = re.compile(r"(?:.*<)?(?:sips?:|tel:)?([^@;>]*)(?:@([^:;>]*))?.*")
"""User and host of a caller's URI, with or without a display name."""


def is_nobody(caller: str, shared: Collection[str]) -> bool:
    """Return whether a caller has withheld the number or never had one: many people may be behind the same name.

    `shared` is what stands in place of a number then, in lower case.
    """
    address = ADDRESS.fullmatch(caller.casefold().strip())
    user, host = address.groups("") if address else (caller.casefold(), "")
    return user in ("", *shared) or host.endswith(".invalid")
