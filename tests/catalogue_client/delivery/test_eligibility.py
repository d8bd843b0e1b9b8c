"""Who may have deliveries and of how many books, at each limit and one beyond it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from catalogue_client.delivery.delivery_policy import DeliveryPolicy, load_delivery_policy
from catalogue_client.delivery.eligibility import check_books, check_reader
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused
from catalogue_client.store.encryption import Encryption
from catalogue_client.values.bibliographic import Query

TODAY = date(2026, 11, 24)
SECRECY = Encryption(b"pepper")


def limited(**limits: Any) -> DeliveryPolicy:
    rules = load_delivery_policy()
    return rules.model_copy(update={"limits": rules.limits.model_copy(update=limits)})


def reader(temporary: bool = False) -> Any:
    return SimpleNamespace(temporary=temporary, address=SECRECY.seal("Абай даңғылы, 10"))


def right(until: date | None) -> Any:
    return SimpleNamespace(until=until)


def test_the_last_day_of_the_right_counts() -> None:
    check_reader(reader(), right(TODAY), SECRECY, limited(), TODAY)
    for until in (TODAY - timedelta(days=1), None):
        with pytest.raises(Refused) as refused:
            check_reader(reader(), right(until), SECRECY, limited(), TODAY)
        assert refused.value.rule == "not_eligible"


@pytest.mark.parametrize(("temporary", "sign_at_door", "allowed"), [
    (True, True, True), (True, False, False), (False, True, True), (False, False, True),
])  # fmt: skip
def test_a_temporary_ticket_needs_a_library_that_lets_it_sign_at_the_door(
    temporary: bool, sign_at_door: bool, allowed: bool
) -> None:
    rules = limited(new_readers_sign_at_door=sign_at_door)
    if allowed:
        check_reader(reader(temporary), right(TODAY), SECRECY, rules, TODAY)
    else:
        with pytest.raises(Refused):
            check_reader(reader(temporary), right(TODAY), SECRECY, rules, TODAY)


async def some_books(library: OpenedLibrary, count: int) -> tuple[str, ...]:
    at_home = {loan.record_id for loan in await library.circulation.loans("100003")}
    found = (await library.catalogue.search(Query(words="роман", limit=50))).records
    books = tuple(one.id for one in found if one.id not in at_home and not one.reading_room_only)[:count]
    assert len(books) == count
    return books


async def test_as_many_books_as_is_allowed_and_not_one_more(library: OpenedLibrary) -> None:
    books = await some_books(library, 3)
    async with library.staff.deliveries.books.database.reading() as connection:
        await check_books(connection, "100001", books, 99, limited(items=3))
        with pytest.raises(Refused) as refused:
            await check_books(connection, "100001", books, 99, limited(items=2))
        assert refused.value.rule == "too_many_items"


async def test_books_at_home_count_and_the_last_that_is_allowed_is_brought(library: OpenedLibrary) -> None:
    books = await some_books(library, 2)
    have = len(await library.circulation.loans("100003"))
    assert have
    async with library.staff.deliveries.books.database.reading() as connection:
        await check_books(connection, "100003", books, have + 2, limited())
        with pytest.raises(Refused) as refused:
            await check_books(connection, "100003", books, have + 1, limited())
        assert refused.value.rule == "too_many_loans"
