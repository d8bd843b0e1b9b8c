"""The read-back before anything changes, and what is said when it has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from catalogue_client.values.accounts import Hold, Loan, Reader, RenewOutcome
from catalogue_client.values.shipments import Delivery
from voice.dialogue import commands
from voice.dialogue.commands import Answer, AnyCommand
from voice.dialogue.confirmation import half_yes
from voice.dialogue.context import DialogueContext, Undo
from voice.dialogue.feature import Feature
from voice.dialogue.lists import choice, next_page, options, previous_page
from voice.dialogue.navigation import number_of
from voice.dialogue.phrasing import clock, day, local, name, place_name, prompt, refusal, titles, window
from voice.dialogue.states import Booked, Confirm, CourierNotes, DialogueState, Goodbye, LoanDetail, LoanList
from voice.dialogue.turn import Booking, Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

UNDO_TIME = timedelta(minutes=10)
"""How long a hold can be taken back without a reason; a delivery brings its own time."""


Books = commands.BookDelivery | commands.BookCollection

DOES_NOT_SEE = "notes.does_not_see"
"""The only note that says why books are brought: to choose it is to agree to that."""
NOTES = ("notes.call_first", "notes.wait", "notes.say_name", DOES_NOT_SEE)
"""Ready notes for the courier."""
LONGEST_NOTE = 200


def yes(state: DialogueContext, intent: Intent) -> Transition:
    """The only way to a change. The confirmation is left at once, so that a second yes books nothing."""
    stage = state.stage
    assert isinstance(stage, Confirm)
    return Transition(state.leave(), ask=stage.ask)


def no(state: DialogueContext, intent: Intent) -> Transition:
    """Nothing is booked; who was about to leave leaves."""
    if isinstance(state.leave().stage, Goodbye):
        return Transition(state.leave(), then=Intent(IntentName.GOODBYE, {}, state.language))
    return Transition(replace(state.leave(), basket=()), (prompt(state, "confirm.nothing_booked"),), question=True)


def other(state: DialogueContext, intent: Intent) -> Transition:
    """What else can be settled before yes: a note for the courier, or another library to collect at."""
    stage = state.stage
    assert isinstance(stage, Confirm)
    match stage.ask:
        case commands.BookDelivery() | commands.BookCollection():
            return Transition(state.go(CourierNotes(stage, NOTES)))
        case commands.PlaceHold():
            here = state.leave()
            then = Intent(IntentName.RESERVE, number_of(here, stage.ask.record_id), state.language)
            return Transition(here, ask=commands.FindPlace("", then=then))
    return Transition(state)


def note(state: DialogueContext, intent: Intent) -> Transition:
    """A ready note by its number, or any words of the reader's own; the read-back follows with it."""
    stage = state.stage
    assert isinstance(stage, CourierNotes)
    ask = stage.confirm.ask
    assert isinstance(ask, commands.BookDelivery | commands.BookCollection)
    n = choice(state, intent)
    if isinstance(n, Transition):
        return n
    if n is None:
        return Transition(state.stay(replace(stage.confirm, ask=_noted(ask, intent.text))))
    agrees = ask.may_tell or stage.items[n] == DOES_NOT_SEE
    ask = _noted(ask, prompt(state, stage.items[n]).text)
    return Transition(state.stay(replace(stage.confirm, ask=replace(ask, may_tell=agrees))))


def _noted(ask: Books, words: str) -> Books:
    """One more thing for the courier: several notes stand one after another, each once."""
    words = " ".join(words.split()).rstrip(".")
    notes = [note for note in ask.note.split("; ") if note and note != words]
    return replace(ask, note="; ".join((*notes, words))[:LONGEST_NOTE].strip())


def note_at_once(state: DialogueContext, intent: Intent) -> Transition:
    """A note said together with the request to leave one, while the read-back waits."""
    stage = state.stage
    assert isinstance(stage, Confirm)
    words = str(intent.slots.get("note", "")).strip()
    if not words or not isinstance(stage.ask, commands.BookDelivery | commands.BookCollection):
        return other(state, intent)
    return Transition(state.stay(replace(stage, ask=_noted(stage.ask, words))))


def no_note(state: DialogueContext, intent: Intent) -> Transition:
    """The courier hears nothing beside the address."""
    stage = state.stage
    assert isinstance(stage, CourierNotes)
    ask = stage.confirm.ask
    assert isinstance(ask, commands.BookDelivery | commands.BookCollection)
    return Transition(state.stay(replace(stage.confirm, ask=replace(ask, note="", may_tell=False))))


def read_back(state: DialogueContext) -> tuple[Line, ...]:
    """Everything that yes will do, in one place, the most important first."""
    stage = state.stage
    assert isinstance(stage, Confirm)
    names = titles(state, stage.titles)
    match stage.ask:
        case commands.BookDelivery(note=note) | commands.BookCollection(note=note):
            assert stage.slot and state.reader
            if isinstance(stage.ask, commands.BookDelivery):
                lines = [prompt(state, "confirm.delivery", titles=names)]
            else:
                lines = [
                    prompt(state, "confirm.collection" if stage.titles else "confirm.collection_all", titles=names)
                ]
            if stage.used_holds:
                lines.append(prompt(state, "confirm.hold_used", titles=titles(state, stage.used_holds)))
            lines.append(prompt(state, "confirm.when", when=window(state, stage.slot)))
            if state.reader.address_hint:
                address = prompt(state, "confirm.address", address=state.reader.address_hint)
                lines.append(replace(address, private=True))
            lines.append(prompt(state, "confirm.note", note=note) if note else prompt(state, "confirm.no_note"))
            return tuple(lines)
        case commands.PlaceHold():
            return (
                prompt(state, "confirm.hold", titles=names),
                prompt(state, "confirm.at", place=place_name(state, stage.place)),
            )
        case commands.CancelHold():
            lost = (prompt(state, "confirm.queue_lost", n=stage.position),) if stage.position else ()
            return (prompt(state, "confirm.cancel_hold", titles=names), *lost)
        case commands.CancelDelivery(delivery_id=number):
            held = stage.used_holds
            back = (prompt(state, "confirm.hold_back", titles=titles(state, held)),) if held else ()
            if not stage.titles:
                return (prompt(state, "confirm.cancel_collection", number=number),)
            return (prompt(state, "confirm.cancel_delivery", number=number, titles=names), *back)
        case commands.Renew():
            return (*_again(state, stage), prompt(state, "confirm.renew", titles=names))
        case commands.RenewAll():
            return (*_again(state, stage), prompt(state, "confirm.renew_all", count=len(stage.titles)))
        case commands.Register(newcomer):
            phone = prompt(state, "confirm.register", digits=newcomer.phone[-2:])
            named = (replace(prompt(state, "confirm.name", name=newcomer.name), private=True),) if newcomer.name else ()
            return (replace(phone, private=True), *named, prompt(state, "confirm.register_terms"))
        case commands.SetAddress(address=address):
            return (replace(prompt(state, "confirm.new_address", address=address), private=True),)
        case commands.SavePreferences():
            return (prompt(state, "confirm.preferences"),)
    return ()


def _again(state: DialogueContext, stage: Confirm) -> tuple[Line, ...]:
    """A second renewal on one day is seldom meant: the books that it would touch are named."""
    return (prompt(state, "confirm.renewed_already", titles=titles(state, stage.again)),) if stage.again else ()


def booked(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """What has changed, with its number and how to take it back."""
    match answer:
        case Delivery():
            return _delivery_booked(state, ask, answer)
        case Hold():
            return _hold_placed(state, ask, answer)
        case Loan(accepted=True):
            state = _with_renewed(state, (answer,))
            noted = prompt(state, "waited.renew_accepted", title=name(state, answer.title))
            return Transition(state.go(Booked()), (noted,), booking=Booking("renewal", answer))
        case Loan():
            state = _with_renewed(state, (answer,))
            until = prompt(state, "done.renewed", title=name(state, answer.title), date=day(state, answer.due))
            return Transition(state.go(Booked()), (until,), booking=Booking("renewal", answer))
        case Reader():
            return _registered(state, answer)
    assert isinstance(answer, tuple)
    return _all_renewed(state, tuple(outcome for outcome in answer if isinstance(outcome, RenewOutcome)))


def _delivery_booked(state: DialogueContext, ask: AnyCommand, delivery: Delivery) -> Transition:
    assert isinstance(ask, commands.BookDelivery | commands.BookCollection)
    undo = delivery.undo_until
    books, held = delivery.titles, delivery.used_holds
    take_back = Undo(commands.CancelDelivery(ask.ticket, delivery.id), undo, books, held) if undo else None
    state = replace(state, basket=(), undo=take_back).go(Booked(undoable=take_back is not None))
    kind = "done.delivery" if delivery.kind == "delivery" else "done.collection"
    lines = [prompt(state, kind, number=delivery.id, when=window(state, delivery.slot))]
    if delivery.code:
        lines.append(replace(prompt(state, "done.code", code=delivery.code), private=True))
    if ask.note and not delivery.note:
        lines.append(prompt(state, "done.note_withheld"))
    elif delivery.note != ask.note:
        lines.append(prompt(state, "done.note_shortened", note=delivery.note))
    if undo:
        lines.append(prompt(state, "done.undo", time=clock(local(state, undo))))
    return Transition(state, tuple(lines), booking=Booking(delivery.kind, delivery))


def _hold_placed(state: DialogueContext, ask: AnyCommand, hold: Hold) -> Transition:
    assert isinstance(ask, commands.PlaceHold)
    undo = Undo(commands.CancelHold(ask.ticket, hold.id), state.now + UNDO_TIME, (hold.title,), position=hold.position)
    state = replace(state, undo=undo).go(Booked(undoable=True))
    title, place = name(state, hold.title), place_name(state, hold.place)
    if hold.status == "accepted":
        first = prompt(state, "done.hold_accepted", title=title, place=place)
    elif hold.position:
        first = prompt(state, "done.hold_queued", title=title, place=place, n=hold.position)
    else:
        first = prompt(state, "done.hold", title=title, place=place)
    lines = [first]
    if hold.expires:
        lines.append(prompt(state, "done.hold_until", date=day(state, hold.expires)))
    lines.append(prompt(state, "done.undo", time=clock(undo.until)))
    return Transition(state, tuple(lines), booking=Booking("hold", hold))


def _with_renewed(state: DialogueContext, loans: tuple[Loan, ...]) -> DialogueContext:
    """These loans stand with their new dates wherever the way back leads, and are known to have been renewed."""
    new = {loan.id: loan for loan in loans}

    def renewed(stage: DialogueState) -> DialogueState:
        if not isinstance(stage, LoanList | LoanDetail):
            return stage
        return replace(stage, items=tuple(new.get(loan.id, loan) for loan in stage.items))

    trail = tuple(renewed(stage) for stage in state.trail)
    return replace(state, stage=renewed(state.stage), trail=trail, renewed=state.renewed | new.keys())


def _registered(state: DialogueContext, reader: Reader) -> Transition:
    state = replace(state, reader=reader).go(Booked())
    number = replace(prompt(state, "done.ticket", number=reader.ticket), private=True)
    hidden = () if state.profile.private else (prompt(state, "done.ticket_hidden"),)
    return Transition(
        state, (number, *hidden, prompt(state, "done.registered")), booking=Booking("registration", reader.ticket)
    )


def _all_renewed(state: DialogueContext, outcomes: tuple[RenewOutcome, ...]) -> Transition:
    done = [outcome.loan for outcome in outcomes if outcome.renewed]
    state = _with_renewed(state, tuple(done))
    if any(outcome.loan.accepted for outcome in outcomes):
        lines = [prompt(state, "waited.all_accepted")]
    else:
        lines = [prompt(state, "done.renewed_all", count=len(done))]
    for outcome in outcomes:
        if not outcome.renewed and not outcome.loan.accepted:
            reason = refusal(state, outcome.loan.why_not).text
            lines.append(prompt(state, "done.not_renewed", title=name(state, outcome.loan.title), reason=reason))
    booking = Booking("renewal", done[0], tuple(done[1:])) if done else None
    return Transition(state.go(Booked()), tuple(lines), booking=booking)


def cancelled(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """A hold or delivery is no more: said, and the list it stood in is left. Something else that was just booked can
    still be taken back."""
    if state.undo and state.undo.ask == ask:
        state = replace(state, undo=None)
    while state.stage.name in ("hold", "holds", "delivery", "deliveries", "booked"):
        state = state.leave()
    if isinstance(answer, Hold):
        return Transition(
            state, (prompt(state, "done.hold_cancelled", title=name(state, answer.title)),), question=True
        )
    assert isinstance(answer, Delivery)
    if not answer.titles:
        return Transition(state, (prompt(state, "done.collection_cancelled", number=answer.id),), question=True)
    books = titles(state, answer.titles)
    return Transition(state, (prompt(state, "done.delivery_cancelled", number=answer.id, titles=books),), question=True)


FEATURE = Feature(
    states={
        Confirm: {
            IntentName.YES: yes,
            IntentName.HALF_YES: half_yes,
            IntentName.NO: no,
            IntentName.CANCEL: no,
            IntentName.MORE: other,
            IntentName.NEXT: other,
            IntentName.NOTE: note_at_once,
        },
        CourierNotes: {
            IntentName.NEXT: next_page,
            IntentName.PREVIOUS: previous_page,
            IntentName.SELECT: note,
            IntentName.DIGITS: note,
            IntentName.NO: no_note,
            IntentName.YES: no_note,
            IntentName.NUMBER: no_note,
            "*": note,
        },
    },
    content={Confirm: read_back, CourierNotes: options},
    answers={
        commands.PlaceHold: booked,
        commands.Renew: booked,
        commands.RenewAll: booked,
        commands.BookDelivery: booked,
        commands.BookCollection: booked,
        commands.Register: booked,
        commands.CancelHold: cancelled,
        commands.CancelDelivery: cancelled,
    },
)
