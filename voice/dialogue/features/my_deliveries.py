"""Deliveries after booking: where is my order, who brings it, the code, cancel, what went wrong."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.shipments import Delivery
from voice.dialogue import commands
from voice.dialogue.commands import Answer, AnyCommand
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, Handlers, On
from voice.dialogue.lists import names_number, next_page, position, previous_page, shown
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import clock, local, prompt, titles, window
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import Confirm, DeliveryDetail, DeliveryList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ENDED = frozenset({"delivered", "cancelled"})
BRINGS_DELIVERIES = frozenset({IntentName.MY_DELIVERIES, IntentName.CANCEL, IntentName.CONNECT_COURIER})
"""Intents that bring up the deliveries by themselves."""


def deliveries(state: DialogueContext, intent: Intent) -> Transition:
    """my_deliveries, connect_courier and cancel begin with the deliveries as they stand now."""
    assert state.reader
    return Transition(state, ask=commands.ListDeliveries(state.reader.ticket, intent))


def on_deliveries(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Answer the intent that brought them up; after identification only bad news is said, and the intent goes on."""
    assert isinstance(answer, tuple) and isinstance(ask, commands.ListDeliveries)
    items = tuple(item for item in answer if isinstance(item, Delivery))
    intent = ask.then or Intent(IntentName.MY_DELIVERIES, {}, state.language)
    if intent.name not in BRINGS_DELIVERIES:
        heard = tuple((item.id, item.news) for item in items if item.news)
        if not heard:
            return Transition(state, then=intent)
        return Transition(state, news(state, items), ask=commands.AcknowledgeDeliveryNews(ask.ticket, heard, intent))
    running = tuple(item for item in items if item.status not in ENDED)
    if intent.name == IntentName.CANCEL and not running:
        return Transition(state, then=Intent(IntentName.MY_HOLDS, {}, state.language))
    items = running or items
    if not items:
        return Transition(state, (prompt(state, "delivery.none"),), question=True)
    if len(items) > 1:
        return Transition(state.go(DeliveryList(items)))
    opened = state.go(DeliveryDetail(items, 0))
    return Transition(opened, then=intent) if intent.name == IntentName.CONNECT_COURIER else Transition(opened)


def news(state: DialogueContext, items: tuple[Delivery, ...]) -> tuple[Line, ...]:
    """What went wrong is said without being asked for, once."""
    return tuple(prompt(state, f"delivery.news_{item.news}", number=item.id) for item in items if item.news)


def news_heard(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The intent goes on that the news came before."""
    assert isinstance(ask, commands.AcknowledgeDeliveryNews)
    return Transition(state, then=ask.then or Intent(IntentName.WHERE_AM_I, {}, state.language))


def news_unread(state: DialogueContext, event: Failed, sentence: Line) -> Transition | None:
    """News of deliveries was only by the way: the intent goes on."""
    assert isinstance(event.ask, commands.ListDeliveries)
    then = event.ask.then
    if then and then.name not in BRINGS_DELIVERIES:
        return Transition(state, then=then)
    return None


def news_not_noted(state: DialogueContext, event: Failed, sentence: Line) -> Transition:
    """The news will be said once more; the intent goes on."""
    return news_heard(state, event.ask, None)


def delivery_list(state: DialogueContext) -> tuple[Line, ...]:
    """Return how many deliveries there are and the three on the table."""
    stage = state.stage
    assert isinstance(stage, DeliveryList)
    here = shown(stage)
    if stage.first:
        head = prompt(state, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(stage.items))
    else:
        head = prompt(state, "delivery.count", count=len(stage.items))
    return (head, *(_entry(state, stage.items[n], n) for n in here))


def _entry(state: DialogueContext, item: Delivery, n: int) -> Line:
    status = prompt(state, f"delivery_status.{item.status}").text
    line = prompt(state, "delivery.entry", n=n + 1, titles=titles(state, item.titles), status=status)
    return replace(line, record=n)


def delivery(state: DialogueContext) -> tuple[Line, ...]:
    """One delivery: how it stands, when it comes, who brings it, what to tell at the door."""
    stage = state.stage
    assert isinstance(stage, DeliveryDetail)
    item = stage.items[stage.n]
    kind = "delivery.number" if item.kind == "delivery" else "delivery.collection"
    lines = [prompt(state, f"delivery_status.{item.status}"), prompt(state, kind, number=item.id)]
    if item.titles:
        lines.append(prompt(state, "delivery.titles", titles=titles(state, item.titles)))
    if item.status not in ENDED:
        if item.late:
            lines.append(prompt(state, "delivery.late"))
        if item.expected:
            lines.append(prompt(state, "delivery.expected", time=clock(local(state, item.expected))))
        else:
            lines.append(prompt(state, "confirm.when", when=window(state, item.slot)))
        if item.courier:
            lines.append(prompt(state, "delivery.by", courier=item.courier))
        if item.code:
            lines.append(replace(prompt(state, "done.code", code=item.code), private=True))
    return tuple(replace(line, record=stage.n) for line in lines)


def open_delivery(state: DialogueContext, intent: Intent) -> Transition:
    """One delivery; without a number the one at hand."""
    n = position(state, intent)
    if isinstance(n, Transition):
        return n
    stage = state.stage
    assert isinstance(stage, DeliveryList | DeliveryDetail)
    if isinstance(stage, DeliveryDetail):
        return Transition(state.stay(replace(stage, n=n)))
    return Transition(state.go(DeliveryDetail(stage.items, n)))


def step_delivery(state: DialogueContext, intent: Intent) -> Transition:
    """The next or previous opened delivery."""
    stage = state.stage
    assert isinstance(stage, DeliveryDetail)
    n = stage.n + (1 if intent.name == IntentName.NEXT else -1)
    if not 0 <= n < len(stage.items):
        return Transition(state, (prompt(state, "list.no_more" if n > 0 else "list.no_previous"),), question=True)
    return Transition(state.stay(replace(stage, n=n)))


def accept(state: DialogueContext, intent: Intent) -> Transition:
    """Yes to an opened delivery does what its question offers: call the courier, cancel, or nothing more."""
    stage = state.stage
    assert isinstance(stage, DeliveryDetail)
    name = {"delivery_courier": IntentName.CONNECT_COURIER, "delivery_cancel": IntentName.CANCEL}.get(
        stage.question, IntentName.BACK
    )
    return Transition(state, then=Intent(name, {}, state.language))


def courier(state: DialogueContext, intent: Intent) -> Transition:
    """The courier's number for the delivery at hand."""
    stage = state.stage
    assert state.reader
    if not isinstance(stage, DeliveryList | DeliveryDetail):
        return deliveries(state, intent)
    n = position(state, intent)
    if isinstance(n, Transition):
        return n
    return Transition(state, ask=commands.CourierPhone(state.reader.ticket, stage.items[n].id))


def courier_found(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """Either the courier is on the line, or the number is said."""
    assert isinstance(answer, str)
    if not answer:
        return Transition(state, (prompt(state, "delivery.connected"),), quiet=True)
    number, _, extension = answer.partition(",")
    lines = [prompt(state, "delivery.courier_phone"), replace(spelled(number, state.language), private=True)]
    if extension:
        lines += [
            prompt(state, "delivery.courier_extension"),
            replace(spelled(extension, state.language), private=True),
        ]
    return Transition(state, tuple(lines), question=True)


def cancel(state: DialogueContext, intent: Intent) -> Transition:
    """Read a cancellation back, or say why it is too late."""
    stage = state.stage
    assert isinstance(stage, DeliveryList | DeliveryDetail) and state.reader
    if isinstance(stage, DeliveryList) and len(stage.items) > 1 and not names_number(intent):
        return Transition(state, (prompt(state, "searching.which_number"),), quiet=True)
    n = position(state, intent)
    if isinstance(n, Transition):
        return n
    item = stage.items[n]
    if not item.cancellable:
        return Transition(state, (prompt(state, "error.refused_too_late_to_cancel"),), question=True)
    ask = commands.CancelDelivery(state.reader.ticket, item.id)
    return Transition(state.go(Confirm(ask, item.titles, slot=item.slot, used_holds=item.used_holds)))


ENTRIES: Handlers = {
    IntentName.SELECT: open_delivery,
    IntentName.DIGITS: open_delivery,
    IntentName.MORE: open_delivery,
    IntentName.NO: back,
    IntentName.CANCEL: On(cancel, needs_reader=True),
    IntentName.CONNECT_COURIER: On(courier, needs_reader=True),
}

FEATURE = Feature(
    states={
        DeliveryList: {
            **ENTRIES,
            IntentName.NEXT: next_page,
            IntentName.PREVIOUS: previous_page,
            IntentName.YES: open_delivery,
        },
        DeliveryDetail: {
            **ENTRIES,
            IntentName.NEXT: step_delivery,
            IntentName.PREVIOUS: step_delivery,
            IntentName.YES: accept,
        },
    },
    anywhere={
        IntentName.MY_DELIVERIES: On(deliveries, needs_reader=True),
        IntentName.CONNECT_COURIER: On(courier, needs_reader=True),
        IntentName.CANCEL: On(deliveries, needs_reader=True),
    },
    content={DeliveryList: delivery_list, DeliveryDetail: delivery},
    answers={
        commands.ListDeliveries: on_deliveries,
        commands.AcknowledgeDeliveryNews: news_heard,
        commands.CourierPhone: courier_found,
    },
    failures={commands.ListDeliveries: news_unread, commands.AcknowledgeDeliveryNews: news_not_noted},
)
