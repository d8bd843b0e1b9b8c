"""A reader's own lists: hers alone, sealed, exported and erased with the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue_client.circulation.reader_lists import MOST
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused
from catalogue_client.values.accounts import FollowedAuthor
from tests.catalogue_client.clock import Clock

READER, OTHER = "100001", "100002"


async def test_the_shelf_has_each_book_once_the_latest_first(library: OpenedLibrary, clock: Clock) -> None:
    lists = library.reader_lists
    for n, record in enumerate(("a", "b", "a")):
        clock.pass_by(minutes=1)
        await lists.put_aside(READER, record, key=f"k{n}")
    assert await lists.shelf(READER) == ("a", "b") and await lists.shelf(OTHER) == ()
    await lists.take_off(READER, "a", key="off")
    await lists.take_off(READER, "never there", key="off too")
    assert await lists.shelf(READER) == ("b",)


async def test_a_full_shelf_is_refused(library: OpenedLibrary) -> None:
    for n in range(MOST):
        await library.reader_lists.put_aside(READER, str(n), key=f"k{n}")
    with pytest.raises(Refused, match="shelf_full"):
        await library.reader_lists.put_aside(READER, "one more", key="k")
    await library.reader_lists.put_aside(READER, "0", key="there already")


async def test_an_author_is_one_however_the_name_is_written(library: OpenedLibrary) -> None:
    lists = library.reader_lists
    await lists.follow_author(READER, "Мұхтар Әуезов", ("a",), key="1")
    await lists.follow_author(READER, "Әуезов, Мұхтар", ("a", "b"), key="2")
    assert await lists.followed_authors(READER) == (FollowedAuthor("Әуезов, Мұхтар", ("a", "b")),)
    await lists.unfollow_author(READER, "мұхтар әуезов", key="3")
    assert await lists.followed_authors(READER) == ()


async def test_the_file_does_not_tell_what_is_on_a_shelf(library: OpenedLibrary, home: Path) -> None:
    await library.reader_lists.follow_author(READER, "Мұрат Әуезов", (), key="k")
    kept = b"".join((home / name).read_bytes() for name in ("library.sqlite", "library.sqlite-wal"))
    assert "Мұрат Әуезов".encode() not in kept


async def test_they_are_exported_and_erased_with_the_rest(library: OpenedLibrary) -> None:
    await library.reader_lists.put_aside(READER, "a", key="1")
    await library.reader_lists.follow_author(READER, "Мұхтар Әуезов", (), key="2")
    rights = library.staff.deliveries.privacy
    exported = await rights.export(READER, actor="staff")
    assert exported["shelf"] == [{"record_id": "a"}] and exported["authors"] == ["Мұхтар Әуезов"]
    await rights.erase(READER, actor="staff")
    assert await library.reader_lists.shelf(READER) == () == await library.reader_lists.followed_authors(READER)
