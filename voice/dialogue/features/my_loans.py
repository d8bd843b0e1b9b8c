"""Loans: hear them and renew them, which ends in a read-back; and what was read before."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Loan
from languages.folding import fold
from voice.dialogue import commands
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, On, answer_to, each, each_if_any, for_state, nothing
from voice.dialogue.lists import asks_which, listed, names_number, no_such_number, number, position, title_named
from voice.dialogue.navigation import in_detail, in_list
from voice.dialogue.phrasing import day, name, prompt, refusal, titles
from voice.dialogue.states import Booked, Confirm, LoanDetail, LoanList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

OVERDUE = tuple(map(fold, ("просроч", "кешік", "мерзімі", "overdue", "late")))
"""How words begin that call a loan overdue."""
LATEST = 5
"""Titles of what was read that are said at once."""


def loans(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """my_loans, overdue, renew and renew_all begin with the loans as they stand now."""
    assert context.reader
    return Transition(context, command=commands.ListLoans(context.reader.ticket, intent))


def history(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """What the reader has read and given back."""
    assert context.reader
    return Transition(context, command=commands.ListHistory(context.reader.ticket))


def on_history(context: DialogueContext, command: commands.ListHistory, answer: tuple[Loan, ...] | None) -> Transition:
    """The latest titles, in one sentence: nothing can be done with them but look for them again."""
    if answer is None:
        asked = Confirm(commands.KeepHistory(command.ticket, True))
        return Transition(context.go(asked), (prompt(context, "account.history_not_kept"),))
    read = tuple(loan.title for loan in answer)
    if not read:
        return Transition(context, (prompt(context, "account.history_empty"),), question=True)
    latest = prompt(context, "account.history_latest", titles=titles(context, read[:LATEST]))
    return Transition(context, (prompt(context, "account.history", count=len(read)), latest), question=True)


def forget_history(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Read back that what was read is forgotten."""
    assert context.reader
    return Transition(context.go(Confirm(commands.KeepHistory(context.reader.ticket, False))))


def history_settled(context: DialogueContext, command: commands.KeepHistory, answer: None) -> Transition:
    """What is given back from now on is remembered, or nothing is any more."""
    line = prompt(context, "done.history_kept" if command.wanted else "done.history_forgotten")
    return Transition(context.go(Booked()), (line,))


def _renewed_today(context: DialogueContext, loan: Loan) -> bool:
    """In this conversation, or on this day by whatever way."""
    return loan.id in context.renewed or loan.renewed == context.now.date()


def on_loans(context: DialogueContext, command: commands.ListLoans, items: tuple[Loan, ...]) -> Transition:
    """Answer the intent that brought the loans up."""
    intent = command.then or Intent(IntentName.MY_LOANS, {}, context.language)
    if context.reader is None or context.reader.ticket != command.ticket:
        return Transition(context, question=True)  # the reader who asked has left
    if not items:
        return Transition(context, (prompt(context, "account.no_loans"),), question=True)
    match intent.name:
        case IntentName.OVERDUE:
            late = tuple(loan for loan in items if loan.overdue_days)
            if not late:
                return Transition(context, (prompt(context, "account.no_overdue"),), question=True)
            return Transition(context.go(LoanList(late, overdue=True)))
        case IntentName.RENEW_ALL:
            names = tuple(loan.title for loan in items if loan.renewable)
            again = tuple(loan.title for loan in items if loan.renewable and _renewed_today(context, loan))
            if not names:
                return Transition(context.go(LoanList(items)), (prompt(context, "account.none_renewable"),))
            asked = Confirm(commands.RenewAll(context.reader.ticket), names, again=again, loans=items)
            return Transition(context.go(asked))
        case IntentName.RENEW if len(items) == 1 or _says_which(items, intent):
            return Transition(context.go(LoanList(items)), then=intent)
    return Transition(context.go(LoanList(items)))


def loan_list(context: DialogueContext, state: LoanList) -> tuple[Line, ...]:
    """Return how many loans there are and the three on the table."""
    count = "account.overdue" if state.overdue else "account.loans"
    return listed(context, state, count, _loan_entry)


def _loan_entry(context: DialogueContext, loan: Loan, n: int) -> Line:
    if loan.overdue_days:
        line = prompt(context, "account.loan_late", n=n + 1, title=name(context, loan.title), count=loan.overdue_days)
    elif loan.due is None:
        line = prompt(context, "account.loan_undated", n=n + 1, title=name(context, loan.title))
    else:
        line = prompt(
            context, "account.loan_entry", n=n + 1, title=name(context, loan.title), date=day(context, loan.due)
        )
    return replace(line, record=n)


def loan(context: DialogueContext, state: LoanDetail) -> tuple[Line, ...]:
    """One loan: due when, and whether it can be renewed or why not."""
    item = state.item
    lines = [_loan_entry(context, item, state.n)]
    if item.author and not context.brief:
        lines.append(prompt(context, "record.author", author=name(context, item.author)))
    if item.accepted:
        lines.append(prompt(context, "waited.standing"))
    elif not item.renewable:
        lines.append(refusal(context, item.why_not))
    elif not context.brief:
        lines.append(prompt(context, "account.renewals_left", count=item.renewals_left))
    return tuple(replace(line, record=state.n) for line in lines)


def renew(context: DialogueContext, state: LoanList | LoanDetail, intent: Intent) -> Transition:
    """Read one renewal back, or say why the library does not allow it."""
    assert context.reader
    if "," in str(intent.slots.get("ns", "")):
        return _renew_several(context, state, str(intent.slots["ns"]))
    named = _named(state, intent)
    if named is None and (ask := asks_which(context, state, intent)):
        return ask
    n = named if named is not None else position(context, state, intent)
    if isinstance(n, Transition):
        return n
    item = state.items[n]
    if not item.renewable:
        why = refusal(context, item.why_not)
        return Transition(context, (why,), question=True)
    again = (item.title,) if _renewed_today(context, item) else ()
    return Transition(context.go(Confirm(commands.Renew(context.reader.ticket, item.id), (item.title,), again=again)))


def _says_which(items: tuple[Loan, ...], intent: Intent) -> bool:
    return names_number(intent) or "ns" in intent.slots or _named(LoanList(items), intent) is not None


def _named(state: LoanList | LoanDetail, intent: Intent) -> int | None:
    """The 0-based loan that is called by a word of its title, or as the overdue one; None for none or several."""
    if names_number(intent):
        return None
    said = fold(intent.text).split()
    if any(word.startswith(OVERDUE) for word in said):
        late = [n for n, loan in enumerate(state.items) if loan.overdue_days]
        return late[0] if len(late) == 1 else None
    return title_named(tuple(loan.title for loan in state.items), intent.text)


def _renew_several(context: DialogueContext, state: LoanList | LoanDetail, numbers: str) -> Transition:
    """Read the renewal of several back, by their numbers in the list, counted from 1 and parted by commas; those that
    cannot be renewed are named beside."""
    assert context.reader
    chosen = [number(Intent(IntentName.RENEW, {"n": each}), len(state.items)) for each in numbers.split(",")]
    items = tuple(state.items[n] for n in dict.fromkeys(chosen) if n is not None)
    if None in chosen:
        return no_such_number(context, len(state.items))
    can = tuple(item for item in items if item.renewable)
    if not can:
        return Transition(context, tuple(refusal(context, item.why_not) for item in items), question=True)
    asked = commands.RenewAll(context.reader.ticket, tuple(item.id for item in can))
    again = tuple(item.title for item in can if _renewed_today(context, item))
    return Transition(context.go(Confirm(asked, tuple(item.title for item in can), again=again, loans=items)))


def loan_yes(context: DialogueContext, state: LoanDetail, intent: Intent) -> Transition:
    """Yes to an opened loan renews it; where that is not allowed, the next one is opened."""
    offered = IntentName.RENEW if state.item.renewable else IntentName.NEXT
    return Transition(context, then=Intent(offered, {}, context.language))


RENEW = On(renew, needs_reader=True)

FEATURE = Feature(
    states=(
        for_state(LoanList, {**in_list(LoanDetail), IntentName.RENEW: RENEW}, content=loan_list),
        for_state(
            LoanDetail,
            {**in_detail(LoanDetail), IntentName.YES: loan_yes, IntentName.RENEW: RENEW},
            content=loan,
        ),
    ),
    anywhere={
        IntentName.MY_LOANS: On(loans, needs_reader=True),
        IntentName.OVERDUE: On(loans, needs_reader=True),
        IntentName.RENEW_ALL: On(loans, needs_reader=True),
        IntentName.RENEW: On(loans, needs_reader=True),
        IntentName.HISTORY: On(history, needs_reader=True),
        IntentName.FORGET_HISTORY: On(forget_history, needs_reader=True),
    },
    answers=(
        answer_to(commands.ListLoans, each(Loan), on_loans),
        answer_to(commands.ListHistory, each_if_any(Loan), on_history),
        answer_to(commands.KeepHistory, nothing, history_settled),
    ),
)
