"""A change of which nobody knew whether it was made finds the reader again."""

from __future__ import annotations

from pathlib import Path

from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS

READER, OTHER = "100001", "100003"


async def record_id(library: OpenedLibrary, words: str) -> str:
    return (await library.catalogue.search(Query(words=words))).records[0].id


async def told(library: OpenedLibrary, ticket: str) -> list[tuple[str, str, str]]:
    return [
        (request.kind, request.state, request.title) for request in await library.circulation.request_outcomes(ticket)
    ]


async def test_what_was_made_after_all_is_told_until_it_is_heard(library: OpenedLibrary, clock: Clock) -> None:
    held, brought = await record_id(library, "Абай жолы"), await record_id(library, "Плаха")
    await library.circulation.note_unknown_outcome(READER, "hold", held, key="hold")
    await library.circulation.note_unknown_outcome(READER, "delivery", "", key="delivery")
    assert await told(library, READER) == []  # it may still be under way
    await library.circulation.place_hold(READER, held, "chekhov", key="hold")
    slot = (await library.deliveries.delivery_slots(READER, [brought]))[0]
    delivery = await library.deliveries.book_delivery(READER, [brought], slot.id, key="delivery")
    loan = (await library.circulation.loans(OTHER))[1]
    await library.circulation.note_unknown_outcome(OTHER, "renew", loan.id, key="renew")
    await library.circulation.renew(OTHER, loan.id, key="renew")
    expected = [("hold", "done", "Абай жолы"), ("delivery", "done", delivery.id)]
    assert await told(library, READER) == expected
    assert await told(library, OTHER) == [("renew", "done", loan.title)]
    await library.circulation.acknowledge_outcomes(["hold"])
    assert await told(library, READER) == expected[1:]


async def test_what_was_not_made_is_told_once_it_can_no_longer_be(library: OpenedLibrary, clock: Clock) -> None:
    held, loan = await record_id(library, "Абай жолы"), (await library.circulation.loans(OTHER))[1]
    await library.circulation.note_unknown_outcome(OTHER, "hold", held, key="hold")
    await library.circulation.note_unknown_outcome(OTHER, "renew", loan.id, key="renew")
    await library.circulation.note_unknown_outcome(OTHER, "delivery", "", key="delivery")
    clock.pass_by(minutes=1)
    assert await told(library, OTHER) == []
    clock.pass_by(minutes=2)
    assert await told(library, OTHER) == [
        ("hold", "refused", "Абай жолы"), ("renew", "refused", loan.title), ("delivery", "refused", "")
    ]  # fmt: skip
    clock.pass_by(days=31)  # the keys are gone by then: nothing could be told
    assert await told(library, OTHER) == []


async def test_it_is_remembered_sealed_and_through_a_restart(home: Path, clock: Clock) -> None:
    async with open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        held = await record_id(library, "Абай жолы")
        await library.circulation.note_unknown_outcome(READER, "hold", held, key="hold")
        await library.circulation.place_hold(READER, held, "chekhov", key="hold")
    kept = (home / "unsure").read_bytes()
    assert READER.encode() not in kept and held.encode() not in kept
    (home / "unsure").write_bytes(b"not sealed by us\n" + kept)
    async with open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        assert await told(library, READER) == [("hold", "done", "Абай жолы")]
