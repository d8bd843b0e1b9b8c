"""What every wish means at every place of the dialogue.

Read it as the specification: UNIVERSAL wishes (universal.py) come first, then those of the place, then those that may
be said ANYWHERE; "*" takes whatever else is said there. A wish found in none of them is answered with help.
Nothing in these tables changes the world but `confirming.yes`, and `undo` of what was just done.
"""

from __future__ import annotations

from collections.abc import Mapping

from voice.dialogue import agreement
from voice.dialogue.confirmation import declined, meant
from voice.dialogue.features import (
    address,
    authentication,
    booking,
    digit_entry,
    ending,
    menu,
    my_deliveries,
    my_loans,
    places,
    preferences,
    read_back,
    records,
    registration,
    search,
    spelled_input,
)
from voice.dialogue.features.global_commands import UNIVERSAL, back, cancel_booked, start_over
from voice.dialogue.lists import next_page, previous_page
from voice.dialogue.states import (
    Booked,
    Confirm,
    CourierNotes,
    DeliveryDetail,
    DeliveryList,
    DialogueState,
    Doubt,
    Flat,
    Goodbye,
    HoldDetail,
    HoldList,
    House,
    LanguageList,
    Letters,
    ListNumberEntry,
    LoanDetail,
    LoanList,
    Menu,
    Name,
    NewPin,
    Phone,
    Pin,
    PlaceList,
    RecordDetail,
    ResultList,
    SlotList,
    Start,
    Street,
    Ticket,
)
from voice.dialogue.transition import Handler

known = authentication.known
Wishes = Mapping[str, Handler]

PAGES: Wishes = {"next": next_page, "previous": previous_page}
NUMBER: Wishes = {
    "digits": digit_entry.said,
    "select": digit_entry.said,
    "more": digit_entry.said,
    "no": digit_entry.given_up,
    "search": digit_entry.searched,
}

PLACES: Mapping[type[DialogueState], Wishes] = {
    Start: {"yes": start_over, "no": ending.declined, "more": menu.more},
    Goodbye: {"yes": start_over, "no": ending.goodbye},
    Menu: {**PAGES, "select": menu.choose, "digits": menu.choose, "no": back, "more": next_page},
    Letters: {"letters_done": spelled_input.search, "no": spelled_input.erased, "*": spelled_input.said},
    Street: {"letters_done": address.street_given, "yes": address.street_given, "*": address.street_said},
    House: {"house": address.house, "*": address.house_said},
    Flat: {**NUMBER, "flat": address.flat, "no": address.no_flat},
    ListNumberEntry: NUMBER,
    ResultList: {
        **PAGES,
        "next": records.next_results,
        "select": records.open_record,
        "digits": records.open_record,
        "more": records.open_record,
        "read_on": records.read_on,
        "availability": records.availability,
        "yes": records.accept,
        "no": records.decline_page,
        "number": digit_entry.begin_number,
    },
    RecordDetail: {
        "next": records.next_record,
        "previous": records.previous_record,
        "select": records.open_record,
        "digits": records.open_record,
        "more": records.more,
        "read_on": records.read_on,
        "availability": records.availability,
        "yes": records.accept,
        "no": records.decline,
        "number": digit_entry.begin_number,
    },
    Ticket: NUMBER,
    Pin: NUMBER,
    Phone: NUMBER,
    NewPin: NUMBER,
    Name: {"no": registration.no_name, "number": registration.no_name, "*": registration.name_given},
    SlotList: {
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
        "yes": read_back.yes,
        "half_yes": agreement.half_yes,
        "no": read_back.no,
        "cancel": read_back.no,
        "more": read_back.other,
        "next": read_back.other,
        "note": read_back.note_at_once,
    },
    CourierNotes: {
        **PAGES,
        "select": read_back.note,
        "digits": read_back.note,
        "no": read_back.no_note,
        "yes": read_back.no_note,
        "number": read_back.no_note,
        "*": read_back.note,
    },
    Booked: {"yes": start_over, "no": ending.goodbye, "cancel": cancel_booked, "more": menu.menu},
    LoanList: {
        **PAGES,
        "select": my_loans.open_entry,
        "digits": my_loans.open_entry,
        "more": my_loans.open_entry,
        "yes": my_loans.open_entry,
        "no": back,
        "renew": known(my_loans.renew),
        "number": digit_entry.begin_number,
    },
    LoanDetail: {
        "next": my_loans.step_entry,
        "previous": my_loans.step_entry,
        "select": my_loans.open_entry,
        "digits": my_loans.open_entry,
        "more": my_loans.open_entry,
        "yes": my_loans.loan_yes,
        "no": back,
        "renew": known(my_loans.renew),
        "number": digit_entry.begin_number,
    },
    HoldList: {
        **PAGES,
        "select": my_loans.open_entry,
        "digits": my_loans.open_entry,
        "more": my_loans.open_entry,
        "yes": my_loans.open_entry,
        "no": back,
        "cancel": known(my_loans.cancel_hold),
        "number": digit_entry.begin_number,
    },
    HoldDetail: {
        "next": my_loans.step_entry,
        "previous": my_loans.step_entry,
        "select": my_loans.open_entry,
        "digits": my_loans.open_entry,
        "more": my_loans.open_entry,
        "yes": known(my_loans.cancel_hold),
        "no": back,
        "cancel": known(my_loans.cancel_hold),
        "number": digit_entry.begin_number,
    },
    DeliveryList: {
        **PAGES,
        "select": my_deliveries.open_delivery,
        "digits": my_deliveries.open_delivery,
        "more": my_deliveries.open_delivery,
        "yes": my_deliveries.open_delivery,
        "no": back,
        "cancel": known(my_deliveries.cancel),
        "connect_courier": known(my_deliveries.courier),
        "number": digit_entry.begin_number,
    },
    DeliveryDetail: {
        "next": my_deliveries.step_delivery,
        "previous": my_deliveries.step_delivery,
        "select": my_deliveries.open_delivery,
        "digits": my_deliveries.open_delivery,
        "more": my_deliveries.open_delivery,
        "yes": my_deliveries.accept,
        "no": back,
        "cancel": known(my_deliveries.cancel),
        "connect_courier": known(my_deliveries.courier),
        "number": digit_entry.begin_number,
    },
    PlaceList: {
        **PAGES,
        "select": places.choose,
        "digits": places.choose,
        "yes": places.choose,
        "more": places.choose,
        "no": back,
        "search": places.named,
        "words": places.named,
    },
    LanguageList: {"select": preferences.choose_language, "digits": preferences.choose_language, "no": back},
    Doubt: {"yes": meant, "no": declined, "cancel": declined},
}

ANYWHERE: Wishes = {
    "search": search.search,
    "new_books": search.new_books,
    "spell_search": spelled_input.begin,
    "reserve": booking.reserve,
    "deliver": booking.deliver,
    "return_pickup": known(booking.return_pickup),
    "my_loans": known(my_loans.loans),
    "history": known(my_loans.history),
    "overdue": known(my_loans.loans),
    "renew": known(my_loans.renew),
    "renew_all": known(my_loans.loans),
    "my_holds": known(my_loans.holds),
    "my_deliveries": known(my_deliveries.deliveries),
    "connect_courier": known(my_deliveries.courier),
    "cancel": known(my_deliveries.deliveries),
    "address": address.address,
    "new_address": address.begin,
    "hours": places.hours,
    "nearest": places.hours,
    "register": registration.register,
    "recording_agreed": preferences.recording_agreed,
}


def handler(stage: DialogueState, name: str) -> Handler | None:
    """Who answers the wish `name` here; None when it has no meaning here."""
    here = PLACES[type(stage)]
    return UNIVERSAL.get(name) or here.get(name) or here.get("*") or ANYWHERE.get(name)
