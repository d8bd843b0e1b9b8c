"""Everything that can go wrong with Braille, each with a sentence that says what to do next.

    BrailleError
     ├─ LiblouisMissing     the system has no liblouis binding, or one of its tables is not there
     ├─ NotBraille          text that should hold Unicode Braille cells holds something else
     ├─ NotSixDots          a cell with dot 7 or 8 where paper has six dots
     ├─ BadSize             a display or page too small or too large to lay anything out
     └─ BadBrailleFile      a BRF or PEF file that cannot be read

A reader hears none of them: speech goes on when Braille cannot. The messages are for the person at the command line
and for the log, and never quote the text that was to be shown.
"""

from __future__ import annotations


class BrailleError(Exception):
    """Base of this package's errors."""


class LiblouisMissing(BrailleError):
    """liblouis, its Python binding or one of its tables is not installed."""


class NotBraille(BrailleError):
    """A character that is no Unicode Braille cell."""


class NotSixDots(BrailleError):
    """A cell with dot 7 or 8, which no embosser of literary Braille makes."""


class BadSize(BrailleError):
    """A width or height outside what can be laid out."""


class BadBrailleFile(BrailleError):
    """A BRF or PEF file with something in it that the format does not allow."""
