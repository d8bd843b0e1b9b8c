"""The read-back before anything changes, and what is said when it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from catalogue_client.values.accounts import Hold, Loan, Reader, RenewOutcome
from catalogue_client.values.shipments import Delivery
from voice.dialogue import commands
from voice.dialogue.confirmation import half_yes, yes
from voice.dialogue.context import DialogueContext, Undo
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, answer_to, each, for_state, one
from voice.dialogue.phrasing import clock_until, day, local, name, place_name, prompt, refusal, titles, window
from voice.dialogue.reading_room import reading_commands
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import Booked, Confirm, Goodbye, LoanDetail, LoanList, RecordDetail, ResultList
from voice.dialogue.turn import Booking, Transition
from voice.values.change_policy import UNDO_TIME
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

Books = commands.BookDelivery | commands.BookCollection


def no(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Nothing is booked; who was about to leave leaves."""
    if isinstance(context.leave().state, Goodbye):
        return Transition(context.leave(), then=Intent(IntentName.GOODBYE, {}, context.language))
    return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),), question=True)


def read_back(context: DialogueContext, state: Confirm) -> tuple[Line, ...]:
    """Everything that yes will do, in one place, the most important first."""
    names = titles(context, state.titles)
    match state.command:
        case commands.BookDelivery(note=note) | commands.BookCollection(note=note):
            assert state.slot and context.reader
            if isinstance(state.command, commands.BookDelivery):
                lines = [prompt(context, "confirm.delivery", titles=names)]
            else:
                lines = [
                    prompt(context, "confirm.collection" if state.titles else "confirm.collection_all", titles=names)
                ]
            if state.used_holds:
                lines.append(prompt(context, "confirm.hold_used", titles=titles(context, state.used_holds)))
            lines.append(prompt(context, "confirm.when", when=window(context, state.slot)))
            once = isinstance(state.command, commands.BookDelivery) and state.command.address
            if once:
                lines.append(replace(prompt(context, "confirm.once_address", address=once), private=True))
            elif context.reader.address_hint:
                address = prompt(context, "confirm.address", address=context.reader.address_hint)
                lines.append(replace(address, private=True))
            lines.append(prompt(context, "confirm.note", note=note) if note else prompt(context, "confirm.no_note"))
            return tuple(lines)
        case commands.PlaceHold():
            return (
                prompt(context, "confirm.hold", titles=names),
                prompt(context, "confirm.at", place=place_name(context, state.place)),
            )
        case commands.CancelHold():
            lost = (prompt(context, "confirm.queue_lost", n=state.position),) if state.position else ()
            return (prompt(context, "confirm.cancel_hold", titles=names), *lost)
        case commands.CancelDelivery(delivery_id=number):
            held = state.used_holds
            back = (prompt(context, "confirm.hold_back", titles=titles(context, held)),) if held else ()
            if not state.titles:
                return (prompt(context, "confirm.cancel_collection", number=number),)
            return (prompt(context, "confirm.cancel_delivery", number=number, titles=names), *back)
        case commands.Renew():
            return (*_again(context, state), prompt(context, "confirm.renew", titles=names))
        case commands.RenewAll():
            chosen = isinstance(state.command, commands.RenewAll) and state.command.loan_ids
            return (
                *_again(context, state),
                prompt(context, "confirm.renew", titles=names)
                if chosen
                else prompt(context, "confirm.renew_all", count=len(state.titles)),
                *_cannot_be_renewed(context, state),
            )
        case commands.MoveDelivery():
            assert state.slot
            moved = (
                prompt(context, "confirm.move", titles=names) if state.titles else prompt(context, "confirm.move_all")
            )
            return (moved, prompt(context, "confirm.when", when=window(context, state.slot)))
        case commands.SuspendHold(until=None):
            return (prompt(context, "confirm.resume_hold", titles=names),)
        case commands.SuspendHold(until=until):
            assert until
            line = prompt(context, "confirm.suspend_hold", titles=names, date=day(context, until))
            return (line, prompt(context, "confirm.queue_kept", n=state.position))
        case commands.KeepHistory(wanted=wanted):
            return (prompt(context, "confirm.keep_history" if wanted else "confirm.forget_history"),)
        case commands.ChangePin():
            return (prompt(context, "confirm.change_pin"),)
        case commands.ChangePhone(phone=number):
            said = (prompt(context, "confirm.change_phone"), spelled(number, context.language))
            return tuple(replace(line, private=True) for line in said)
        case commands.BarTicket():
            return (prompt(context, "confirm.bar_ticket"), prompt(context, "confirm.bar_ticket_keeps"))
        case commands.Register(newcomer):
            phone: tuple[Line, ...] = (prompt(context, "confirm.register", digits=newcomer.phone[-2:]),)
            if context.profile.private:
                phone = (prompt(context, "confirm.register_phone"), spelled(newcomer.phone, context.language))
            phone = tuple(replace(line, private=True) for line in phone)
            named = (
                (replace(prompt(context, "confirm.name", name=newcomer.name), private=True),) if newcomer.name else ()
            )
            return (*phone, *named, prompt(context, "confirm.register_terms"))
        case commands.SetAddress(address=address):
            return (replace(prompt(context, "confirm.new_address", address=address), private=True),)
        case commands.SavePreferences():
            return (prompt(context, "confirm.preferences"),)
        case reading_commands.AllowPlaces():
            return (prompt(context, "confirm.keep_places"),)
        case reading_commands.ForgetPlaces():
            return (prompt(context, "confirm.forget_places"),)
    return ()


def _again(context: DialogueContext, state: Confirm) -> tuple[Line, ...]:
    """A second renewal on one day is seldom meant: the books that it would touch are named."""
    return (prompt(context, "confirm.renewed_already", titles=titles(context, state.again)),) if state.again else ()


def _cannot_be_renewed(context: DialogueContext, state: Confirm) -> tuple[Line, ...]:
    """Which of all the loans cannot be renewed, and why."""
    return tuple(
        prompt(
            context,
            "confirm.not_renewable",
            title=name(context, loan.title),
            reason=refusal(context, loan.why_not).text,
        )
        for loan in state.loans
        if not loan.renewable
    )


def delivery_booked(context: DialogueContext, command: Books, delivery: Delivery) -> Transition:
    """The number of what is brought or fetched, when it comes, and how to take it back."""
    undo = delivery.undo_until
    books, held = delivery.titles, delivery.used_holds
    take_back = Undo(commands.CancelDelivery(command.ticket, delivery.id), undo, books, held) if undo else None
    context = replace(context, basket=(), undo=take_back).go(Booked(undoable=take_back is not None))
    kind = "done.delivery" if delivery.kind == "delivery" else "done.collection"
    lines = [prompt(context, kind, number=delivery.id, when=window(context, delivery.slot))]
    if delivery.code:
        lines.append(replace(prompt(context, "done.code", code=delivery.code), private=True))
    if command.note and not delivery.note:
        lines.append(prompt(context, "done.note_withheld"))
    elif delivery.note != command.note:
        lines.append(prompt(context, "done.note_shortened", note=delivery.note))
    if undo:
        lines.append(prompt(context, "done.undo", time=clock_until(context, local(context, undo))))
    return Transition(context, tuple(lines), booking=Booking(delivery.kind, delivery))


def hold_placed(context: DialogueContext, command: commands.PlaceHold, hold: Hold) -> Transition:
    """Where the book is kept or how long the queue is, and how to take it back."""
    undo = Undo(
        commands.CancelHold(command.ticket, hold.id), context.now + UNDO_TIME, (hold.title,), position=hold.position
    )
    context = replace(context, undo=undo).go(Booked(undoable=True))
    title, place = name(context, hold.title), place_name(context, hold.place)
    if hold.status == "accepted":
        first = prompt(context, "done.hold_accepted", title=title, place=place)
    elif hold.position:
        first = prompt(context, "done.hold_queued", title=title, place=place, n=hold.position)
    else:
        first = prompt(context, "done.hold", title=title, place=place)
    lines = [first]
    if hold.expires:
        lines.append(prompt(context, "done.hold_until", date=day(context, hold.expires)))
    lines.append(prompt(context, "done.undo", time=clock_until(context, undo.until)))
    return Transition(context, tuple(lines), booking=Booking("hold", hold))


def _with_renewed(context: DialogueContext, loans: tuple[Loan, ...]) -> DialogueContext:
    """These loans stand with their new dates wherever the way back leads, and are known to have been renewed."""
    new = {loan.id: loan for loan in loans}

    def with_dates(state: DialogueState) -> DialogueState:
        if not isinstance(state, LoanList | LoanDetail):
            return state
        return replace(state, items=tuple(new.get(loan.id, loan) for loan in state.items))

    trail = tuple(with_dates(state) for state in context.trail)
    begun = _not_renewed_unasked(context.begun, new)
    return replace(
        context, state=with_dates(context.state), trail=trail, begun=begun, renewed=context.renewed | new.keys()
    )


def _not_renewed_unasked(begun: DialogueState | None, renewed: Mapping[str, Loan]) -> DialogueState | None:
    """A read-back that is kept for later: what has been renewed since by another one is not renewed again unasked."""
    match begun:
        case Confirm(command=commands.Renew(loan_id=loan_id)) if loan_id in renewed:
            return None
        case Confirm(command=commands.RenewAll()):
            again = tuple(loan.title for loan in renewed.values() if loan.title in begun.titles)
            return replace(begun, again=(*begun.again, *again))
    return begun


def registered(context: DialogueContext, command: commands.Register, reader: Reader) -> Transition:
    """The new ticket: its number is said where only the reader hears it."""
    context = replace(context, reader=reader).go(Booked())
    number = replace(prompt(context, "done.ticket", number=reader.ticket), private=True)
    hidden = () if context.profile.private else (prompt(context, "done.ticket_hidden"),)
    return Transition(
        context, (number, *hidden, prompt(context, "done.registered")), booking=Booking("registration", reader.ticket)
    )


def renewed(context: DialogueContext, command: commands.Renew, loan: Loan) -> Transition:
    """The new date; when the library system is away, that the renewal is noted."""
    context = _with_renewed(context, (loan,))
    title = name(context, loan.title)
    if loan.accepted:
        line = prompt(context, "waited.renew_accepted", title=title)
    elif loan.due is None:
        line = prompt(context, "done.renewed_undated", title=title)
    else:
        line = prompt(context, "done.renewed", title=title, date=day(context, loan.due))
    return Transition(context.go(Booked()), (line,), booking=Booking("renewal", loan))


def all_renewed(context: DialogueContext, command: commands.RenewAll, outcomes: tuple[RenewOutcome, ...]) -> Transition:
    """How many loans have new dates, and of the others why not."""
    done = [outcome.loan for outcome in outcomes if outcome.renewed]
    context = _with_renewed(context, tuple(done))
    if any(outcome.loan.accepted for outcome in outcomes):
        lines = [prompt(context, "waited.all_accepted")]
    else:
        lines = [prompt(context, "done.renewed_all", count=len(done))]
    for outcome in outcomes:
        if not outcome.renewed and not outcome.loan.accepted:
            reason = refusal(context, outcome.loan.why_not).text
            lines.append(prompt(context, "done.not_renewed", title=name(context, outcome.loan.title), reason=reason))
    booking = Booking("renewal", done[0], tuple(done[1:])) if done else None
    return Transition(context.go(Booked()), tuple(lines), booking=booking)


def hold_cancelled(context: DialogueContext, command: commands.CancelHold, hold: Hold) -> Transition:
    """A hold is no more."""
    context = _without(context, command)
    line = prompt(context, "done.hold_cancelled", title=name(context, hold.title))
    return Transition(context, (line,), question=True)


def delivery_cancelled(context: DialogueContext, command: commands.CancelDelivery, delivery: Delivery) -> Transition:
    """A delivery or collection is no more."""
    context = _without(context, command)
    if not delivery.titles:
        line = prompt(context, "done.collection_cancelled", number=delivery.id)
    else:
        books = titles(context, delivery.titles)
        line = prompt(context, "done.delivery_cancelled", number=delivery.id, titles=books)
    return Transition(context, (line,), question=True)


def _without(context: DialogueContext, command: commands.CancelHold | commands.CancelDelivery) -> DialogueContext:
    """Leave the list that the cancelled stood in. Something else that was just booked can still be taken back."""
    if context.undo and context.undo.command == command:
        context = replace(context, undo=None)
    of_list = context.state.name in ("hold", "holds", "delivery", "deliveries")
    while context.state.name in ("hold", "holds", "delivery", "deliveries", "booked"):
        context = context.leave()
    # The search before that list is over: the next question is what else the reader wants.
    return context.go(Booked()) if of_list and isinstance(context.state, ResultList | RecordDetail) else context


FEATURE = Feature(
    states=(
        for_state(
            Confirm,
            {
                IntentName.YES: yes,
                IntentName.HALF_YES: half_yes,
                IntentName.NO: no,
            },
            content=read_back,
        ),
    ),
    answers=(
        answer_to(commands.PlaceHold, one(Hold), hold_placed),
        answer_to(commands.Renew, one(Loan), renewed),
        answer_to(commands.RenewAll, each(RenewOutcome), all_renewed),
        answer_to(commands.BookDelivery, one(Delivery), delivery_booked),
        answer_to(commands.BookCollection, one(Delivery), delivery_booked),
        answer_to(commands.Register, one(Reader), registered),
        answer_to(commands.CancelHold, one(Hold), hold_cancelled),
        answer_to(commands.CancelDelivery, one(Delivery), delivery_cancelled),
    ),
)
