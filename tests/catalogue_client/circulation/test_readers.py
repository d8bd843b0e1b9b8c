"""Tickets, PINs, locks, registration."""

from __future__ import annotations

import asyncio

import pytest

from catalogue_client.circulation.readers import masked
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import KeyReused, Locked, NotFound, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.values.accounts import Newcomer, Preferences
from tests.catalogue_client.clock import Clock


async def test_demonstration_readers_are_who_they_should_be(library: OpenedLibrary) -> None:
    first = await library.circulation.identify("100001", "2580", "line")
    assert first.deliveries and first.has_address and "52" not in first.address_hint
    second = await library.circulation.identify("100002", "1470", "line")
    assert not second.deliveries and not second.has_address
    loans = await library.circulation.loans("100003")
    assert len(loans) == 5
    assert [loan.overdue_days > 0 for loan in loans] == [True, False, False, False, False]
    assert [loan.why_not for loan in loans if not loan.renewable] == ["no_renewals_left"]


async def test_right_to_delivery_ends(library: OpenedLibrary, clock: Clock) -> None:
    clock.pass_by(days=731)
    assert not (await library.circulation.identify("100001", "2580", "line")).deliveries


@pytest.mark.parametrize("ticket", ["100001", "999999"])
async def test_five_wrong_pins_lock_a_ticket_known_or_not(library: OpenedLibrary, clock: Clock, ticket: str) -> None:
    for count in range(5):
        with pytest.raises(WrongTicketOrPin) as refused:
            await library.circulation.identify(ticket, "0000", f"line {count}")
        assert not isinstance(refused.value, Locked)
        assert refused.value.left == 4 - count  # the same for a ticket that nobody has
    with pytest.raises(Locked) as locked:
        await library.circulation.identify(ticket, "2580", "another line")
    assert (locked.value.until - clock.now).total_seconds() == 15 * 60
    assert locked.value.until.utcoffset() == clock.now.utcoffset()


async def test_lock_opens_and_the_next_is_longer(library: OpenedLibrary, clock: Clock) -> None:
    for count in range(5):
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify("100001", "0000", f"line {count}")
    clock.pass_by(minutes=16)
    with pytest.raises(WrongTicketOrPin):
        await library.circulation.identify("100001", "0000", "line 6")
    with pytest.raises(Locked) as locked:
        await library.circulation.identify("100001", "2580", "line 7")
    assert (locked.value.until - clock.now).total_seconds() == 30 * 60
    clock.pass_by(minutes=31)
    assert (await library.circulation.identify("100001", "2580", "line 8")).ticket == "100001"
    with pytest.raises(WrongTicketOrPin) as refused:
        await library.circulation.identify("100001", "0000", "line 9")
    assert not isinstance(refused.value, Locked)


async def test_one_line_cannot_try_many_tickets(library: OpenedLibrary) -> None:
    for count in range(5):
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify(str(200000 + count), "0000", "line")
    with pytest.raises(Locked):
        await library.circulation.identify("100001", "2580", "line")
    assert (await library.circulation.identify("100001", "2580", "another line")).ticket == "100001"


async def test_clock_set_back_does_not_lock_for_ever(library: OpenedLibrary, clock: Clock) -> None:
    clock.pass_by(days=3000)
    for count in range(5):
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify("100001", "0000", f"line {count}")
    clock.pass_by(days=-3000)
    assert (await library.circulation.identify("100001", "2580", "line")).ticket == "100001"


async def test_newcomer_gets_one_ticket_for_one_key(library: OpenedLibrary) -> None:
    newcomer = Newcomer(phone="+7 (701) 000-00-09", name="Дана", pin="4321")
    reader = await library.circulation.register(newcomer, key="k1")
    assert reader.temporary and reader.category == "temporary" and not reader.deliveries
    assert await library.circulation.register(newcomer, key="k1") == reader
    assert (await library.circulation.identify(reader.ticket, "4321", "line")).name == "Дана"
    with pytest.raises(KeyReused):
        await library.circulation.register(Newcomer(phone="+77010000010"), key="k1")


@pytest.mark.parametrize("phone", ["", "12", "seven seven", "+7701000000900000"])
async def test_newcomer_needs_a_telephone(library: OpenedLibrary, phone: str) -> None:
    with pytest.raises(Refused) as refused:
        await library.circulation.register(Newcomer(phone=phone), key="k")
    assert refused.value.rule == "phone_invalid"


async def test_ticket_without_pin_opens_nothing(library: OpenedLibrary) -> None:
    reader = await library.circulation.register(Newcomer(phone="+77010000011"), key="k")
    with pytest.raises(WrongTicketOrPin):
        await library.circulation.identify(reader.ticket, "", "line")


async def test_preferences_are_remembered(library: OpenedLibrary) -> None:
    preferred = Preferences(language="ru", rate=220, brief=True)
    await library.circulation.save_preferences("100002", preferred, key="k")
    assert (await library.circulation.identify("100002", "1470", "line")).preferences == preferred
    with pytest.raises(NotFound):
        await library.circulation.save_preferences("nobody", preferred, key="other")


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("Абай даңғылы, 52, 14 пәтер", "Абай даңғылы, …14"),
        ("Сәтбаев көшесі 90", "Сәтбаев көшесі, …90"),
        ("", ""),
        ("Самал-2, 111", "Самал-2, …11"),
    ],
)
def test_address_is_masked(address: str, hint: str) -> None:
    assert masked(address) == hint


async def test_a_temporary_ticket_is_completed_at_a_branch_and_a_new_pin_ends_the_lock(library: OpenedLibrary) -> None:
    reader = await library.circulation.register(Newcomer(phone="+77010000012", pin="4321"), key="k")
    readers = library.staff.deliveries.books.readers
    for _ in range(6):
        with pytest.raises((WrongTicketOrPin, Locked)):
            await library.circulation.identify(reader.ticket, "0000", "line")
    with pytest.raises(Refused, match="pin_too_simple"):
        await readers.complete(reader.ticket, pin="1111", actor="staff")
    await readers.complete(reader.ticket, pin="86420", actor="staff")
    complete = await library.circulation.identify(reader.ticket, "86420", "another line")
    assert not complete.temporary and complete.category == "adult"
    await readers.complete(reader.ticket, actor="staff")
    with pytest.raises(NotFound):
        await readers.complete("nobody", actor="staff")


NOBODY = ("", "sip:anonymous@anonymous.invalid", '"Anonymous" <sip:anonymous@provider.example>', "sip:")


@pytest.mark.parametrize("caller", NOBODY)
async def test_who_has_no_number_is_never_locked_out_by_others(
    library: OpenedLibrary, monkeypatch: pytest.MonkeyPatch, caller: str
) -> None:
    waited = slept(library, monkeypatch)
    for count in range(12):
        with pytest.raises(WrongTicketOrPin) as refused:
            await library.circulation.identify(str(200000 + count), "0000", caller)
        assert not isinstance(refused.value, Locked)
    assert waited[:5] == [0.5, 1.0, 1.5, 2.0, 2.5] and max(waited) == 2.5  # but each further try takes longer
    assert (await library.circulation.identify("100001", "2580", caller)).ticket == "100001"
    for _ in range(5):  # a ticket is locked whoever tries
        with pytest.raises(WrongTicketOrPin):
            await library.circulation.identify("100002", "0000", caller)
    with pytest.raises(Locked):
        await library.circulation.identify("100002", "1470", caller)


@pytest.mark.parametrize(
    "caller", ["+77010000077", "sip:+77010000077@asterisk.example", "sip:700@10.0.0.1:5060", "desk"]
)
async def test_who_has_a_number_is_somebody(library: OpenedLibrary, caller: str) -> None:
    assert not library.staff.deliveries.books.readers._locks.is_nobody(caller)


def slept(library: OpenedLibrary, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What is waited for without waiting."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(library.staff.deliveries.books.readers._locks, "_sleep", sleep)
    return waited


async def test_nine_right_pins_at_once_all_enter(library: OpenedLibrary) -> None:
    entered = await asyncio.gather(*(library.circulation.identify("100001", "2580", "line") for _ in range(9)))
    assert {reader.ticket for reader in entered} == {"100001"}
    with pytest.raises(WrongTicketOrPin) as refused:  # and nothing of it is left
        await library.circulation.identify("100001", "0000", "line")
    assert not isinstance(refused.value, Locked)


async def test_guesses_at_once_are_no_more_than_guesses_in_turn(library: OpenedLibrary) -> None:
    pins = [f"{pin:04}" for pin in range(30)]
    outcomes = await asyncio.gather(
        *(library.circulation.identify("100001", pin, f"line {pin}") for pin in pins), return_exceptions=True
    )
    wrong = [one for one in outcomes if type(one) is WrongTicketOrPin]
    assert len(wrong) == 5 and all(isinstance(one, Locked) for one in outcomes if one not in wrong)


async def test_a_kill_while_pins_are_checked_counts_nothing(library: OpenedLibrary, clock: Clock) -> None:
    locks = library.staff.deliveries.books.readers._locks
    for _ in range(5):
        await locks.begin("100001", "line")  # nobody ever says how these were
    clock.pass_by(seconds=11)
    assert (await library.circulation.identify("100001", "2580", "line")).ticket == "100001"


async def test_while_every_place_is_taken_a_reader_waits_and_is_not_locked(
    library: OpenedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks = library.staff.deliveries.books.readers._locks
    held = [await locks.begin("100001", f"line {number}") for number in range(5)]
    waited = slept(library, monkeypatch)
    with pytest.raises(Unavailable):
        await library.circulation.identify("100001", "2580", "line")
    assert waited
    async with library.staff.deliveries.books.database.writing() as connection:
        await locks.end(connection, held[0], right=True)
    assert (await library.circulation.identify("100001", "2580", "line")).ticket == "100001"


async def test_a_new_pin_opens_the_ticket_and_the_old_one_does_not(library: OpenedLibrary) -> None:
    await library.circulation.change_pin("100001", "4826", key="k")
    await library.circulation.change_pin("100001", "4826", key="k")
    assert (await library.circulation.identify("100001", "4826", "line")).ticket == "100001"
    with pytest.raises(WrongTicketOrPin):
        await library.circulation.identify("100001", "2580", "line")


@pytest.mark.parametrize("pin", ["1111", "123", "12345678901", "12a4"])
async def test_a_simple_pin_is_refused(library: OpenedLibrary, pin: str) -> None:
    with pytest.raises(Refused, match="pin_too_simple"):
        await library.circulation.change_pin("100001", pin, key="k")
    with pytest.raises(NotFound):
        await library.circulation.change_pin("999999", "4826", key="nobody")


async def test_another_telephone_number_is_kept_and_an_impossible_one_is_not(library: OpenedLibrary) -> None:
    await library.circulation.change_phone("100001", "+77051234567", key="k")
    assert (await library.staff.deliveries.books.readers.contact("100001")).phone == "+77051234567"
    with pytest.raises(Refused, match="phone_invalid"):
        await library.circulation.change_phone("100001", "12", key="short")


async def test_a_barred_ticket_lets_nobody_in_until_a_branch_sets_a_pin(library: OpenedLibrary) -> None:
    before = await library.circulation.loans("100003")
    await library.circulation.bar_ticket("100003", key="k")
    with pytest.raises(WrongTicketOrPin):
        await library.circulation.identify("100003", "3690", "line")
    assert await library.circulation.loans("100003") == before
    await library.staff.deliveries.books.readers.complete("100003", pin="4826", actor="branch")
    assert (await library.circulation.identify("100003", "4826", "line")).ticket == "100003"
