"""Loans and holds: hear them, renew, cancel, have them collected. Renewing and cancelling end in a read-back."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Hold, Loan
from voice.dialogue import commands
from voice.dialogue.commands import Answer, AnyCommand
from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Feature, Handlers, On
from voice.dialogue.lists import names_number, next_page, no_such_number, number, position, previous_page, shown
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import day, name, place_name, prompt, refusal, titles
from voice.dialogue.states import Confirm, HoldDetail, HoldList, LoanDetail, LoanList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

LATEST = 5
"""Titles of what was read that are said at once."""


def loans(state: DialogueContext, intent: Intent) -> Transition:
    """my_loans, overdue, renew and renew_all begin with the loans as they stand now."""
    assert state.reader
    return Transition(state, ask=commands.ListLoans(state.reader.ticket, intent))


def history(state: DialogueContext, intent: Intent) -> Transition:
    """What the reader has read and given back."""
    assert state.reader
    return Transition(state, ask=commands.ListHistory(state.reader.ticket))


def on_history(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The latest titles, in one sentence: nothing can be done with them but look for them again."""
    if answer is None:
        return Transition(state, (prompt(state, "account.history_not_kept"),), question=True)
    assert isinstance(answer, tuple)
    read = tuple(loan.title for loan in answer if isinstance(loan, Loan))
    if not read:
        return Transition(state, (prompt(state, "account.history_empty"),), question=True)
    latest = prompt(state, "account.history_latest", titles=titles(state, read[:LATEST]))
    return Transition(state, (prompt(state, "account.history", count=len(read)), latest), question=True)


def on_loans(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Answer the intent that brought the loans up."""
    assert isinstance(ask, commands.ListLoans) and isinstance(answer, tuple)
    items = tuple(loan for loan in answer if isinstance(loan, Loan))
    intent = ask.then or Intent(IntentName.MY_LOANS, {}, state.language)
    if not items:
        return Transition(state, (prompt(state, "account.no_loans"),), question=True)
    match intent.name:
        case IntentName.OVERDUE:
            late = tuple(loan for loan in items if loan.overdue_days)
            if not late:
                return Transition(state, (prompt(state, "account.no_overdue"),), question=True)
            return Transition(state.go(LoanList(late, overdue=True)))
        case IntentName.RENEW_ALL:
            assert state.reader
            names = tuple(loan.title for loan in items if loan.renewable)
            again = tuple(loan.title for loan in items if loan.renewable and loan.id in state.renewed)
            if not names:
                return Transition(state.go(LoanList(items)), (prompt(state, "account.none_renewable"),))
            return Transition(state.go(Confirm(commands.RenewAll(state.reader.ticket), names, again=again)))
        case IntentName.RENEW if len(items) == 1 or names_number(intent):
            return Transition(state.go(LoanList(items)), then=intent)
    return Transition(state.go(LoanList(items)))


def loan_list(state: DialogueContext) -> tuple[Line, ...]:
    """Return how many loans there are and the three on the table."""
    stage = state.stage
    assert isinstance(stage, LoanList)
    here = shown(stage)
    if stage.first:
        head = prompt(state, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(stage.items))
    else:
        head = prompt(state, "account.overdue" if stage.overdue else "account.loans", count=len(stage.items))
    return (head, *(_loan_entry(state, stage.items[n], n) for n in here))


def _loan_entry(state: DialogueContext, loan: Loan, n: int) -> Line:
    if loan.overdue_days:
        line = prompt(state, "account.loan_late", n=n + 1, title=name(state, loan.title), count=loan.overdue_days)
    else:
        line = prompt(state, "account.loan_entry", n=n + 1, title=name(state, loan.title), date=day(state, loan.due))
    return replace(line, record=n)


def loan(state: DialogueContext) -> tuple[Line, ...]:
    """One loan: due when, and whether it can be renewed or why not."""
    stage = state.stage
    assert isinstance(stage, LoanDetail)
    item = stage.items[stage.n]
    lines = [_loan_entry(state, item, stage.n)]
    if item.author and not state.brief:
        lines.append(prompt(state, "record.author", author=name(state, item.author)))
    if item.accepted:
        lines.append(prompt(state, "waited.standing"))
    elif not item.renewable:
        lines.append(refusal(state, item.why_not))
    elif not state.brief:
        lines.append(prompt(state, "account.renewals_left", count=item.renewals_left))
    return tuple(replace(line, record=stage.n) for line in lines)


def open_entry(state: DialogueContext, intent: Intent) -> Transition:
    """One loan or hold; without a number the one at hand."""
    stage = state.stage
    n = position(state, intent)
    if isinstance(n, Transition):
        return n
    match stage:
        case LoanList(items):
            return Transition(state.go(LoanDetail(items, n)))
        case HoldList(items):
            return Transition(state.go(HoldDetail(items, n)))
        case LoanDetail() | HoldDetail():
            return Transition(state.stay(replace(stage, n=n)))
    raise AssertionError(stage)


def step_entry(state: DialogueContext, intent: Intent) -> Transition:
    """The next or previous opened loan or hold."""
    stage = state.stage
    assert isinstance(stage, LoanDetail | HoldDetail)
    n = stage.n + (1 if intent.name == IntentName.NEXT else -1)
    if not 0 <= n < len(stage.items):
        return Transition(state, (prompt(state, "list.no_more" if n > 0 else "list.no_previous"),), question=True)
    return Transition(state.stay(replace(stage, n=n)))


def renew(state: DialogueContext, intent: Intent) -> Transition:
    """Read one renewal back, or say why the library does not allow it."""
    stage = state.stage
    assert state.reader
    if not isinstance(stage, LoanList | LoanDetail):
        return loans(state, intent)
    if isinstance(stage, LoanList) and len(stage.items) > 1 and not names_number(intent):
        return Transition(state, (prompt(state, "searching.which_number"),), quiet=True)
    n = position(state, intent)
    if isinstance(n, Transition):
        return n
    item = stage.items[n]
    if not item.renewable:
        why = refusal(state, item.why_not)
        return Transition(state, (why,), question=True)
    again = (item.title,) if item.id in state.renewed else ()
    return Transition(state.go(Confirm(commands.Renew(state.reader.ticket, item.id), (item.title,), again=again)))


def loan_yes(state: DialogueContext, intent: Intent) -> Transition:
    """Yes to an opened loan renews it; where that is not allowed, the next one is opened."""
    stage = state.stage
    assert isinstance(stage, LoanDetail)
    offered = IntentName.RENEW if stage.items[stage.n].renewable else IntentName.NEXT
    return Transition(state, then=Intent(offered, {}, state.language))


def holds(state: DialogueContext, intent: Intent) -> Transition:
    """The reader's holds as they stand now."""
    assert state.reader
    return Transition(state, ask=commands.ListHolds(state.reader.ticket))


def on_holds(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Open the only hold, or list them; those that are over are left out."""
    assert isinstance(answer, tuple)
    items = tuple(hold for hold in answer if isinstance(hold, Hold) and hold.status not in ("cancelled", "collected"))
    if not items:
        return Transition(state, (prompt(state, "account.no_holds"),), question=True)
    if len(items) == 1:
        return Transition(state.go(HoldDetail(items, 0)))
    return Transition(state.go(HoldList(items)))


def hold_list(state: DialogueContext) -> tuple[Line, ...]:
    """Return how many holds there are and the three on the table."""
    stage = state.stage
    assert isinstance(stage, HoldList)
    here = shown(stage)
    if stage.first:
        head = prompt(state, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(stage.items))
    else:
        head = prompt(state, "account.holds", count=len(stage.items))
    return (head, *(_hold_entry(state, stage.items[n], n) for n in here))


def _hold_entry(state: DialogueContext, hold: Hold, n: int) -> Line:
    status = prompt(state, f"hold_status.{hold.status}").text
    line = prompt(
        state,
        "account.hold_entry",
        n=n + 1,
        title=name(state, hold.title),
        place=place_name(state, hold.place),
        status=status,
    )
    return replace(line, record=n)


def hold(state: DialogueContext) -> tuple[Line, ...]:
    """One hold: where it stands in the queue, until when it is kept."""
    stage = state.stage
    assert isinstance(stage, HoldDetail)
    item = stage.items[stage.n]
    lines = [_hold_entry(state, item, stage.n)]
    if item.position:
        lines.append(prompt(state, "account.hold_position", n=item.position))
    if item.expires:
        lines.append(prompt(state, "done.hold_until", date=day(state, item.expires)))
    return tuple(replace(line, record=stage.n) for line in lines)


def cancel_hold(state: DialogueContext, intent: Intent) -> Transition:
    """Read one cancellation back."""
    stage = state.stage
    assert isinstance(stage, HoldList | HoldDetail) and state.reader
    if isinstance(stage, HoldList) and not names_number(intent):
        return Transition(state, (prompt(state, "searching.which_number"),), quiet=True)
    n = number(intent, len(stage.items)) if names_number(intent) else position(state, intent)
    if n is None:
        return no_such_number(state, len(stage.items))
    if isinstance(n, Transition):
        return n
    item = stage.items[n]
    ask = commands.CancelHold(state.reader.ticket, item.id)
    return Transition(state.go(Confirm(ask, (item.title,), position=item.position)))


ENTRIES: Handlers = {
    IntentName.SELECT: open_entry,
    IntentName.DIGITS: open_entry,
    IntentName.MORE: open_entry,
    IntentName.NO: back,
}
PAGES: Handlers = {IntentName.NEXT: next_page, IntentName.PREVIOUS: previous_page, IntentName.YES: open_entry}
STEPS: Handlers = {IntentName.NEXT: step_entry, IntentName.PREVIOUS: step_entry}
RENEW = On(renew, needs_reader=True)
CANCEL = On(cancel_hold, needs_reader=True)

FEATURE = Feature(
    states={
        LoanList: {**ENTRIES, **PAGES, IntentName.RENEW: RENEW},
        LoanDetail: {**ENTRIES, **STEPS, IntentName.YES: loan_yes, IntentName.RENEW: RENEW},
        HoldList: {**ENTRIES, **PAGES, IntentName.CANCEL: CANCEL},
        HoldDetail: {**ENTRIES, **STEPS, IntentName.YES: CANCEL, IntentName.CANCEL: CANCEL},
    },
    anywhere={
        IntentName.MY_LOANS: On(loans, needs_reader=True),
        IntentName.OVERDUE: On(loans, needs_reader=True),
        IntentName.RENEW_ALL: On(loans, needs_reader=True),
        IntentName.RENEW: RENEW,
        IntentName.HISTORY: On(history, needs_reader=True),
        IntentName.MY_HOLDS: On(holds, needs_reader=True),
    },
    content={LoanList: loan_list, LoanDetail: loan, HoldList: hold_list, HoldDetail: hold},
    answers={commands.ListLoans: on_loans, commands.ListHistory: on_history, commands.ListHolds: on_holds},
)
