"""Where a reader is when she says something, as the corpus and the learnt model name it."""

from __future__ import annotations

START = "start"

STATES = frozenset(
    {"start", "results", "record", "places", "menu", "booked", "doubt", "slots", "notes", "ticket", "pin", "phone"}
    | {"loans", "loan", "holds", "hold", "deliveries", "delivery"}
    | {"confirm_hold", "confirm_delivery", "confirm_collection", "confirm_renew", "confirm_renew_all"}
    | {"confirm_cancel_hold", "confirm_cancel_delivery", "confirm_register", "confirm_address"}
)

_READ_BACK = "confirm"
_READ_BACKS = {
    "PlaceHold": "confirm_hold",
    "BookDelivery": "confirm_delivery",
    "BookCollection": "confirm_collection",
    "Renew": "confirm_renew",
    "RenewAll": "confirm_renew_all",
    "CancelHold": "confirm_cancel_hold",
    "CancelDelivery": "confirm_cancel_delivery",
    "Register": "confirm_register",
    "SetAddress": "confirm_address",
}
"""Class of the command that a yes carries out -> state."""
_LIKE = {
    "new_pin": "pin",
    "chosen_pin": "pin",
    "complaint": "notes",
    "chosen_phone": "phone",
    "number": "results",
    "letters": "ticket",
    "name": "ticket",
    "street": "ticket",
    "house": "ticket",
    "flat": "ticket",
    "languages": "menu",
    "reading": "record",
    "books": "results",
    "contents": "menu",
    "bookmarks": "menu",
    "which": "doubt",
    "goodbye": START,
}
"""Dialogue states that the corpus does not know -> the one in which people speak most alike."""


def state_name(dialogue_state_name: str, command_name: str = "") -> str:
    """Return the name, one of STATES, under which the corpus knows a dialogue state.

    `dialogue_state_name` is DialogueState.name, `command_name` the class name of the command that a read-back would
    carry out. A state that nobody has written sentences for is START.
    """
    if dialogue_state_name == _READ_BACK:
        return _READ_BACKS.get(command_name, "doubt")
    name = _LIKE.get(dialogue_state_name, dialogue_state_name)
    return name if name in STATES else START
