"""Readers, loans and holds on Koha. A record id is the number of a biblio, a loan id that of a checkout."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import TypeVar

import aiohttp

from catalogue_client.connectors.idempotency_cache import IdempotencyCache, idempotent
from catalogue_client.connectors.koha.account import REASONS, KohaAccount
from catalogue_client.connectors.koha.api import Answer, KohaApi
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.left_to_staff import LeftToStaff
from catalogue_client.errors import BadAnswer, NotFound, OutcomeUnknown, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.values.accounts import Hold, Loan, Newcomer, Preferences, Reader, RenewOutcome

T = TypeVar("T")

HOLD_REASONS = {
    "tooManyReserves": "too_many_holds", "tooManyReservesToday": "too_many_holds", "hold_limit": "too_many_holds",
    "tooManyHoldsForThisRecord": "already_held", "itemAlreadyOnHold": "already_held",
    "alreadypossession": "already_loaned", "notforloan": "reading_room_only",
}  # fmt: skip
"""Koha's word for why there is no hold -> the library's rule; the rest its staff must explain."""


class KohaCirculation(LeftToStaff):
    """Implements the protocol Lending. Made by `koha_circulation`."""

    def __init__(self, api: KohaApi, account: KohaAccount, answered: IdempotencyCache) -> None:
        self._api = api
        self._account = account
        self._answered = answered

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Raises WrongTicketOrPin. Wrong tries are counted by Koha (FailedLoginAttempts)."""
        answer = await self._api.change("POST", "auth/password/validation", {"identifier": ticket, "password": pin})
        # Koha takes user names too; only the number on the ticket is one here.
        if answer.status != 201 or not isinstance(answer.body, dict) or answer.body.get("cardnumber") != ticket:
            raise WrongTicketOrPin("Koha does not confirm ticket and PIN")
        patron = await self._account.patron(ticket)
        names = (str(patron.get(part) or "") for part in ("firstname", "surname"))
        return Reader(ticket, " ".join(filter(None, names)), str(patron.get("category_id") or "adult"))

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return the open checkouts. Raises Unavailable, BadAnswer."""
        return await self._account.loans(ticket)

    async def history(self, ticket: str) -> None:
        """None: what was read stays with Koha."""

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the open holds. Raises Unavailable, BadAnswer."""
        return await self._account.holds(await self._account.patron(ticket))

    @idempotent
    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Raises Refused, also when the reader has the hold already; NotFound for an unknown record or place."""
        if not record_id.isdecimal():
            raise NotFound("no such record on Koha")
        patron = await self._account.patron(ticket)

        async def placed() -> Hold | None:
            return next((hold for hold in await self._account.holds(patron) if hold.record_id == record_id), None)

        if await placed():
            raise Refused("already_held")
        body = {"patron_id": patron["patron_id"], "biblio_id": int(record_id), "pickup_library_id": place_id}
        answer = await self._change("POST", "holds", body, placed)
        if isinstance(answer, Answer) and answer.status != 201:
            if answer.status in (403, 409):
                raise Refused(HOLD_REASONS.get(answer.code, "ask_staff"))
            raise NotFound(f"Koha knows no such record or place (HTTP {answer.status})")
        hold = answer if isinstance(answer, Hold) else await self._seen(placed)
        if hold is None:
            raise OutcomeUnknown("Koha says that the hold is placed and does not list it")
        return hold

    @idempotent
    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """Raises NotFound when there is no such hold."""
        patron = await self._account.patron(ticket)
        holds = {hold.id: hold for hold in await self._account.holds(patron)}
        if hold_id not in holds:
            raise NotFound("no such hold")

        async def gone() -> bool | None:
            return True if all(hold.id != hold_id for hold in await self._account.holds(patron)) else None

        answer = await self._change("DELETE", f"holds/{hold_id}", None, gone)
        # 202: staff must agree first. 404 after a repeat is what was asked for.
        if isinstance(answer, Answer) and answer.status not in (204, 404):
            raise Refused("ask_staff")
        old = holds[hold_id]
        return Hold(old.id, old.record_id, old.title, old.author, old.place_id, old.place, "cancelled")

    @idempotent
    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Raises NotFound when there is no such loan, Refused."""
        return await self._renew(ticket, await self._account.loan(ticket, loan_id))

    @idempotent
    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Renew one loan after the other: Koha has no request for all. Raises OutcomeUnknown when it goes away."""
        outcomes: list[RenewOutcome] = []
        for loan in await self._account.loans(ticket):
            try:
                outcomes.append(await self._outcome(ticket, loan))
            except Unavailable as error:
                if any(outcome.renewed for outcome in outcomes):
                    raise OutcomeUnknown("Koha went away when some loans were renewed already") from error
                raise
        return tuple(outcomes)

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Left to the library's staff: raises Unavailable."""
        raise Unavailable("readers of Koha are registered by its staff")

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """Koha has no place for them: raises Unavailable."""
        raise Unavailable("Koha cannot keep preferences")

    async def _renew(self, ticket: str, loan: Loan) -> Loan:
        async def renewed() -> Loan | None:
            now = await self._account.loan(ticket, loan.id)
            return now if now.is_due_later_than(loan.due) or now.renewals_left < loan.renewals_left else None

        answer = await self._change("POST", f"checkouts/{loan.id}/renewals", None, renewed)
        if isinstance(answer, Loan):
            return answer
        if answer.status != 201:
            raise Refused(REASONS.get(answer.code, loan.why_not or "not_renewable"))

        async def now() -> Loan:
            return await self._account.loan(ticket, loan.id)

        return await self._seen(now)

    async def _outcome(self, ticket: str, loan: Loan) -> RenewOutcome:
        if not loan.renewable:
            return RenewOutcome(loan, False)
        try:
            return RenewOutcome(await self._renew(ticket, loan), True)
        except Refused:
            return RenewOutcome(loan, False)

    async def _change(
        self, method: str, path: str, body: object, look: Callable[[], Awaitable[T | None]]
    ) -> Answer | T:
        """Koha knows no idempotency keys: without an answer, look; send once more only what is not done."""
        try:
            return await self._api.change(method, path, body)
        except OutcomeUnknown:
            done = await self._seen(look)
        if done is not None:
            return done
        try:
            return await self._api.change(method, path, body)
        except Unavailable as error:
            done = await self._seen(look)
            if done is None:
                raise OutcomeUnknown("no answer twice, and nothing to be seen of the change yet") from error
            return done

    async def _seen(self, look: Callable[[], Awaitable[T]]) -> T:
        """What `look` finds after a change. Raises OutcomeUnknown, never less: by now something may be changed."""
        try:
            return await look()
        except (Unavailable, BadAnswer) as error:
            raise OutcomeUnknown("Koha went away before the outcome could be seen") from error


@asynccontextmanager
async def koha_circulation(settings: KohaSettings) -> AsyncIterator[KohaCirculation]:
    """Circulation with connections of its own, closed at the end."""
    timeout = aiohttp.ClientTimeout(total=settings.answer_s)
    connector = aiohttp.TCPConnector(limit=settings.connections)
    headers = {"Authorization": aiohttp.encode_basic_auth(settings.user, settings.password)}
    async with aiohttp.ClientSession(timeout=timeout, connector=connector, headers=headers) as session:
        answered = IdempotencyCache()
        api = KohaApi(settings.url, session)
        try:
            yield KohaCirculation(api, KohaAccount(api, date.today), answered)
        finally:
            await answered.close()
