"""Files inside a ZIP archive or a folder, bounded: no bomb, no way out of the archive."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from urllib.parse import unquote

from catalogue_client.books.errors import BookTooLarge, BrokenBook
from catalogue_client.books.limits import MOST_ENTRIES, MOST_TEXT_BYTES, MOST_UNPACKED_BYTES


class Archive:
    """The texts of one archive. Raises BrokenBook, BookTooLarge."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
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
            with self._zip.open(self._folded[name.lower()]) as file:
                data = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError) as error:
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
