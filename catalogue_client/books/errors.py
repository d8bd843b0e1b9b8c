"""What can be wrong with the file of a book, as a sentence for whoever adds it.

LibraryError (catalogue_client/errors.py)
 └─ BookFileError               the file cannot be taken in
     ├─ UnknownBookFormat       it is of no format that is known here
     ├─ BrokenBook              it is not what its format asks for, or protected
     └─ BookTooLarge            it would need more room than a book may
"""

from __future__ import annotations

from catalogue_client.errors import LibraryError


class BookFileError(LibraryError):
    """The file cannot be taken in; nothing was changed."""


class UnknownBookFormat(BookFileError):
    """It is of no format that is known here."""


class BrokenBook(BookFileError):
    """It is not what its format asks for, or it is protected."""


class BookTooLarge(BookFileError):
    """It would need more room than a book may."""
