"""An exchange as the JSON object that other programs read from `dauys converse --json`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from catalogue_client.values.accounts import Hold, Loan
from catalogue_client.values.bibliographic import Record
from catalogue_client.values.shipments import Delivery
from voice.assistant.dialogue_session import Exchange
from voice.dialogue.turn import Booking

TIMINGS = ("recognise", "understand", "act", "first_audio", "braille")
"""Keys of `timing_ms`, in the order in which a turn passes through them; milliseconds, or null for a step not taken."""


def record_object(record: Record) -> dict[str, Any]:
    """A record as every JSON output of Dauys writes it."""
    return {
        "id": record.id,
        "title": record.title,
        "author": record.author,
        "language": record.language,
        "year": record.year,
        "formats": [str(form) for form in record.formats],
        "available": [{"place": shelf.place, "copies": shelf.copies} for shelf in record.available],
    }


def booking_object(booking: Booking) -> dict[str, Any]:
    """A confirmed booking: always id, kind, status and records (titles), then what its kind adds."""
    match booking.item:
        case Delivery() as delivery:
            titles: Sequence[str] = delivery.titles
            own: dict[str, Any] = {
                "starts": delivery.slot.starts,
                "ends": delivery.slot.ends,
                "undo_until": delivery.undo_until,
            }
            return _booking(booking.kind, delivery.id, delivery.status, titles, own)
        case Hold() as hold:
            own = {"place": hold.place, "position": hold.position, "expires": hold.expires}
            return _booking(booking.kind, hold.id, hold.status, (hold.title,), own)
        case Loan() as loan:
            titles = tuple(each.title for each in (loan, *booking.others))
            status = "accepted" if loan.accepted else "renewed"
            return _booking(booking.kind, loan.id, status, titles, {"due": loan.due})
        case str() as number:
            return _booking(booking.kind, number, "kept" if booking.kind == "address" else "temporary", (), {})


def _booking(kind: str, number: str, status: str, titles: Sequence[str], own: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value.isoformat() if isinstance(value, date | datetime) else value for key, value in own.items()}
    return {"id": number, "kind": kind, "status": status, "records": list(titles), **plain}


def reply_object(
    exchange: Exchange, rows: Sequence[str], timing_ms: dict[str, float], audio: str | None = None
) -> dict[str, Any]:
    """The whole answer to one input. `rows` are the rows of the Braille display in Unicode Braille."""
    understood = exchange.understood
    confidence = understood.confidence
    return {
        "heard": understood.text or None,
        "language": exchange.context.language,
        "confidence": None if confidence is None else round(confidence, 3),
        "intent": understood.intent.name if understood.intent else None,
        "slots": dict(understood.intent.slots) if understood.intent else {},
        "state": exchange.context.name,
        "say": [line.text for line in exchange.lines],
        "braille": list(rows),
        "records": [record_object(record) for record in exchange.records],
        "expects": str(exchange.expects),
        "booking": booking_object(exchange.booking) if exchange.booking else None,
        "audio": audio,
        "timing_ms": {key: round(timing_ms[key], 2) if key in timing_ms else None for key in TIMINGS},
    }
