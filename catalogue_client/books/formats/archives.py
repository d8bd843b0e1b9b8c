"""Files inside a ZIP archive or a folder, bounded: no bomb, no way out of the archive."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from urllib.parse import unquote

from catalogue_client.books.errors import BookTooLarge, BrokenBook
from catalogue_client.books.limits import MOST_ENTRIES, MOST_TEXT_BYTES, MOST_UNPACKED_BYTES

PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How books are packed; EPUB allows no other way. How much memory another way takes, the file itself would say."""
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, RuntimeError, OSError, EOFError)
"""What zipfile raises for what is no archive. A version that it does not know is a RuntimeError."""


class Archive:
    """The texts of one archive. Raises BrokenBook, BookTooLarge."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise BrokenBook(f"the archive cannot be opened: {error}") from error
        if len(self._zip.infolist()) > MOST_ENTRIES:
            raise BookTooLarge(f"there are more than {MOST_ENTRIES} files in it")
        self.names = tuple(self._zip.namelist())
        self._folded = {name.lower(): name for name in self.names}
        self._left = MOST_UNPACKED_BYTES

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._folded

    def read(self, name: str) -> bytes:
        """Return one file, unpacked; what its head says about its size is not believed."""
        if name not in self:
            raise BrokenBook(f"{name} is missing in it")
        most = min(self._left, MOST_TEXT_BYTES)
        try:
            member = self._zip.getinfo(self._folded[name.lower()])
            if member.compress_type not in PACKED:
                raise BrokenBook(f"{name} is packed in a way that books are not; pack it again as a usual ZIP archive")
            with self._zip.open(member) as file:
                data = file.read(most + 1)
        except _BROKEN as error:
            raise BrokenBook(f"{name} cannot be unpacked: {error}") from error
        if len(data) > most:
            raise BookTooLarge(f"{name} unpacks to more than a book may have")
        self._left -= len(data)
        return data

    def only(self, suffix: str) -> str:
        """Return the name of the first file that ends so. Raises BrokenBook without one."""
        found = next((name for name in self.names if name.lower().endswith(suffix)), None)
        if found is None:
            raise BrokenBook(f"there is no {suffix} file in it")
        return found


def beside(document: str, href: str) -> str:
    """Return the name of what `href` points to from `document`, without its fragment; never above the archive."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document), unquote(href.split("#", 1)[0])))
    return path.lstrip("./") if path.startswith("..") else path
