"""Who may use the files of one folder now: locks that the kernel lets go of when their holder dies.

- `state.lock`: shared by everybody who has the library open, alone by whoever puts other files in its place.
- `opening.lock`: one at a time makes or changes tables and brings the search index up.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from catalogue_client.errors import Unavailable

STATE = "state.lock"
OPENING = "opening.lock"
PATIENCE_S = 300.0
"""How long others may take over opening the library: the first time, a busy machine needs a minute for each."""
LOOK_S = 0.05


class InUse(Exception):
    """Somebody else holds the lock. The text is what the holder has written into it; "" for nothing."""


@contextmanager
def held(path: Path, *, shared: bool = False, note: str = "") -> Iterator[None]:
    """Hold the lock `path` while the context lasts, alone or `shared` with others who share it.

    `note` is for whoever finds it held. Raises InUse at once, OSError when the file cannot be used.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(os.pread(descriptor, 200, 0).decode("utf-8", "replace")) from None
        if not shared:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, note.encode(), 0)
        yield
    finally:
        os.close(descriptor)


@asynccontextmanager
async def turn(path: Path) -> AsyncIterator[None]:
    """Hold the lock `path` alone, after those who came before. Raises Unavailable after PATIENCE_S, and OSError."""
    until = time.monotonic() + PATIENCE_S
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(held(path))
                break
            except InUse:
                if time.monotonic() > until:
                    raise Unavailable(f"another program has been opening the library in {path.parent}") from None
            await asyncio.sleep(LOOK_S)
        yield
