"""What every wish means at every place of the dialogue.

Read it as the specification: UNIVERSAL wishes (universal.py) come first, then those of the place, then those that may
be said ANYWHERE; "*" takes whatever else is said there. A wish found in none of them is answered with help.
Nothing in these tables changes the world but `confirming.yes`, and `undo` of what was just done.
"""

from __future__ import annotations

from collections.abc import Mapping

from voice.conversation import (
    addressing,
    agreeing,
    booking,
    borrowing,
    browsing,
    confirming,
    entry,
    following,
    identifying,
    manner,
    menu,
    parting,
    registering,
    searching,
    spelling,
    visiting,
)
from voice.conversation.doubting import declined, meant
from voice.conversation.move import Handler
from voice.conversation.paging import next_page, previous_page
from voice.conversation.stages import (
    Booked,
    Confirm,
    Deliveries,
    Doubt,
    Flat,
    Found,
    Goodbye,
    Holds,
    House,
    Languages,
    Letters,
    Loans,
    Menu,
    Name,
    NewPin,
    Notes,
    Number,
    OpenedDelivery,
    OpenedHold,
    OpenedLoan,
    OpenedRecord,
    Phone,
    Pin,
    Places,
    Slots,
    Stage,
    Start,
    Street,
    Ticket,
)
from voice.conversation.universal import UNIVERSAL, back, cancel_booked, start_over

known = identifying.known
Wishes = Mapping[str, Handler]

PAGES: Wishes = {"next": next_page, "previous": previous_page}
NUMBER: Wishes = {
    "digits": entry.said,
    "select": entry.said,
    "more": entry.said,
    "no": entry.given_up,
    "search": entry.searched,
}

PLACES: Mapping[type[Stage], Wishes] = {
    Start: {"yes": start_over, "no": parting.declined, "more": menu.more},
    Goodbye: {"yes": start_over, "no": parting.goodbye},
    Menu: {**PAGES, "select": menu.choose, "digits": menu.choose, "no": back, "more": next_page},
    Letters: {"letters_done": spelling.search, "no": spelling.erased, "*": spelling.said},
    Street: {"letters_done": addressing.street_given, "yes": addressing.street_given, "*": addressing.street_said},
    House: {"house": addressing.house, "*": addressing.house_said},
    Flat: {**NUMBER, "flat": addressing.flat, "no": addressing.no_flat},
    Number: NUMBER,
    Found: {
        **PAGES,
        "next": browsing.next_results,
        "select": browsing.open_record,
        "digits": browsing.open_record,
        "more": browsing.open_record,
        "read_on": browsing.read_on,
        "availability": browsing.availability,
        "yes": browsing.accept,
        "no": browsing.decline_page,
        "number": entry.begin_number,
    },
    OpenedRecord: {
        "next": browsing.next_record,
        "previous": browsing.previous_record,
        "select": browsing.open_record,
        "digits": browsing.open_record,
        "more": browsing.more,
        "read_on": browsing.read_on,
        "availability": browsing.availability,
        "yes": browsing.accept,
        "no": browsing.decline,
        "number": entry.begin_number,
    },
    Ticket: NUMBER,
    Pin: NUMBER,
    Phone: NUMBER,
    NewPin: NUMBER,
    Name: {"no": registering.no_name, "number": registering.no_name, "*": registering.name_given},
    Slots: {
        **PAGES,
        "select": booking.choose_slot,
        "when": booking.slot_when,
        "later": next_page,
        "search": booking.searched,
        "digits": booking.choose_slot,
        "yes": booking.choose_slot,
        "no": booking.no_slot,
    },
    Confirm: {
        "yes": confirming.yes,
        "half_yes": agreeing.half_yes,
        "no": confirming.no,
        "cancel": confirming.no,
        "more": confirming.other,
        "next": confirming.other,
        "note": confirming.note_at_once,
    },
    Notes: {
        **PAGES,
        "select": confirming.note,
        "digits": confirming.note,
        "no": confirming.no_note,
        "yes": confirming.no_note,
        "number": confirming.no_note,
        "*": confirming.note,
    },
    Booked: {"yes": start_over, "no": parting.goodbye, "cancel": cancel_booked, "more": menu.menu},
    Loans: {
        **PAGES,
        "select": borrowing.open_entry,
        "digits": borrowing.open_entry,
        "more": borrowing.open_entry,
        "yes": borrowing.open_entry,
        "no": back,
        "renew": known(borrowing.renew),
        "number": entry.begin_number,
    },
    OpenedLoan: {
        "next": borrowing.step_entry,
        "previous": borrowing.step_entry,
        "select": borrowing.open_entry,
        "digits": borrowing.open_entry,
        "more": borrowing.open_entry,
        "yes": borrowing.loan_yes,
        "no": back,
        "renew": known(borrowing.renew),
        "number": entry.begin_number,
    },
    Holds: {
        **PAGES,
        "select": borrowing.open_entry,
        "digits": borrowing.open_entry,
        "more": borrowing.open_entry,
        "yes": borrowing.open_entry,
        "no": back,
        "cancel": known(borrowing.cancel_hold),
        "number": entry.begin_number,
    },
    OpenedHold: {
        "next": borrowing.step_entry,
        "previous": borrowing.step_entry,
        "select": borrowing.open_entry,
        "digits": borrowing.open_entry,
        "more": borrowing.open_entry,
        "yes": known(borrowing.cancel_hold),
        "no": back,
        "cancel": known(borrowing.cancel_hold),
        "number": entry.begin_number,
    },
    Deliveries: {
        **PAGES,
        "select": following.open_delivery,
        "digits": following.open_delivery,
        "more": following.open_delivery,
        "yes": following.open_delivery,
        "no": back,
        "cancel": known(following.cancel),
        "connect_courier": known(following.courier),
        "number": entry.begin_number,
    },
    OpenedDelivery: {
        "next": following.step_delivery,
        "previous": following.step_delivery,
        "select": following.open_delivery,
        "digits": following.open_delivery,
        "more": following.open_delivery,
        "yes": following.accept,
        "no": back,
        "cancel": known(following.cancel),
        "connect_courier": known(following.courier),
        "number": entry.begin_number,
    },
    Places: {
        **PAGES,
        "select": visiting.choose,
        "digits": visiting.choose,
        "yes": visiting.choose,
        "more": visiting.choose,
        "no": back,
        "search": visiting.named,
        "words": visiting.named,
    },
    Languages: {"select": manner.choose_language, "digits": manner.choose_language, "no": back},
    Doubt: {"yes": meant, "no": declined, "cancel": declined},
}

ANYWHERE: Wishes = {
    "search": searching.search,
    "new_books": searching.new_books,
    "spell_search": spelling.begin,
    "reserve": booking.reserve,
    "deliver": booking.deliver,
    "return_pickup": known(booking.return_pickup),
    "my_loans": known(borrowing.loans),
    "history": known(borrowing.history),
    "overdue": known(borrowing.loans),
    "renew": known(borrowing.renew),
    "renew_all": known(borrowing.loans),
    "my_holds": known(borrowing.holds),
    "my_deliveries": known(following.deliveries),
    "connect_courier": known(following.courier),
    "cancel": known(following.deliveries),
    "address": addressing.address,
    "new_address": addressing.begin,
    "hours": visiting.hours,
    "nearest": visiting.hours,
    "register": registering.register,
    "recording_agreed": manner.recording_agreed,
}


def handler(stage: Stage, name: str) -> Handler | None:
    """Who answers the wish `name` here; None when it has no meaning here."""
    here = PLACES[type(stage)]
    return UNIVERSAL.get(name) or here.get(name) or here.get("*") or ANYWHERE.get(name)
