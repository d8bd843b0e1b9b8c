"""Claims: a parcel as the body of claims/create, and an answer as a Trip."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast

from catalogue_client.couriers.courier import Parcel, Stage, Trip
from catalogue_client.couriers.sender import Sender
from catalogue_client.errors import BadAnswer

STATUSES = Path(__file__).with_name("statuses.toml")

BOOK_SIZE = {"length": 0.24, "width": 0.17, "height": 0.04}
"""Metres. A copy's own size is not in the catalogue."""
ITEM_TITLE = "Книга"
"""What a reader reads is not the courier's business."""


def load_statuses(path: Path = STATUSES) -> Mapping[str, Mapping[str, str]]:
    """Return for deliveries and collections: a status of the API -> the stage of a trip."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def order_name(number: str, request_id: str) -> str:
    """`external_order_id`: by it an order is found again after a lost answer. One for each attempt."""
    return f"DLV-{number}-{request_id[:12]}"


def claim_body(parcel: Parcel, sender: Sender, request_id: str) -> dict[str, Any]:
    """The body of claims/create: from the library to the reader and, if need be, back; or from the reader to the
    library, which is a claim of its own since the API knows no reversed one."""
    library = {
        "contact": {"name": sender.name, "phone": sender.sender_phone, "email": sender.email},
        "address": {"fullname": sender.address, "coordinates": list(sender.coordinates or ())},
    }
    reader = {
        "contact": {"name": parcel.name or sender.name, "phone": parcel.phone},
        "address": {"fullname": parcel.address} | ({"comment": parcel.note} if parcel.note else {}),
    }
    first, second = (library, reader) if parcel.kind == "delivery" else (reader, library)
    if parcel.kind == "collection":
        # Source and return points need an e-mail address; readers have none here.
        reader["contact"]["email"] = sender.email
    points = [
        {"point_id": 1, "visit_order": 1, "type": "source", **first},
        {"point_id": 2, "visit_order": 2, "type": "destination", **second},
        {"point_id": 3, "visit_order": 3, "type": "return", **library},
    ]
    points[0]["external_order_id"] = order_name(parcel.number, request_id)
    for point in points[:2]:
        point["skip_confirmation"] = sender.skip_confirmation
    points[1] |= {"leave_under_door": False, "meet_outside": False, "no_door_call": False}
    return {
        "items": _items(parcel, sender),
        "route_points": points,
        # With an interval client_requirements must be left out, and every item needs size and weight.
        "same_day_data": {"delivery_interval": {"from": _moment(parcel.starts), "to": _moment(parcel.ends)}},
        "emergency_contact": {"name": sender.name, "phone": sender.sender_phone},
        "optional_return": False,
        "skip_door_to_door": False,
    }


def price_body(parcel: Parcel, sender: Sender) -> dict[str, Any]:
    """The body of check-price."""
    ends = [
        {"id": 1, "fullname": sender.address, "coordinates": list(sender.coordinates or ())},
        {"id": 2, "fullname": parcel.address},
    ]
    items = [{key: item[key] for key in ("quantity", "size", "weight", "pickup_point", "dropoff_point")}
             for item in _items(parcel, sender)]  # fmt: skip
    return {"items": items, "route_points": ends if parcel.kind == "delivery" else ends[::-1]}


def trip_of(claim: Mapping[str, Any], statuses: Mapping[str, Mapping[str, str]]) -> Trip:
    """What a claim says, leniently but for id, status and version. Raises BadAnswer."""
    claim_id, status = claim.get("id"), claim.get("status")
    if not isinstance(claim_id, str) or not isinstance(status, str):
        raise BadAnswer("a claim without id or status")
    version = claim.get("version")
    if not isinstance(version, int):
        raise BadAnswer("a claim without version")
    collection = _is_collection(claim)
    table = {**statuses["delivery"], **(statuses["collection"] if collection else {})}
    pricing = _object(claim.get("pricing"))
    offer = _object(pricing.get("offer"))
    return Trip(
        id=claim_id,
        stage=cast("Stage | None", table.get(status)),
        status=status,
        version=version,
        updated=utc(claim.get("updated_ts")),
        courier=_performer(_object(claim.get("performer_info"))),
        expected=expected_at(claim, "source" if collection else "destination"),
        price=money(pricing.get("final_price") or offer.get("price")),
        why="; ".join(str(_object(message).get("code", "")) for message in claim.get("error_messages") or ()),
    )


def point(claim: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The first route point of a kind; empty when there is none."""
    for stop in claim.get("route_points") or ():
        if isinstance(stop, dict) and stop.get("type") == kind:
            return stop
    return {}


def readers_point(claim: Mapping[str, Any]) -> str:
    """Which end of the claim the reader is at: `source` or `destination`."""
    return "source" if _is_collection(claim) else "destination"


def expected_at(claim: Mapping[str, Any], kind: str) -> datetime | None:
    """When the courier is expected at that point."""
    value = _object(point(claim, kind).get("visited_at")).get("expected")
    text = utc(value)
    return datetime.fromisoformat(text) if text else None


def money(value: object) -> str:
    """An amount as the API writes it, a decimal in a string; "" for what is none. Never through a float."""
    try:
        amount = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        return ""
    return f"{amount:f}" if amount.is_finite() else ""


def utc(value: object) -> str:
    """A time of the API in UTC with microseconds, so that text compares as time does; "" for none."""
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return ""
    return "" if moment.tzinfo is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def _is_collection(claim: Mapping[str, Any]) -> bool:
    """Of our claims only a collection ends where it would be returned to."""
    end, back = (_object(point(claim, kind).get("address")).get("fullname") for kind in ("destination", "return"))
    return end is not None and end == back


def _items(parcel: Parcel, sender: Sender) -> list[dict[str, Any]]:
    return [
        {
            "extra_id": item.id,
            "title": ITEM_TITLE,
            "quantity": 1,
            "cost_value": f"{sender.item_value:.2f}",
            "cost_currency": sender.currency,
            "pickup_point": 1,
            "dropoff_point": 2,
            "weight": item.grams / 1000,
            "size": BOOK_SIZE,
        }
        for item in parcel.items
    ]


def _performer(info: Mapping[str, Any]) -> str:
    car = " ".join(str(info[key]) for key in ("car_color", "car_model", "car_number") if info.get(key))
    return ", ".join(part for part in (str(info.get("courier_name") or ""), car) if part)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
