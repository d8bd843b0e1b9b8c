"""A walk through a library's own system with a test ticket: which call, right, encoding, PIN rule or date does not fit.

It speaks to the connectors alone, with no offline copy and no queue before them. What it changes it changes back, but
for a renewal, which is tried only when asked for.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from catalogue_client.connectors.connected_library import LibrarySystem, opened_catalogue, opened_circulation
from catalogue_client.errors import LibraryError, NotFound, OutcomeUnknown, Refused, WrongTicketOrPin
from catalogue_client.protocols import Catalogue, Lending
from catalogue_client.values.accounts import Loan
from catalogue_client.values.bibliographic import Query, Record
from voice.checks.check_result import CheckResult, plainly

BROKEN = re.compile("[\ufffd\u0080-\u009f\u2500-\u25ff]|\\?{3,}|[À-ÿ]{3,}|[ЃѓЌќЉљЊњЂђЏџЈјЎў]")
"""What Kazakh, Russian and English do not have, and a text read in a wrong encoding does."""
FARTHEST_DAYS = 190
"""From today to a due date that a library would set."""
LINE = "dauys library-system try"


@dataclass(frozen=True, slots=True)
class LibraryTrial:
    """What is tried. `record_id` and `place_id` empty: no hold is placed."""

    ticket: str
    pin: str
    words: str = ""
    record_id: str = ""
    place_id: str = ""
    renew: bool = False


def is_broken(text: str) -> bool:
    """Return whether the bytes of `text` were read in a wrong encoding."""
    if BROKEN.search(text):
        return True
    for wrong in ("cp1251", "latin-1"):
        with contextlib.suppress(UnicodeError):
            if text.encode(wrong).decode("utf-8") != text:
                return True
    return False


async def trial_of(system: LibrarySystem, trial: LibraryTrial, today: date) -> AsyncIterator[CheckResult]:
    """Every finding as it is found; a step that fails ends only what builds on it."""
    async with AsyncExitStack() as stack:
        catalogue: Catalogue | None = None
        if system.search is not None:
            catalogue = await stack.enter_async_context(opened_catalogue(system.search))
            if trial.words:
                async for result in _searched(catalogue, trial.words):
                    yield result
        if system.circulation is None:
            return
        lending = await stack.enter_async_context(opened_circulation(system, _records(catalogue)))
        async for result in _walked(lending, trial, today):
            yield result


def _records(catalogue: Catalogue | None) -> Callable[[str], Awaitable[Record]]:
    async def record(record_id: str) -> Record:
        if catalogue is None:
            raise NotFound("nothing is searched in a library system")
        return await catalogue.record(record_id)

    return record


async def _searched(catalogue: Catalogue, words: str) -> AsyncIterator[CheckResult]:
    try:
        found = await catalogue.search(Query(words=words))
    except LibraryError as error:
        yield _failed("search", error)
        return
    if not found.records:
        yield CheckResult("trial-search", False, True, "trial_search_none", {"words": words})
        return
    first = found.records[0]
    values = {"words": words, "count": found.total, "title": first.title, "id": first.id}
    yield CheckResult("trial-search", True, True, "trial_search_ok", values)
    for result in _letters("search", [f"{record.title} {record.author}" for record in found.records]):
        yield result
    shelves = [shelf for record in found.records for shelf in record.available]
    unknown = sorted({shelf.place_id for shelf in shelves if shelf.place == shelf.place_id})
    if not shelves:
        yield CheckResult("trial-places", False, True, "trial_no_copies")
    elif unknown:
        yield CheckResult("trial-places", False, True, "trial_places_unknown", {"codes": ", ".join(unknown[:20])})


async def _walked(lending: Lending, trial: LibraryTrial, today: date) -> AsyncIterator[CheckResult]:
    try:
        reader = await lending.identify(trial.ticket, trial.pin, LINE)
    except WrongTicketOrPin:
        yield CheckResult("trial-reader", False, True, "trial_reader_wrong")
        return
    except LibraryError as error:
        yield _failed("reader", error)
        return
    yield CheckResult("trial-reader", True, True, "trial_reader_ok", {"name": reader.name or "–"})
    for result in _letters("reader", [reader.name]):
        yield result
    loans: Sequence[Loan] = ()
    whole = True
    """Both lists are read: only then can a hold be seen and given up again."""
    try:
        loans = await lending.loans(trial.ticket)
        yield CheckResult("trial-loans", True, True, "trial_loans_ok", {"count": len(loans)})
        for result in _judged(loans, today):
            yield result
    except LibraryError as error:
        whole = False
        yield _failed("loans", error)
    try:
        holds = await lending.holds(trial.ticket)
        ready = sum(hold.status == "ready" for hold in holds)
        yield CheckResult("trial-holds", True, True, "trial_holds_ok", {"count": len(holds), "ready": ready})
    except LibraryError as error:
        whole = False
        yield _failed("holds", error)
    if trial.record_id and trial.place_id and whole:
        async for result in _held(lending, trial):
            yield result
    elif whole:
        yield CheckResult("trial-hold", True, False, "trial_hold_not_tried")
    if trial.renew and loans:
        yield await _renewed(lending, trial.ticket, loans[0])


def _judged(loans: Sequence[Loan], today: date) -> list[CheckResult]:
    """What is odd about a list of loans."""
    found = _letters("loans", [loan.title for loan in loans])
    undated = [loan for loan in loans if loan.due is None]
    far = sorted({f"{loan.due}" for loan in loans if loan.due and abs((loan.due - today).days) > FARTHEST_DAYS})
    titles = [loan for loan in loans if not loan.record_id]
    if undated:
        found.append(_loans("trial_loans_undated", count=len(undated), all=len(loans)))
    if far:
        found.append(_loans("trial_loans_far", dates=", ".join(far[:5])))
    if titles:
        found.append(_loans("trial_loans_titles", count=len(titles), all=len(loans)))
    return found


def _loans(key: str, **values: object) -> CheckResult:
    return CheckResult("trial-loans", False, True, key, values)


def _letters(step: str, texts: Sequence[str]) -> list[CheckResult]:
    broken = next((text for text in texts if is_broken(text)), None)
    return [] if broken is None else [CheckResult(f"trial-{step}", False, True, "trial_letters", {"text": broken[:60]})]


async def _held(lending: Lending, trial: LibraryTrial) -> AsyncIterator[CheckResult]:
    try:
        hold = await lending.place_hold(trial.ticket, trial.record_id, trial.place_id, key=uuid4().hex)
    except Refused as error:
        key = "trial_hold_pin" if error.rule == "pin_not_given" else "trial_refused"
        yield CheckResult("trial-hold", False, True, key, {"rule": error.rule})
        return
    except OutcomeUnknown as error:
        yield _stays(error, trial.record_id)
        return
    except LibraryError as error:
        yield _failed("hold", error)
        return
    yield CheckResult("trial-hold", True, True, "trial_hold_ok", {"title": hold.title, "place": hold.place})
    try:
        listed = [held.id for held in await lending.holds(trial.ticket)]
        if hold.id not in listed:
            yield CheckResult("trial-hold", False, True, "trial_hold_unlisted", {"id": hold.id})
        await lending.cancel_hold(trial.ticket, hold.id, key=uuid4().hex)
    except LibraryError as error:
        yield _stays(error, hold.id)
        return
    yield CheckResult("trial-cancel", True, True, "trial_cancel_ok")


def _stays(error: LibraryError, number: str) -> CheckResult:
    values = {"problem": plainly(error), "id": number}
    return CheckResult("trial-cancel", False, True, "trial_cancel_failed", values)


async def _renewed(lending: Lending, ticket: str, loan: Loan) -> CheckResult:
    try:
        now = await lending.renew(ticket, loan.id, key=uuid4().hex)
    except Refused as error:
        return CheckResult("trial-renew", False, False, "trial_refused", {"rule": error.rule})
    except LibraryError as error:
        return _failed("renew", error)
    return CheckResult("trial-renew", True, True, "trial_renew_ok", {"title": now.title, "due": now.due or "–"})


def _failed(step: str, error: LibraryError) -> CheckResult:
    return CheckResult(f"trial-{step}", False, True, "trial_failed", {"problem": plainly(error)})
