"""Readers, loans and holds on ИРБИС64. A record id is the code of a book (903); a loan id the bar code of its copy.

Loans stand in the reader's record (RDR, field 40), holds are records of their own (RQST). A renewal would rewrite the
reader's record by rules that only the circulation desk's program knows: it is left to the staff.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from catalogue_client.catalogue.marc.description import Undescribed, describe
from catalogue_client.connectors.idempotency_cache import IdempotencyCache, idempotent
from catalogue_client.connectors.irbis.catalogue import book_of, term
from catalogue_client.connectors.irbis.client import IrbisClient
from catalogue_client.connectors.irbis.loan_fields import loan_of
from catalogue_client.connectors.irbis.records import IrbisRecord, marc_of, subfield, written
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.left_to_staff import LeftToStaff
from catalogue_client.connectors.pin_attempts import PinAttempts
from catalogue_client.errors import BadAnswer, NotFound, OutcomeUnknown, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.values.accounts import Hold, Loan, Newcomer, Preferences, Reader, RenewOutcome

READER = "RI="
"""Prefix of the dictionary of readers and of requests: the ticket."""
MOST = 200
TICKET, CATEGORY, LOAN = 30, 50, 40
NAMES = (11, 12, 10)
"""First name, name of the father, surname."""
DESCRIPTION, BOOK, MADE, FULFILLED, REFUSED, DATABASE, PLACE, READER_NAME = 201, 903, 40, 41, 44, 1, 102, 31
"""Fields of a request."""


class IrbisCirculation(LeftToStaff):
    """Implements the protocol Lending. Made by `irbis_circulation`."""

    def __init__(
        self,
        client: IrbisClient,
        settings: IrbisSettings,
        attempts: PinAttempts,
        answered: IdempotencyCache,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._settings = settings
        self._attempts = attempts
        self._answered = answered
        self._clock = clock

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Raises WrongTicketOrPin, Locked: ИРБИС64 does not count wrong tries, so they are counted here."""
        self._attempts.check(ticket, caller)
        try:
            reader = await self._reader(ticket)
            right = reader.first(self._settings.pin_field)
        except NotFound:
            reader, right = None, ""
        if reader is None or not right or not pin or not hmac.compare_digest(right.encode(), pin.encode()):
            self._attempts.wrong(ticket, caller)
            raise WrongTicketOrPin("ИРБИС64 does not hold this ticket with this PIN")
        self._attempts.right(ticket, caller)
        return Reader(ticket, _name(reader), reader.first(CATEGORY) or "adult")

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return what was given out and not given back. Raises NotFound, Unavailable, BadAnswer."""
        reader = await self._reader(ticket)
        today = self._clock().date()
        found = (loan_of(value, today) for value in reader.all(LOAN))
        return tuple(loan for loan in found if loan is not None)

    async def history(self, ticket: str) -> None:
        """None: what was read stays with ИРБИС64."""

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the requests that are neither done nor refused. Raises Unavailable, BadAnswer."""
        return tuple(self._hold(request) for request in await self._requests(ticket))

    @idempotent
    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Raises Refused, also when the reader has the hold already; NotFound for an unknown book or place."""
        if not self._settings.requests:
            raise Refused("ask_staff")
        if self._settings.places and place_id not in self._settings.places:
            raise NotFound("no such place in the settings of ИРБИС64")
        reader = await self._reader(ticket)
        book = await book_of(self._client, self._settings.catalogue, record_id)
        if book is None:
            raise NotFound("no such book on ИРБИС64")
        if await self._request_for(ticket, record_id):
            raise Refused("already_held")
        if any(subfield(value, "a") == record_id and _is_out(value) for value in reader.all(LOAN)):
            raise Refused("already_loaned")
        request = IrbisRecord(0, 0, 0, (
            (DATABASE, self._settings.catalogue), (DESCRIPTION, written(_titled(book))), (BOOK, written(record_id)),
            (TICKET, written(ticket)), (READER_NAME, written(_name(reader))), (PLACE, written(place_id)),
            (MADE, self._clock().strftime("%Y%m%d")),
        ))  # fmt: skip
        return self._hold(await self._placed(ticket, record_id, request))

    @idempotent
    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """Raises NotFound when there is no such hold, Refused when it may not be deleted."""
        request = await self._numbered(ticket, hold_id)
        if request is None:
            raise NotFound("no such hold")
        for last in (False, True):
            try:
                await self._client.write(self._settings.requests, request.deleted())
                break
            except OutcomeUnknown:
                # The same record at the same version: a second time it is refused, not done again.
                if await self._seen(ticket, hold_id) is None:
                    break
                if last:
                    raise
        hold = self._hold(request)
        return Hold(hold.id, hold.record_id, hold.title, hold.author, hold.place_id, hold.place, "cancelled")

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Left to the library's staff: raises NotFound for an unknown loan, else Refused."""
        if all(loan.id != loan_id for loan in await self.loans(ticket)):
            raise NotFound("no such loan")
        raise Refused("ask_staff")

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Return every loan as not renewed."""
        return tuple(RenewOutcome(loan, False) for loan in await self.loans(ticket))

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Left to the library's staff: raises Unavailable."""
        raise Unavailable("readers of ИРБИС64 are registered by its staff")

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """ИРБИС64 has no place for them: raises Unavailable."""
        raise Unavailable("ИРБИС64 cannot keep preferences")

    async def _reader(self, ticket: str) -> IrbisRecord:
        """Raises NotFound."""
        _, found = await self._client.search(self._settings.readers, term(READER, ticket, whole=True), 2)
        mine = [reader for reader in found if reader.first(TICKET) == ticket]
        if len(mine) != 1:
            raise NotFound("ИРБИС64 does not know this ticket")
        return mine[0]

    async def _requests(self, ticket: str) -> list[IrbisRecord]:
        if not self._settings.requests:
            return []
        _, found = await self._client.search(self._settings.requests, term(READER, ticket, whole=True), MOST)
        return [
            request
            for request in found
            if request.first(TICKET) == ticket and not request.all(FULFILLED) and not request.all(REFUSED)
        ]

    async def _request_for(self, ticket: str, record_id: str) -> IrbisRecord | None:
        return next((request for request in await self._requests(ticket) if request.first(BOOK) == record_id), None)

    async def _numbered(self, ticket: str, hold_id: str) -> IrbisRecord | None:
        return next((request for request in await self._requests(ticket) if str(request.number) == hold_id), None)

    async def _seen(self, ticket: str, hold_id: str) -> IrbisRecord | None:
        try:
            return await self._numbered(ticket, hold_id)
        except (Unavailable, BadAnswer) as error:
            raise OutcomeUnknown("ИРБИС64 went away before the outcome could be seen") from error

    async def _placed(self, ticket: str, record_id: str, request: IrbisRecord) -> IrbisRecord:
        """Write a request; without an answer look for it, and write once more only what is not there."""
        for last in (False, True):
            lost: OutcomeUnknown | None = None
            try:
                await self._client.write(self._settings.requests, request)
            except OutcomeUnknown as error:
                lost = error
            try:
                there = await self._request_for(ticket, record_id)
            except (Unavailable, BadAnswer) as error:
                raise OutcomeUnknown("ИРБИС64 went away before the outcome could be seen") from error
            if there is not None:
                return there
            if lost is None or last:
                break
        raise OutcomeUnknown("ИРБИС64 does not list the hold") from lost

    def _hold(self, request: IrbisRecord) -> Hold:
        place = request.first(PLACE)
        name = self._settings.places.get(place, place)
        title = request.first(DESCRIPTION)
        # Whether the copy lies ready yet is not said in a request: nobody goes out in vain.
        return Hold(str(request.number), request.first(BOOK), title, "", place, name, "waiting", 1)


def _name(reader: IrbisRecord) -> str:
    return " ".join(filter(None, (reader.first(tag) for tag in NAMES)))


def _titled(book: IrbisRecord) -> str:
    try:
        return describe(marc_of(book)).title
    except Undescribed:
        return book.first(BOOK)


def _is_out(value: str) -> bool:
    return loan_of(value, datetime.max.date()) is not None


@asynccontextmanager
async def irbis_circulation(settings: IrbisSettings) -> AsyncIterator[IrbisCirculation]:
    """Circulation with a session of its own, closed at the end."""
    client, answered = IrbisClient(settings), IdempotencyCache()
    try:
        yield IrbisCirculation(client, settings, PinAttempts(datetime.now), answered, datetime.now)
    finally:
        await answered.close()
        await client.close()
