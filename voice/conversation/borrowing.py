"""Loans and holds: hear them, renew, cancel, have them collected. Renewing and cancelling end in a read-back."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.records import Hold, Loan
from voice.conversation import asks
from voice.conversation.asks import Ask
from voice.conversation.events import Answer
from voice.conversation.lines import Line
from voice.conversation.move import Move
from voice.conversation.paging import names_number, no_such_number, number, position, shown
from voice.conversation.stages import Confirm, Holds, Loans, OpenedHold, OpenedLoan
from voice.conversation.state import State
from voice.conversation.telling import day, name, place_name, refusal, tell, titles
from voice.understanding.intent import Intent

LATEST = 5
"""Titles of what was read that are said at once."""


def loans(state: State, intent: Intent) -> Move:
    """my_loans, overdue, renew and renew_all begin with the loans as they stand now."""
    assert state.reader
    return Move(replace(state, waiting=intent), ask=asks.Loans(state.reader.ticket))


def history(state: State, intent: Intent) -> Move:
    """What the reader has read and given back."""
    assert state.reader
    return Move(state, ask=asks.History(state.reader.ticket))


def history_came(state: State, ask: Ask, answer: Answer) -> Move:
    """The latest titles, in one sentence: nothing can be done with them but look for them again."""
    if answer is None:
        return Move(state, (tell(state, "account.history_not_kept"),), question=True)
    assert isinstance(answer, tuple)
    read = tuple(loan.title for loan in answer if isinstance(loan, Loan))
    if not read:
        return Move(state, (tell(state, "account.history_empty"),), question=True)
    latest = tell(state, "account.history_latest", titles=titles(state, read[:LATEST]))
    return Move(state, (tell(state, "account.history", count=len(read)), latest), question=True)


def loans_came(state: State, ask: Ask, answer: Answer) -> Move:
    assert isinstance(answer, tuple)
    items = tuple(loan for loan in answer if isinstance(loan, Loan))
    wish = state.waiting or Intent("my_loans", {}, state.language)
    state = replace(state, waiting=None)
    if not items:
        return Move(state, (tell(state, "account.no_loans"),), question=True)
    match wish.name:
        case "overdue":
            late = tuple(loan for loan in items if loan.overdue_days)
            if not late:
                return Move(state, (tell(state, "account.no_overdue"),), question=True)
            return Move(state.go(Loans(late, overdue=True)))
        case "renew_all":
            assert state.reader
            names = tuple(loan.title for loan in items if loan.renewable)
            again = tuple(loan.title for loan in items if loan.renewable and loan.id in state.renewed)
            if not names:
                return Move(state.go(Loans(items)), (tell(state, "account.none_renewable"),))
            return Move(state.go(Confirm(asks.RenewAll(state.reader.ticket), names, again=again)))
        case "renew" if len(items) == 1 or names_number(wish):
            return Move(state.go(Loans(items)), then=wish)
    return Move(state.go(Loans(items)))


def loan_list(state: State) -> tuple[Line, ...]:
    stage = state.stage
    assert isinstance(stage, Loans)
    here = shown(stage)
    if stage.first:
        head = tell(state, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(stage.items))
    else:
        head = tell(state, "account.overdue" if stage.overdue else "account.loans", count=len(stage.items))
    return (head, *(_loan_entry(state, stage.items[n], n) for n in here))


def _loan_entry(state: State, loan: Loan, n: int) -> Line:
    if loan.overdue_days:
        line = tell(state, "account.loan_late", n=n + 1, title=name(state, loan.title), count=loan.overdue_days)
    else:
        line = tell(state, "account.loan_entry", n=n + 1, title=name(state, loan.title), date=day(state, loan.due))
    return replace(line, record=n)


def loan(state: State) -> tuple[Line, ...]:
    """One loan: due when, and whether it can be renewed or why not."""
    stage = state.stage
    assert isinstance(stage, OpenedLoan)
    item = stage.items[stage.n]
    lines = [_loan_entry(state, item, stage.n)]
    if item.author and not state.brief:
        lines.append(tell(state, "record.author", author=name(state, item.author)))
    if item.accepted:
        lines.append(tell(state, "waited.standing"))
    elif not item.renewable:
        lines.append(refusal(state, item.why_not))
    elif not state.brief:
        lines.append(tell(state, "account.renewals_left", count=item.renewals_left))
    return tuple(replace(line, record=stage.n) for line in lines)


def open_entry(state: State, intent: Intent) -> Move:
    """One loan or hold; without a number the one at hand."""
    stage = state.stage
    n = position(state, intent)
    if isinstance(n, Move):
        return n
    match stage:
        case Loans(items):
            return Move(state.go(OpenedLoan(items, n)))
        case Holds(items):
            return Move(state.go(OpenedHold(items, n)))
        case OpenedLoan() | OpenedHold():
            return Move(state.stay(replace(stage, n=n)))
    raise AssertionError(stage)


def step_entry(state: State, intent: Intent) -> Move:
    """The next or previous opened loan or hold."""
    stage = state.stage
    assert isinstance(stage, OpenedLoan | OpenedHold)
    n = stage.n + (1 if intent.name == "next" else -1)
    if not 0 <= n < len(stage.items):
        return Move(state, (tell(state, "list.no_more" if n > 0 else "list.no_previous"),), question=True)
    return Move(state.stay(replace(stage, n=n)))


def renew(state: State, intent: Intent) -> Move:
    """Read one renewal back, or say why the library does not allow it."""
    stage = state.stage
    assert state.reader
    if not isinstance(stage, Loans | OpenedLoan):
        return loans(state, intent)
    if isinstance(stage, Loans) and len(stage.items) > 1 and not names_number(intent):
        return Move(state, (tell(state, "searching.which_number"),), quiet=True)
    n = position(state, intent)
    if isinstance(n, Move):
        return n
    item = stage.items[n]
    if not item.renewable:
        why = refusal(state, item.why_not)
        return Move(state, (why,), question=True)
    again = (item.title,) if item.id in state.renewed else ()
    return Move(state.go(Confirm(asks.Renew(state.reader.ticket, item.id), (item.title,), again=again)))


def loan_yes(state: State, intent: Intent) -> Move:
    """Yes to an opened loan renews it; where that is not allowed, the next one is opened."""
    stage = state.stage
    assert isinstance(stage, OpenedLoan)
    wish = "renew" if stage.items[stage.n].renewable else "next"
    return Move(state, then=Intent(wish, {}, state.language))


def holds(state: State, intent: Intent) -> Move:
    assert state.reader
    return Move(state, ask=asks.Holds(state.reader.ticket))


def holds_came(state: State, ask: Ask, answer: Answer) -> Move:
    assert isinstance(answer, tuple)
    items = tuple(hold for hold in answer if isinstance(hold, Hold) and hold.status not in ("cancelled", "collected"))
    if not items:
        return Move(state, (tell(state, "account.no_holds"),), question=True)
    if len(items) == 1:
        return Move(state.go(OpenedHold(items, 0)))
    return Move(state.go(Holds(items)))


def hold_list(state: State) -> tuple[Line, ...]:
    stage = state.stage
    assert isinstance(stage, Holds)
    here = shown(stage)
    if stage.first:
        head = tell(state, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(stage.items))
    else:
        head = tell(state, "account.holds", count=len(stage.items))
    return (head, *(_hold_entry(state, stage.items[n], n) for n in here))


def _hold_entry(state: State, hold: Hold, n: int) -> Line:
    status = tell(state, f"hold_status.{hold.status}").text
    line = tell(
        state,
        "account.hold_entry",
        n=n + 1,
        title=name(state, hold.title),
        place=place_name(state, hold.place),
        status=status,
    )
    return replace(line, record=n)


def hold(state: State) -> tuple[Line, ...]:
    """One hold: where it stands in the queue, until when it is kept."""
    stage = state.stage
    assert isinstance(stage, OpenedHold)
    item = stage.items[stage.n]
    lines = [_hold_entry(state, item, stage.n)]
    if item.position:
        lines.append(tell(state, "account.hold_position", n=item.position))
    if item.expires:
        lines.append(tell(state, "done.hold_until", date=day(state, item.expires)))
    return tuple(replace(line, record=stage.n) for line in lines)


def cancel_hold(state: State, intent: Intent) -> Move:
    """Read one cancellation back."""
    stage = state.stage
    assert isinstance(stage, Holds | OpenedHold) and state.reader
    if isinstance(stage, Holds) and not names_number(intent):
        return Move(state, (tell(state, "searching.which_number"),), quiet=True)
    n = number(intent, len(stage.items)) if names_number(intent) else position(state, intent)
    if n is None:
        return no_such_number(state, len(stage.items))
    if isinstance(n, Move):
        return n
    item = stage.items[n]
    ask = asks.CancelHold(state.reader.ticket, item.id)
    return Move(state.go(Confirm(ask, (item.title,), position=item.position)))
