"""What the sandbox demands of a request: headers, fields, phones, coordinates, references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

PHONE = re.compile(r"\+77\d{9}|\+7727\d{7}")
MONEY = re.compile(r"-?\d{1,14}(\.\d{0,2})?")
LONGITUDES, LATITUDES = (76.6, 77.2), (43.0, 43.5)
"""Almaty and its surroundings. Swapped coordinates lie in the Arctic Ocean."""
HEAVIEST_KG = 10
FARTHEST = timedelta(days=3)
POINT_TYPES = {"source", "destination", "return"}


class ApiError(Exception):
    """An answer with 4xx."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def demand(holds: object, code: str, message: str = "") -> None:
    """Raises ApiError with status 400 unless `holds`."""
    if not holds:
        raise ApiError(400, code, message)


def check_headers(headers: Mapping[str, str], token: str) -> None:
    """Raises ApiError for a wrong token or a missing header."""
    if headers.get("Authorization") != f"Bearer {token}":
        raise ApiError(401, "unauthorized", "the token is not known")
    demand(headers.get("Accept-Language"), "bad_request", "Accept-Language is required")


def check_claim(body: Mapping[str, Any], now: datetime) -> None:
    """Raises ApiError with one of the official codes of claims/create."""
    items, points = body.get("items"), body.get("route_points")
    demand(isinstance(items, list) and items, "validation_error", "items")
    demand(isinstance(points, list) and 2 <= len(points) <= 300, "validation_error", "route_points")
    assert isinstance(items, list) and isinstance(points, list)
    kinds = {_check_point(point): point["type"] for point in points}
    demand(len(kinds) == len(points), "validation_error", "point_id is not unique")
    for needed in ("source", "destination"):
        demand(needed in kinds.values(), "validation_error", f"no {needed}")
    interval = _check_same_day(body, now)
    for item in items:
        _check_item(item, kinds, with_size=interval)
    demand(sum(item.get("weight") or 0 for item in items) <= HEAVIEST_KG, "validation_error", "too heavy")
    demand(len({item["cost_currency"] for item in items}) == 1, "different_cost_currencies")


def check_price(body: Mapping[str, Any]) -> None:
    """Raises ApiError with one of the official codes of check-price."""
    items, points = body.get("items"), body.get("route_points")
    demand(isinstance(items, list) and items, "validation_error", "items")
    demand(isinstance(points, list) and len(points) >= 2, "validation_error", "route_points")
    assert isinstance(items, list) and isinstance(points, list)
    for item in items:
        demand(isinstance(item, dict) and item.get("quantity"), "validation_error", "quantity")
    for point in points:
        demand(isinstance(point, dict), "validation_error", "route_point")
        check_address(point.get("fullname"))
        if "coordinates" in point:
            check_coordinates(point["coordinates"])


def check_coordinates(point: object) -> None:
    """Raises ApiError unless `point` is [longitude, latitude] in the zone."""
    pair = isinstance(point, list) and len(point) == 2 and all(isinstance(number, int | float) for number in point)
    demand(pair, "validation_error", "coordinates")
    assert isinstance(point, list)
    inside = LONGITUDES[0] <= point[0] <= LONGITUDES[1] and LATITUDES[0] <= point[1] <= LATITUDES[1]
    demand(inside, "unknown_zone", "no zone at these coordinates")


def check_address(address: object) -> None:
    """Raises ApiError unless `address` is a text with letters."""
    demand(isinstance(address, str) and address.strip(), "validation_error", "fullname")
    assert isinstance(address, str)
    demand("Каскелен" not in address and "Қаскелең" not in address, "address_outside_delivery_zone")
    demand("нет такой" not in address, "address_not_found")


def _check_point(point: Any) -> int:
    demand(isinstance(point, dict), "validation_error", "route_point")
    demand(point.get("type") in POINT_TYPES, "validation_error", "type")
    demand(isinstance(point.get("visit_order"), int), "validation_error", "visit_order")
    contact, address = point.get("contact"), point.get("address")
    demand(isinstance(contact, dict) and contact.get("name"), "validation_error", "contact")
    phone = str(contact.get("phone", ""))
    demand(phone.startswith("+"), "invalid_phone_must_start_plus_symbol")
    demand(phone[1:].isdecimal(), "invalid_phone_incorrect_symbol")
    demand(PHONE.fullmatch(phone), "country_phone_code_not_supported")
    if point["type"] != "destination":
        demand(contact.get("email"), "validation_error", "email")
    demand(isinstance(address, dict), "validation_error", "address")
    check_address(address.get("fullname"))
    if "coordinates" in address:
        check_coordinates(address["coordinates"])
    demand(len(str(address.get("comment", ""))) <= 7000, "validation_error", "comment")
    demand(point["type"] == "source" or "external_order_id" not in point, "external_order_id_not_allowed")
    demand(isinstance(point.get("point_id"), int), "validation_error", "point_id")
    return int(point["point_id"])


def _check_item(item: Any, kinds: Mapping[int, str], *, with_size: bool) -> None:
    demand(isinstance(item, dict) and item.get("title"), "validation_error", "title")
    demand(isinstance(item.get("quantity"), int) and item["quantity"] >= 1, "validation_error", "quantity")
    demand(isinstance(item.get("cost_value"), str) and MONEY.fullmatch(item["cost_value"]), "validation_error", "cost")
    demand(item.get("cost_currency"), "validation_error", "cost_currency")
    demand(kinds.get(item.get("pickup_point", 0)) == "source", "item_source_point_not_found")
    demand(kinds.get(item.get("dropoff_point", 0)) == "destination", "item_destination_point_not_found")
    if with_size:
        demand(item.get("size") and item.get("weight"), "sdd_items_without_parameters_forbidden")


def _check_same_day(body: Mapping[str, Any], now: datetime) -> bool:
    same_day = body.get("same_day_data")
    if same_day is None:
        return False
    demand("client_requirements" not in body, "sdd_client_requirements_forbidden")
    try:
        interval = same_day["delivery_interval"]
        first, last = (datetime.fromisoformat(interval[end]) for end in ("from", "to"))
    except (KeyError, TypeError, ValueError) as error:
        raise ApiError(400, "invalid_delivery_interval") from error
    demand(first.tzinfo and last.tzinfo and first < last, "invalid_delivery_interval")
    demand(last > now, "due_in_past")
    demand(first - now <= FARTHEST, "delay_too_long")
    return True
