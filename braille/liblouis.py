"""liblouis through its official binding, one call at a time.

liblouis is not thread-safe (upstream issue 543), so one lock lets one caller in. A call takes a fraction of a
millisecond, so that it may be made from the event loop.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Sequence
from types import ModuleType

from braille.errors import LiblouisMissing

_lock = threading.Lock()

# Cells as numbers instead of a character set: a display table would give Kazakh letters back untranslated, because
# kk.utb tells them from Latin ones by a virtual dot 9, for which the first display rule is the letter itself.
_DOTS_IO = 4
_UNICODE_BRAILLE = 64
_LOG_ERRORS = 40_000
UNDEFINED = re.compile(r"\\\d+/|[\ue000-\uf8ff]")
"""How liblouis writes a cell that has no meaning where it stands: the numbers of its dots, or a sign of its own."""


@functools.cache
def _library() -> ModuleType:
    try:
        import louis
    except (ImportError, OSError) as error:
        raise LiblouisMissing(
            "liblouis is not installed for this Python. On Debian: apt install python3-louis liblouis-data."
        ) from error
    # The detailed Russian table repeats three definitions and says so on standard error each time it is read.
    louis.liblouis.lou_setLogLevel(_LOG_ERRORS)
    assert isinstance(louis, ModuleType)
    return louis


def version() -> str:
    """The version of liblouis itself, such as 3.24.0. Raises LiblouisMissing."""
    with _lock:
        return str(_library().version()).split()[0]


def forward(tables: Sequence[str], text: str) -> tuple[bytes, list[int], list[int]]:
    """Cells of `text`, for each cell its position in the text, for each character the position of its first cell.

    Raises LiblouisMissing when a table cannot be read.
    """
    with _lock:
        try:
            cells, inputs, outputs, _ = _library().translate(list(tables), text, mode=_DOTS_IO | _UNICODE_BRAILLE)
        except RuntimeError as error:
            raise _table_missing(tables) from error
    return bytes(ord(cell) & 0xFF for cell in cells), inputs, outputs


def backward(tables: Sequence[str], cells: bytes) -> str:
    """The text that `cells` stand for. Raises LiblouisMissing when a table cannot be read."""
    signs = "".join(chr(0x8000 | cell) for cell in cells)
    with _lock:
        try:
            return str(_library().backTranslateString(list(tables), signs, mode=_DOTS_IO))
        except RuntimeError as error:
            raise _table_missing(tables) from error


def syllables(tables: Sequence[str], word: str) -> list[int]:
    """0-based positions in a word of letters before which its dictionary begins a syllable, one word at a time.

    The last of `tables` is a dictionary, hyph_*.dic. A word with a letter that they do not know has none. Raises
    LiblouisMissing.
    """
    with _lock:
        try:
            marks = str(_library().hyphenate(list(tables), word))
        except RuntimeError as error:
            if not _library().liblouis.lou_checkTable(",".join(tables).encode()):
                raise _table_missing(tables) from error
            return []
    return [at for at, mark in enumerate(marks) if mark == "1" and at]


def _table_missing(tables: Sequence[str]) -> LiblouisMissing:
    return LiblouisMissing(
        f"liblouis cannot use the tables {', '.join(tables)}. On Debian: apt install --reinstall liblouis-data."
    )
