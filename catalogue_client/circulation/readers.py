"""Readers: who they are, their PIN, their right to home delivery, how they like to be answered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.entitlements import right_of
from catalogue_client.circulation.pin_lockout import PinLockout
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import NotFound, Refused, WrongTicketOrPin
from catalogue_client.store.database import for_change
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.idempotency import once
from catalogue_client.store.schema import loans, readers
from catalogue_client.values.accounts import Newcomer, Preferences, Reader

PREFERENCES = TypeAdapter(Preferences)
TICKET = TypeAdapter(str)
NOTHING = TypeAdapter[None](None)

COMPLETE = {"temporary": False, "category": "adult"}
"""What a temporary ticket becomes, at a branch or at the door."""
PIN = re.compile(r"[0-9]{4,8}")
PHONE = re.compile(r"\+?[0-9]{10,15}")
ForgetDelivered = Callable[[AsyncConnection, Encryption, str], Awaitable[None]]
"""Forgets, in the caller's transaction, the books of deliveries of a reader (pseudonym) that are over."""

LAST_NUMBER = re.compile(r"\d+(?!.*\d)")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a courier finds a reader. Never logged, never shown but to the courier and the staff."""

    name: str
    phone: str
    """E.164 as it was given; "" when none is known."""
    address: str
    """"" when none is on file."""


class ReaderAccounts:
    """Identifies, registers and changes readers."""

    def __init__(self, context: StoreContext, locks: PinLockout, forget_delivered: ForgetDelivered) -> None:
        """`forget_delivered` is called when a reader wants no history; see ForgetDelivered."""
        self._database = context.database
        self._encryption = context.encryption
        self._audit = context.audit
        self._clock = context.clock
        self._locks = locks
        self._forget_delivered = forget_delivered

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Return the reader with this ticket and PIN.

        `caller` is an opaque name of the line or device.

        Raises WrongTicketOrPin, in the same words and time whether the ticket or the PIN is wrong, and Locked. Whoever
        calls without a number ("", anonymous.invalid) is never locked out for others' tries, only slowed down.
        """
        check = await self._locks.begin(ticket, caller)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(readers).where(readers.c.ticket == ticket))).one_or_none()
            reader = None if row is None else await self.to_reader(connection, row)
        right = await self._encryption.fits(row.pin_hash if row else None, ticket, pin)
        async with self._database.writing() as connection:
            left = await self._locks.end(connection, check, right=right)
            await self._audit.note(
                connection,
                self._clock(),
                self.pseudonym(ticket),
                "identify",
                "",
                "done" if right else "refused",
            )
        if reader is None or not right:
            raise WrongTicketOrPin("unknown ticket or wrong PIN", left)
        return reader

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Give a temporary ticket, completed at a branch or with the first delivery. Without a PIN the ticket opens
        nothing until one is set there. Raises Refused("phone_invalid")."""
        phone = _phone(newcomer.phone)
        ticket = str(secrets.randbelow(700_000) + 200_000)
        pin_hash = await self._encryption.hash_pin(ticket, newcomer.pin)
        now = self._clock()

        async def act() -> str:
            row = {
                "ticket": ticket,
                "name": self._encryption.seal(newcomer.name) if newcomer.name else None,
                "category": "temporary",
                "temporary": True,
                "since": now.date(),
            }
            await connection.execute(
                insert(readers).values(pin_hash=pin_hash, phone=self._encryption.seal(phone), **row)
            )
            await self._audit.note(connection, now, self.pseudonym(ticket), "register", "")
            return ticket

        # Requests are distinguished by pseudonyms and answered by the ticket alone.
        request = (
            "register",
            self._encryption.pseudonym("phone", phone),
            self._encryption.pseudonym("name", newcomer.name),
        )
        async with self._database.writing() as connection:
            given = await once(connection, self._encryption, key, request, TICKET, act, now)
            return await self.to_reader(connection, await self.locked(connection, given))

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """Remember how a reader wants to be answered; the reader has agreed to that. Raises NotFound."""
        kept = PREFERENCES.dump_json(preferences).decode()

        async def act() -> None:
            await self.locked(connection, ticket)
            await connection.execute(update(readers).where(readers.c.ticket == ticket).values(preferences=kept))

        async with self._database.writing() as connection:
            await once(
                connection,
                self._encryption,
                key,
                ("preferences", ticket, kept),
                NOTHING,
                act,
                self._clock(),
            )

    async def change_pin(self, ticket: str, pin: str, *, key: str) -> None:
        """Set another PIN; whoever asks has just given the old one. Raises NotFound and Refused("pin_too_simple")."""
        _check_pin(pin)
        pin_hash = await self._encryption.hash_pin(ticket, pin)
        request = ("change_pin", ticket, self._encryption.pseudonym("pin", f"{ticket}:{pin}"))
        await self._change(ticket, {"pin_hash": pin_hash}, "change_pin", request, key)

    async def change_phone(self, ticket: str, phone: str, *, key: str) -> None:
        """Keep another telephone number. Raises NotFound and Refused("phone_invalid")."""
        phone = _phone(phone)
        request = ("change_phone", ticket, self._encryption.pseudonym("phone", phone))
        await self._change(ticket, {"phone": self._encryption.seal(phone)}, "change_phone", request, key)

    async def bar_ticket(self, ticket: str, *, key: str) -> None:
        """Let no PIN open a lost ticket any more, until a branch sets a new one (`complete`); loans, holds and
        deliveries stay. Raises NotFound."""
        await self._change(ticket, {"pin_hash": ""}, "bar_ticket", ("bar_ticket", ticket), key)

    async def _change(
        self, ticket: str, values: dict[str, Any], action: str, request: tuple[str, ...], key: str
    ) -> None:
        now = self._clock()

        async def act() -> None:
            await self.locked(connection, ticket)
            await connection.execute(update(readers).where(readers.c.ticket == ticket).values(values))
            await self._audit.note(connection, now, self.pseudonym(ticket), action, "")

        async with self._database.writing() as connection:
            await once(connection, self._encryption, key, request, NOTHING, act, now)

    async def complete(self, ticket: str, *, pin: str = "", actor: str) -> None:
        """Make a temporary ticket a full one, as a branch does that has seen the reader's document; with a PIN, set it
        and end every lock on the ticket. Twice is once. Raises NotFound and Refused("pin_too_simple")."""
        if pin:
            _check_pin(pin)
        values: dict[str, Any] = {"pin_hash": await self._encryption.hash_pin(ticket, pin)} if pin else {}
        async with self._database.writing() as connection:
            row = await self.locked(connection, ticket)
            if row.temporary:
                values |= COMPLETE
            if values:
                await connection.execute(update(readers).where(readers.c.ticket == ticket).values(values))
            if pin:
                await self._locks.open(connection, self._locks.subject(ticket))
            outcome = "done" if values else "nothing to do"
            await self._audit.note(connection, self._clock(), actor, "complete", self.pseudonym(ticket), outcome)

    async def keep_history(self, ticket: str, wanted: bool, *, actor: str) -> None:
        """Keep from now on what the reader has read, since the reader agrees; or stop, and forget what was kept.
        Raises NotFound."""
        async with self._database.writing() as connection:
            await self.locked(connection, ticket)
            await connection.execute(update(readers).where(readers.c.ticket == ticket).values(keeps_history=wanted))
            if not wanted:
                back = (loans.c.ticket == ticket) & loans.c.returned.is_not(None)
                await connection.execute(update(loans).where(back).values(ticket=None))
                await self._forget_delivered(connection, self._encryption, self.pseudonym(ticket))
            action = "keep_history" if wanted else "forget_history"
            await self._audit.note(connection, self._clock(), actor, action, self.pseudonym(ticket))

    async def contact(self, ticket: str) -> Contact:
        """Return name, telephone and address for a courier. Raises NotFound."""
        async with self._database.reading() as connection:
            row = await self.locked(connection, ticket)
        return Contact(
            self._encryption.unseal(row.name),
            self._encryption.unseal(row.phone),
            self._encryption.unseal(row.address),
        )

    async def locked(self, connection: AsyncConnection, ticket: str) -> Row[Any]:
        """Return the reader's row, locked in a transaction that writes: other changes for the same reader wait for its
        end. Raises NotFound.
        """
        query = for_change(connection, select(readers).where(readers.c.ticket == ticket))
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound("no such reader")
        return row

    def pseudonym(self, ticket: str) -> str:
        """Return the name under which the audit knows a reader, but for what the reader has read."""
        return self._encryption.pseudonym("reader", ticket)

    def event(self, ticket: str, kind: str, number: str, action: str, at: datetime) -> tuple[str, str]:
        """Return actor and subject of one entry of the audit about a loan or hold (`kind`), other ones for each entry.

        Whoever has the pepper and knows whom and what they look for finds the entry again; nobody can follow from one
        entry to another, from a reader to titles, or from a title to its readers.
        """
        event = f"{action}|{at.astimezone(UTC).isoformat()}"
        return (
            self._encryption.pseudonym("event", f"{ticket}|{event}"),
            self._encryption.pseudonym(kind, f"{number}|{event}"),
        )

    async def to_reader(self, connection: AsyncConnection, row: Row[Any]) -> Reader:
        """Return a row of `readers` as others may see it. Raises cryptography's InvalidTag with another pepper."""
        address = self._encryption.unseal(row.address)
        until = (await right_of(connection, self._encryption, row.ticket)).until
        return Reader(
            ticket=row.ticket,
            name=self._encryption.unseal(row.name),
            category=row.category,
            deliveries=until is not None and self._clock().date() <= until,
            has_address=bool(address),
            address_hint=masked(address),
            temporary=row.temporary,
            preferences=PREFERENCES.validate_json(row.preferences),
        )


def _check_pin(pin: str) -> None:
    if not PIN.fullmatch(pin) or len(set(pin)) == 1:
        raise Refused("pin_too_simple")


def _phone(number: str) -> str:
    """Return a telephone number without what people write between its digits. Raises Refused("phone_invalid")."""
    phone = re.sub(r"[\s()\-]", "", number)
    if not PHONE.fullmatch(phone):
        raise Refused("phone_invalid")
    return phone


def masked(address: str) -> str:
    """Return the street and the last number of an address: "Абай даңғылы, …12"; "" for ""."""
    street = re.sub(r"\s+\d+\S*$", "", address.split(",")[0].strip())
    last = LAST_NUMBER.search(address)
    return f"{street}, …{last.group()[-2:]}" if last else street
