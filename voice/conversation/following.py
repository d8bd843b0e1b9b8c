"""Deliveries after booking: where is my order, who brings it, the code, cancel, what went wrong."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.records import Delivery
from voice.conversation import asks
from voice.conversation.asks import Ask
from voice.conversation.describing import spelled
from voice.conversation.events import Answer
from voice.conversation.lines import Line
from voice.conversation.move import Move
from voice.conversation.paging import names_number, position, shown
from voice.conversation.stages import Confirm, Deliveries, OpenedDelivery
from voice.conversation.state import State
from voice.conversation.telling import clock, local, tell, titles, window
from voice.understanding.intent import Intent

ENDED = frozenset({"delivered", "cancelled"})


def deliveries(state: State, intent: Intent) -> Move:
    """my_deliveries, connect_courier and cancel begin with the deliveries as they stand now."""
    assert state.reader
    return Move(replace(state, waiting=intent), ask=asks.Deliveries(state.reader.ticket))


def deliveries_came(state: State, ask: Ask, answer: Answer) -> Move:
    """Answer the wish that brought them up; after identification only bad news is told, and the wish goes on."""
    assert isinstance(answer, tuple) and isinstance(ask, asks.Deliveries)
    items = tuple(item for item in answer if isinstance(item, Delivery))
    wish = state.waiting or Intent("my_deliveries", {}, state.language)
    state = replace(state, waiting=None)
    if wish.name not in ("my_deliveries", "connect_courier", "cancel"):
        told = tuple((item.id, item.news) for item in items if item.news)
        if not told:
            return Move(state, then=wish)
        return Move(replace(state, waiting=wish), news(state, items), ask=asks.NewsHeard(ask.ticket, told))
    running = tuple(item for item in items if item.status not in ENDED)
    if wish.name == "cancel" and not running:
        return Move(state, then=Intent("my_holds", {}, state.language))
    items = running or items
    if not items:
        return Move(state, (tell(state, "delivery.none"),), question=True)
    if len(items) > 1:
        return Move(state.go(Deliveries(items)))
    opened = state.go(OpenedDelivery(items, 0))
    return Move(opened, then=wish) if wish.name == "connect_courier" else Move(opened)


def news(state: State, items: tuple[Delivery, ...]) -> tuple[Line, ...]:
    """What went wrong is told without being asked for, once."""
    return tuple(tell(state, f"delivery.news_{item.news}", number=item.id) for item in items if item.news)


def news_heard(state: State, ask: Ask, answer: Answer) -> Move:
    """The wish goes on that the news came before."""
    wish = state.waiting or Intent("where_am_i", {}, state.language)
    return Move(replace(state, waiting=None), then=wish)


def delivery_list(state: State) -> tuple[Line, ...]:
    stage = state.stage
    assert isinstance(stage, Deliveries)
    here = shown(stage)
    if stage.first:
        head = tell(state, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(stage.items))
    else:
        head = tell(state, "delivery.count", count=len(stage.items))
    return (head, *(_entry(state, stage.items[n], n) for n in here))


def _entry(state: State, item: Delivery, n: int) -> Line:
    status = tell(state, f"delivery_status.{item.status}").text
    line = tell(state, "delivery.entry", n=n + 1, titles=titles(state, item.titles), status=status)
    return replace(line, record=n)


def delivery(state: State) -> tuple[Line, ...]:
    """One delivery: how it stands, when it comes, who brings it, what to tell at the door."""
    stage = state.stage
    assert isinstance(stage, OpenedDelivery)
    item = stage.items[stage.n]
    kind = "delivery.number" if item.kind == "delivery" else "delivery.collection"
    lines = [tell(state, f"delivery_status.{item.status}"), tell(state, kind, number=item.id)]
    if item.titles:
        lines.append(tell(state, "delivery.titles", titles=titles(state, item.titles)))
    if item.status not in ENDED:
        if item.late:
            lines.append(tell(state, "delivery.late"))
        if item.expected:
            lines.append(tell(state, "delivery.expected", time=clock(local(state, item.expected))))
        else:
            lines.append(tell(state, "confirm.when", when=window(state, item.slot)))
        if item.courier:
            lines.append(tell(state, "delivery.by", courier=item.courier))
        if item.code:
            lines.append(replace(tell(state, "done.code", code=item.code), private=True))
    return tuple(replace(line, record=stage.n) for line in lines)


def open_delivery(state: State, intent: Intent) -> Move:
    n = position(state, intent)
    if isinstance(n, Move):
        return n
    stage = state.stage
    assert isinstance(stage, Deliveries | OpenedDelivery)
    if isinstance(stage, OpenedDelivery):
        return Move(state.stay(replace(stage, n=n)))
    return Move(state.go(OpenedDelivery(stage.items, n)))


def step_delivery(state: State, intent: Intent) -> Move:
    """The next or previous opened delivery."""
    stage = state.stage
    assert isinstance(stage, OpenedDelivery)
    n = stage.n + (1 if intent.name == "next" else -1)
    if not 0 <= n < len(stage.items):
        return Move(state, (tell(state, "list.no_more" if n > 0 else "list.no_previous"),), question=True)
    return Move(state.stay(replace(stage, n=n)))


def accept(state: State, intent: Intent) -> Move:
    """Yes to an opened delivery does what its question offers: call the courier, cancel, or nothing more."""
    stage = state.stage
    assert isinstance(stage, OpenedDelivery)
    wish = {"delivery_courier": "connect_courier", "delivery_cancel": "cancel"}.get(stage.question, "back")
    return Move(state, then=Intent(wish, {}, state.language))


def courier(state: State, intent: Intent) -> Move:
    """The courier's number for the delivery at hand."""
    stage = state.stage
    assert state.reader
    if not isinstance(stage, Deliveries | OpenedDelivery):
        return deliveries(state, intent)
    n = position(state, intent)
    if isinstance(n, Move):
        return n
    return Move(state, ask=asks.CourierPhone(state.reader.ticket, stage.items[n].id))


def courier_found(state: State, ask: Ask, answer: Answer) -> Move:
    """Either the courier is on the line, or the number is told."""
    assert isinstance(answer, str)
    if not answer:
        return Move(state, (tell(state, "delivery.connected"),), quiet=True)
    number, _, extension = answer.partition(",")
    lines = [tell(state, "delivery.courier_phone"), replace(spelled(number, state.language), private=True)]
    if extension:
        lines += [
            tell(state, "delivery.courier_extension"),
            replace(spelled(extension, state.language), private=True),
        ]
    return Move(state, tuple(lines), question=True)


def cancel(state: State, intent: Intent) -> Move:
    """Read a cancellation back, or say why it is too late."""
    stage = state.stage
    assert isinstance(stage, Deliveries | OpenedDelivery) and state.reader
    if isinstance(stage, Deliveries) and len(stage.items) > 1 and not names_number(intent):
        return Move(state, (tell(state, "searching.which_number"),), quiet=True)
    n = position(state, intent)
    if isinstance(n, Move):
        return n
    item = stage.items[n]
    if not item.cancellable:
        return Move(state, (tell(state, "error.refused_too_late_to_cancel"),), question=True)
    ask = asks.CancelDelivery(state.reader.ticket, item.id)
    return Move(state.go(Confirm(ask, item.titles, slot=item.slot, used_holds=item.used_holds)))
