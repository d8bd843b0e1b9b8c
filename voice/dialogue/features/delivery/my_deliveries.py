"""Deliveries after booking: where is my order, who brings it, the code, cancel, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue_client.values.shipments import Delivery, Slot
from voice.dialogue import commands
from voice.dialogue.confirmation import names_another
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DetailState, DialogueState, ListState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, Handlers, On, answer_to, each, failure_of, for_state, nothing, one
from voice.dialogue.library_facts.opening_times import day_words
from voice.dialogue.lists import asks_which, listed, position
from voice.dialogue.navigation import in_detail, in_list
from voice.dialogue.phrasing import clock, local, prompt, titles, window
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import Booked, Confirm, SlotList
from voice.dialogue.turn import Booking, Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ENDED = frozenset({"delivered", "cancelled"})
AMISS = frozenset({"delivered", "returning", "failed", "with_staff"})
"""Statuses of a delivery that a reader who has received nothing is right to ask about."""
BRINGS_DELIVERIES = frozenset(
    {
        IntentName.MY_DELIVERIES,
        IntentName.CANCEL,
        IntentName.CONNECT_COURIER,
        IntentName.DELIVERY_MISSING,
        IntentName.MOVE,
    }
)
"""Intents that bring up the deliveries by themselves."""


@dataclass(frozen=True, slots=True)
class DeliveryList(ListState[Delivery]):
    """The reader's deliveries and collections, three at a time."""

    name = "deliveries"
    undo_cancels = True


@dataclass(frozen=True, slots=True)
class DeliveryDetail(DetailState[Delivery]):
    """One delivery or collection."""

    name = "delivery"
    undo_cancels = True

    @property
    def question(self) -> str:
        if self.item.status in ("on_the_way", "arrived"):
            return "delivery_courier"
        return "delivery_cancel" if self.item.cancellable else "delivery"


def deliveries(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """my_deliveries, connect_courier and cancel begin with the deliveries as they stand now."""
    assert context.reader
    return Transition(context, command=commands.ListDeliveries(context.reader.ticket, intent))


def on_deliveries(
    context: DialogueContext, command: commands.ListDeliveries, items: tuple[Delivery, ...]
) -> Transition:
    """Answer the intent that brought them up; after identification only bad news is said, and the intent goes on."""
    intent = command.then or Intent(IntentName.MY_DELIVERIES, {}, context.language)
    if intent.name not in BRINGS_DELIVERIES:
        heard = tuple((item.id, item.news) for item in items if item.news)
        if not heard:
            return Transition(context, then=intent)
        return Transition(
            context, news(context, items), command=commands.AcknowledgeDeliveryNews(command.ticket, heard, intent)
        )
    if intent.name == IntentName.DELIVERY_MISSING:
        return _missing(context, command.ticket, items)
    running = tuple(item for item in items if item.status not in ENDED)
    named = str(intent.slots.get("booked", ""))
    if intent.name == IntentName.CANCEL and named == "delivery" and not running:
        return Transition(context, (prompt(context, "delivery.none"),), question=True)
    if intent.name == IntentName.CANCEL and (named == "hold" or not running):
        return Transition(context, then=Intent(IntentName.MY_HOLDS, {}, context.language))
    items = running or items
    if not items:
        return Transition(context, (prompt(context, "delivery.none"),), question=True)
    if len(items) > 1:
        return Transition(context.go(DeliveryList(items)))
    opened = context.go(DeliveryDetail(items, 0))
    goes_on = intent.name in (IntentName.CONNECT_COURIER, IntentName.MOVE)
    return Transition(opened, then=intent) if goes_on else Transition(opened)


def _missing(context: DialogueContext, ticket: str, items: tuple[Delivery, ...]) -> Transition:
    """A delivery whose time is over goes to the staff, with what is known of it; one that is still due is described."""
    expected = tuple(item for item in items if item.kind == "delivery" and item.status != "cancelled")
    if not expected:
        return Transition(context, (prompt(context, "delivery.none"),), question=True)
    over = [
        item for item in expected if item.late or item.status in AMISS or local(context, item.slot.ends) < context.now
    ]
    if not over:
        return Transition(context.go(DeliveryDetail(expected, 0)), (prompt(context, "delivery.not_due"),))
    item = over[0]
    known = f"{IntentName.DELIVERY_MISSING}: {item.id}, {item.status}, {window(context, item.slot)}"
    return Transition(context, command=commands.LeaveForStaff(IntentName.DELIVERY_MISSING, known, ticket, item.id))


def news(context: DialogueContext, items: tuple[Delivery, ...]) -> tuple[Line, ...]:
    """What went wrong is said without being asked for, once."""
    return tuple(prompt(context, f"delivery.news_{item.news}", number=item.id) for item in items if item.news)


def news_heard(context: DialogueContext, command: commands.AcknowledgeDeliveryNews, answer: None) -> Transition:
    """The intent goes on that the news came before."""
    return Transition(context, then=command.then or Intent(IntentName.WHERE_AM_I, {}, context.language))


def news_unread(
    context: DialogueContext, command: commands.ListDeliveries, event: Failed, sentence: Line
) -> Transition | None:
    """News of deliveries was only by the way: the intent goes on."""
    if command.then and command.then.name not in BRINGS_DELIVERIES:
        return Transition(context, then=command.then)
    return None


def news_not_noted(
    context: DialogueContext, command: commands.AcknowledgeDeliveryNews, event: Failed, sentence: Line
) -> Transition:
    """The news will be said once more; the intent goes on."""
    return news_heard(context, command, None)


def delivery_list(context: DialogueContext, state: DeliveryList) -> tuple[Line, ...]:
    """Return how many deliveries there are and the three on the table."""
    return listed(context, state, "delivery.count", _entry)


def _entry(context: DialogueContext, item: Delivery, n: int) -> Line:
    status = prompt(context, f"delivery_status.{item.status}").text
    line = prompt(context, "delivery.entry", n=n + 1, titles=titles(context, item.titles), status=status)
    return replace(line, record=n)


def delivery(context: DialogueContext, state: DeliveryDetail) -> tuple[Line, ...]:
    """One delivery: how it stands, when it comes, who brings it, what to tell at the door."""
    item = state.item
    kind = "delivery.number" if item.kind == "delivery" else "delivery.collection"
    lines = [prompt(context, f"delivery_status.{item.status}"), prompt(context, kind, number=item.id)]
    if item.titles:
        lines.append(prompt(context, "delivery.titles", titles=titles(context, item.titles)))
    if item.status not in ENDED:
        if item.late:
            lines.append(prompt(context, "delivery.late"))
        if item.expected:
            lines.append(prompt(context, "delivery.expected", time=clock(local(context, item.expected))))
        else:
            lines.append(prompt(context, "confirm.when", when=window(context, item.slot)))
        if item.courier:
            lines.append(prompt(context, "delivery.by", courier=item.courier))
        if item.code:
            lines.append(replace(prompt(context, "done.code", code=item.code), private=True))
    return tuple(replace(line, record=state.n) for line in lines)


def accept(context: DialogueContext, state: DeliveryDetail, intent: Intent) -> Transition:
    """Yes to an opened delivery does what its question offers: call the courier, cancel, or nothing more."""
    name = {"delivery_courier": IntentName.CONNECT_COURIER, "delivery_cancel": IntentName.CANCEL}.get(
        state.question, IntentName.BACK
    )
    return Transition(context, then=Intent(name, {}, context.language))


def courier(context: DialogueContext, state: DeliveryList | DeliveryDetail, intent: Intent) -> Transition:
    """The courier's number for the delivery at hand."""
    assert context.reader
    n = position(context, state, intent)
    if isinstance(n, Transition):
        return n
    return Transition(context, command=commands.CourierPhone(context.reader.ticket, state.items[n].id))


def courier_found(context: DialogueContext, command: commands.CourierPhone, answer: str) -> Transition:
    """Either the courier is on the line, or the number is said."""
    if not answer:
        return Transition(context, (prompt(context, "delivery.connected"),), quiet=True)
    number, _, extension = answer.partition(",")
    lines = [prompt(context, "delivery.courier_phone"), replace(spelled(number, context.language), private=True)]
    if extension:
        lines += [
            prompt(context, "delivery.courier_extension"),
            replace(spelled(extension, context.language), private=True),
        ]
    return Transition(context, tuple(lines), question=True)


def cancel(context: DialogueContext, state: DeliveryList | DeliveryDetail, intent: Intent) -> Transition | None:
    """Read a cancellation back, or say why it is too late; of another booking only when it is named."""
    assert context.reader
    if names_another(intent, commands.CancelDelivery):
        return None
    if ask := asks_which(context, state, intent):
        return ask
    n = position(context, state, intent)
    if isinstance(n, Transition):
        return n
    item = state.items[n]
    if not item.cancellable:
        return Transition(context, (prompt(context, "error.refused_too_late_to_cancel"),), question=True)
    command = commands.CancelDelivery(context.reader.ticket, item.id)
    return Transition(context.go(Confirm(command, item.titles, slot=item.slot, used_holds=item.used_holds)))


def move(context: DialogueContext, state: DeliveryList | DeliveryDetail, intent: Intent) -> Transition | None:
    """Offer other windows for the delivery at hand; the day that was said may choose one. A note or the books are no
    time."""
    assert context.reader
    if intent.slots.get("part", "time") != "time" or intent.slots.get("place"):
        return None
    if ask := asks_which(context, state, intent):
        return ask
    n = position(context, state, replace(intent, slots={"n": intent.slots["n"]} if "n" in intent.slots else {}))
    if isinstance(n, Transition):
        return n
    if not state.items[n].cancellable:
        return Transition(context, (prompt(context, "error.refused_too_late_to_move"),), question=True)
    return Transition(context, command=commands.MoveSlots(context.reader.ticket, state.items[n], intent))


def on_move_slots(context: DialogueContext, command: commands.MoveSlots, slots: tuple[Slot, ...]) -> Transition:
    """The windows, or at once the read-back of the one that was asked for."""
    other = tuple(slot for slot in slots if slot.id != command.delivery.slot.id)
    if not other:
        return Transition(context, (prompt(context, "slots.none"),), question=True)
    offered = SlotList(other, command.delivery.titles, (), windows=context.profile.windows, moves=command.delivery.id)
    day = day_words(command.said.text, context.now) or str(command.said.slots.get("when", ""))
    chosen = Intent(IntentName.WHEN, {"when": day}, command.said.language, day) if day else None
    return Transition(context.go(offered), then=chosen)


def moved(context: DialogueContext, command: commands.MoveDelivery, delivery: Delivery) -> Transition:
    """When it comes now; the lists know it from now on."""
    while context.state.name in ("delivery", "deliveries"):
        context = context.leave()
    when = window(context, delivery.slot)
    done = prompt(context, "done.moved", number=delivery.id, when=when)
    return Transition(context.go(Booked()), (done,), booking=Booking(delivery.kind, delivery))


def not_moved(
    context: DialogueContext, command: commands.MoveDelivery, event: Failed, sentence: Line
) -> Transition | None:
    """It stands as it was; that is said with the reason."""
    if event.prompt == "outcome_unknown":
        return None
    return Transition(context, (sentence, prompt(context, "confirm.nothing_booked")), question=True)


ONE_OF_THEM: Handlers[DeliveryList | DeliveryDetail] = {
    IntentName.CANCEL: On(cancel, needs_reader=True),
    IntentName.CONNECT_COURIER: On(courier, needs_reader=True),
    IntentName.MOVE: On(move, needs_reader=True),
    IntentName.CHANGE: On(move, needs_reader=True),
    IntentName.WHEN: On(move, needs_reader=True),
    IntentName.LATER: On(move, needs_reader=True),
}

FEATURE = Feature(
    states=(
        for_state(DeliveryList, {**in_list(DeliveryDetail), **ONE_OF_THEM}, content=delivery_list),
        for_state(
            DeliveryDetail, {**in_detail(DeliveryDetail), **ONE_OF_THEM, IntentName.YES: accept}, content=delivery
        ),
    ),
    anywhere={
        IntentName.MY_DELIVERIES: On(deliveries, needs_reader=True),
        IntentName.CONNECT_COURIER: On(deliveries, needs_reader=True),
        IntentName.CANCEL: On(deliveries, needs_reader=True),
        IntentName.DELIVERY_MISSING: On(deliveries, needs_reader=True),
        IntentName.MOVE: On(deliveries, needs_reader=True),
    },
    answers=(
        answer_to(commands.ListDeliveries, each(Delivery), on_deliveries),
        answer_to(commands.AcknowledgeDeliveryNews, nothing, news_heard),
        answer_to(commands.CourierPhone, one(str), courier_found),
        answer_to(commands.MoveSlots, each(Slot), on_move_slots),
        answer_to(commands.MoveDelivery, one(Delivery), moved),
    ),
    failures=(
        failure_of(commands.ListDeliveries, news_unread),
        failure_of(commands.AcknowledgeDeliveryNews, news_not_noted),
        failure_of(commands.MoveDelivery, not_moved),
    ),
    costs={
        **dict.fromkeys(
            (
                IntentName.DELIVERY_MISSING,
                IntentName.CANCEL,
                IntentName.CONNECT_COURIER,
            ),
            Cost.ENDING,
        ),
    },
)
