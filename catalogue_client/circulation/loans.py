"""Loans: what a reader has at home, renewing it, lending and taking back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.holds import has_waiting_hold
from catalogue_client.circulation.items import ON_LOAN, ItemStore
from catalogue_client.circulation.policy import Category, CirculationPolicy
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.idempotency import once
from catalogue_client.store.schema import closed_hold, holds, loans, readers, records
from catalogue_client.values.accounts import Loan, RenewOutcome

LOAN = TypeAdapter(Loan)
OUTCOMES = TypeAdapter(tuple[RenewOutcome, ...])


class LoanService:
    """Lends, renews and takes back."""

    def __init__(self, context: StoreContext, readers: ReaderAccounts, items: ItemStore) -> None:
        self._database = context.database
        self._encryption = context.encryption
        self._context = context
        self._audit = context.audit
        self._clock = context.clock
        self._readers = readers
        self._items = items

    @property
    def _policy(self) -> CirculationPolicy:
        return self._context.policy

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return what the reader has at home, the first due first."""
        async with self._database.reading() as connection:
            return await self._open(connection, ticket)

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Lengthen a loan and return it as it is then.

        The same key lengthens it once. Raises NotFound and Refused (no_renewals_left, waited_for, not_renewable,
        overdue).
        """
        now = self._clock()

        async def act() -> Loan:
            await self._readers.locked(connection, ticket)
            loan = next((loan for loan in await self._open(connection, ticket) if loan.id == loan_id), None)
            if loan is None:
                raise NotFound(f"no loan {loan_id!r}")
            if not loan.renewable:
                raise Refused(loan.why_not)
            return await self._lengthen(connection, ticket, loan)

        async with self._database.writing() as connection:
            return await once(connection, self._encryption, key, ("renew", ticket, loan_id), LOAN, act, now)

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Lengthen every loan that may be lengthened, and say of each what became of it."""
        now = self._clock()

        async def act() -> tuple[RenewOutcome, ...]:
            await self._readers.locked(connection, ticket)
            return tuple(
                [
                    RenewOutcome(
                        await self._lengthen(connection, ticket, loan) if loan.renewable else loan, loan.renewable
                    )
                    for loan in await self._open(connection, ticket)
                ]
            )

        async with self._database.writing() as connection:
            return await once(connection, self._encryption, key, ("renew_all", ticket), OUTCOMES, act, now)

    async def history(self, ticket: str) -> tuple[Loan, ...] | None:
        """Return what the reader has had and given back, the latest first; None when the reader keeps no history.

        Raises NotFound.
        """
        async with self._database.reading() as connection:
            keeps = select(readers.c.keeps_history).where(readers.c.ticket == ticket)
            kept = (await connection.execute(keeps)).one_or_none()
            if kept is None:
                raise NotFound("no such reader")
            if not kept.keeps_history:
                return None
            query = _loan_rows().where(loans.c.ticket == ticket, loans.c.returned.is_not(None))
            rows = (await connection.execute(query.order_by(loans.c.returned.desc(), loans.c.id.desc()))).all()
        today = self._clock().date()
        return tuple(
            _to_loan(row, self._policy.category(row.category), self._policy.blocks_after, today) for row in rows
        )

    async def lend(self, connection: AsyncConnection, ticket: str, record_id: str, copy_id: int) -> None:
        """Note in the caller's transaction that a copy went out to a reader; a hold on it is fulfilled.

        Raises NotFound and Refused("too_many_loans").
        """
        today = self._clock().date()
        reader = await self._readers.locked(connection, ticket)
        category = self._policy.category(reader.category)
        at_home = select(func.count()).where(loans.c.ticket == ticket, loans.c.returned.is_(None))
        if (await connection.scalar(at_home) or 0) >= category.loans:
            raise Refused("too_many_loans", number=category.loans)
        await self._items.set_status(connection, copy_id, ON_LOAN)
        await connection.execute(
            update(holds)
            .where(holds.c.ticket == ticket, holds.c.record_id == record_id, holds.c.status.in_(("waiting", "ready")))
            .values(closed_hold("collected"))
        )
        due = today + timedelta(days=category.loan_days)
        new = {"ticket": ticket, "record_id": record_id, "copy_id": copy_id, "since": today, "due": due}
        loan_id = await connection.scalar(insert(loans).values(new).returning(loans.c.id))
        await connection.execute(
            update(records).where(records.c.id == record_id).values(popularity=records.c.popularity + 1)
        )
        await self._note(connection, ticket, "lend", str(loan_id))

    async def take_back(self, connection: AsyncConnection, loan_id: str, place_id: str) -> None:
        """Note in the caller's transaction that a book came back, at any place: the copy stands there from now on.

        Who had it is forgotten unless the reader keeps a history. Raises NotFound.
        """
        today = self._clock().date()
        number = int(loan_id) if loan_id.isdecimal() else 0
        query = (
            select(loans, readers.c.keeps_history)
            .join(readers, readers.c.ticket == loans.c.ticket)
            .where(loans.c.id == number, loans.c.returned.is_(None))
            .with_for_update()
        )
        loan = (await connection.execute(query)).one_or_none()
        if loan is None:
            raise NotFound(f"no open loan {loan_id!r}")
        kept = loan.ticket if loan.keeps_history else None
        await connection.execute(update(loans).where(loans.c.id == number).values(returned=today, ticket=kept))
        await self._items.put_back(connection, loan.copy_id, loan.record_id, place_id, today)
        await self._note(connection, loan.ticket, "take_back", loan_id)

    async def _note(self, connection: AsyncConnection, ticket: str, action: str, loan_id: str) -> None:
        now = self._clock()
        actor, subject = self._readers.event(ticket, "loan", loan_id, action, now)
        await self._audit.note(connection, now, actor, action, subject)

    async def _open(self, connection: AsyncConnection, ticket: str) -> tuple[Loan, ...]:
        query = (
            _loan_rows().where(loans.c.ticket == ticket, loans.c.returned.is_(None)).order_by(loans.c.due, loans.c.id)
        )
        today = self._clock().date()
        return tuple(
            _to_loan(row, self._policy.category(row.category), self._policy.blocks_after, today)
            for row in await connection.execute(query)
        )

    async def _lengthen(self, connection: AsyncConnection, ticket: str, loan: Loan) -> Loan:
        reader = await self._readers.locked(connection, ticket)
        # From the day it is due: whoever renews early loses nothing.
        begin = max(loan.due or date.min, self._clock().date())
        due = begin + timedelta(days=self._policy.category(reader.category).loan_days)
        values = {"due": due, "renewals": loans.c.renewals + 1, "renewed": self._clock().date()}
        await connection.execute(update(loans).where(loans.c.id == int(loan.id)).values(values))
        await self._note(connection, ticket, "renew", loan.id)
        row = (await connection.execute(_loan_rows().where(loans.c.id == int(loan.id)))).one()
        return _to_loan(
            row,
            self._policy.category(reader.category),
            self._policy.blocks_after,
            self._clock().date(),
        )


def _loan_rows() -> Select[Any]:
    waits = has_waiting_hold().label("waited_for")
    rows = select(loans, records.c.title, records.c.author, readers.c.category, waits)
    return rows.join(records, records.c.id == loans.c.record_id).join(readers, readers.c.ticket == loans.c.ticket)


def _to_loan(row: Row[Any], category: Category, blocks_after: int, today: date) -> Loan:
    left = max(0, category.renewals - row.renewals)
    overdue = max(0, (today - row.due).days)
    why_not = ""
    if row.waited_for:
        why_not = "waited_for"
    elif overdue > blocks_after:
        why_not = "overdue"
    elif not left:
        why_not = "no_renewals_left"
    return Loan(
        id=str(row.id),
        record_id=row.record_id,
        title=row.title,
        author=row.author,
        due=row.due,
        renewals_left=left,
        renewable=not why_not,
        why_not=why_not,
        overdue_days=overdue,
        renewed=row.renewed,
    )
