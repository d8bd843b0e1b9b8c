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
from voice.values.intents import IntentName

known = authentication.known
Wishes = Mapping[str, Handler]

PAGES: Wishes = {IntentName.NEXT: next_page, IntentName.PREVIOUS: previous_page}
NUMBER: Wishes = {
    IntentName.DIGITS: digit_entry.said,
    IntentName.SELECT: digit_entry.said,
    IntentName.MORE: digit_entry.said,
    IntentName.NO: digit_entry.given_up,
    IntentName.SEARCH: digit_entry.searched,
}

PLACES: Mapping[type[DialogueState], Wishes] = {
    Start: {IntentName.YES: start_over, IntentName.NO: ending.declined, IntentName.MORE: menu.more},
    Goodbye: {IntentName.YES: start_over, IntentName.NO: ending.goodbye},
    Menu: {
        **PAGES,
        IntentName.SELECT: menu.choose,
        IntentName.DIGITS: menu.choose,
        IntentName.NO: back,
        IntentName.MORE: next_page,
    },
    Letters: {
        IntentName.LETTERS_DONE: spelled_input.search,
        IntentName.NO: spelled_input.erased,
        "*": spelled_input.said,
    },
    Street: {
        IntentName.LETTERS_DONE: address.street_given,
        IntentName.YES: address.street_given,
        "*": address.street_said,
    },
    House: {IntentName.HOUSE: address.house, "*": address.house_said},
    Flat: {**NUMBER, IntentName.FLAT: address.flat, IntentName.NO: address.no_flat},
    ListNumberEntry: NUMBER,
    ResultList: {
        **PAGES,
        IntentName.NEXT: records.next_results,
        IntentName.SELECT: records.open_record,
        IntentName.DIGITS: records.open_record,
        IntentName.MORE: records.open_record,
        IntentName.READ_ON: records.read_on,
        IntentName.AVAILABILITY: records.availability,
        IntentName.YES: records.accept,
        IntentName.NO: records.decline_page,
        IntentName.NUMBER: digit_entry.begin_number,
    },
    RecordDetail: {
        IntentName.NEXT: records.next_record,
        IntentName.PREVIOUS: records.previous_record,
        IntentName.SELECT: records.open_record,
        IntentName.DIGITS: records.open_record,
        IntentName.MORE: records.more,
        IntentName.READ_ON: records.read_on,
        IntentName.AVAILABILITY: records.availability,
        IntentName.YES: records.accept,
        IntentName.NO: records.decline,
        IntentName.NUMBER: digit_entry.begin_number,
    },
    Ticket: NUMBER,
    Pin: NUMBER,
    Phone: NUMBER,
    NewPin: NUMBER,
    Name: {IntentName.NO: registration.no_name, IntentName.NUMBER: registration.no_name, "*": registration.name_given},
    SlotList: {
        **PAGES,
        IntentName.SELECT: booking.choose_slot,
        IntentName.WHEN: booking.slot_when,
        IntentName.LATER: next_page,
        IntentName.SEARCH: booking.searched,
        IntentName.DIGITS: booking.choose_slot,
        IntentName.YES: booking.choose_slot,
        IntentName.NO: booking.no_slot,
    },
    Confirm: {
        IntentName.YES: read_back.yes,
        IntentName.HALF_YES: agreement.half_yes,
        IntentName.NO: read_back.no,
        IntentName.CANCEL: read_back.no,
        IntentName.MORE: read_back.other,
        IntentName.NEXT: read_back.other,
        IntentName.NOTE: read_back.note_at_once,
    },
    CourierNotes: {
        **PAGES,
        IntentName.SELECT: read_back.note,
        IntentName.DIGITS: read_back.note,
        IntentName.NO: read_back.no_note,
        IntentName.YES: read_back.no_note,
        IntentName.NUMBER: read_back.no_note,
        "*": read_back.note,
    },
    Booked: {
        IntentName.YES: start_over,
        IntentName.NO: ending.goodbye,
        IntentName.CANCEL: cancel_booked,
        IntentName.MORE: menu.menu,
    },
    LoanList: {
        **PAGES,
        IntentName.SELECT: my_loans.open_entry,
        IntentName.DIGITS: my_loans.open_entry,
        IntentName.MORE: my_loans.open_entry,
        IntentName.YES: my_loans.open_entry,
        IntentName.NO: back,
        IntentName.RENEW: known(my_loans.renew),
        IntentName.NUMBER: digit_entry.begin_number,
    },
    LoanDetail: {
        IntentName.NEXT: my_loans.step_entry,
        IntentName.PREVIOUS: my_loans.step_entry,
        IntentName.SELECT: my_loans.open_entry,
        IntentName.DIGITS: my_loans.open_entry,
        IntentName.MORE: my_loans.open_entry,
        IntentName.YES: my_loans.loan_yes,
        IntentName.NO: back,
        IntentName.RENEW: known(my_loans.renew),
        IntentName.NUMBER: digit_entry.begin_number,
    },
    HoldList: {
        **PAGES,
        IntentName.SELECT: my_loans.open_entry,
        IntentName.DIGITS: my_loans.open_entry,
        IntentName.MORE: my_loans.open_entry,
        IntentName.YES: my_loans.open_entry,
        IntentName.NO: back,
        IntentName.CANCEL: known(my_loans.cancel_hold),
        IntentName.NUMBER: digit_entry.begin_number,
    },
    HoldDetail: {
        IntentName.NEXT: my_loans.step_entry,
        IntentName.PREVIOUS: my_loans.step_entry,
        IntentName.SELECT: my_loans.open_entry,
        IntentName.DIGITS: my_loans.open_entry,
        IntentName.MORE: my_loans.open_entry,
        IntentName.YES: known(my_loans.cancel_hold),
        IntentName.NO: back,
        IntentName.CANCEL: known(my_loans.cancel_hold),
        IntentName.NUMBER: digit_entry.begin_number,
    },
    DeliveryList: {
        **PAGES,
        IntentName.SELECT: my_deliveries.open_delivery,
        IntentName.DIGITS: my_deliveries.open_delivery,
        IntentName.MORE: my_deliveries.open_delivery,
        IntentName.YES: my_deliveries.open_delivery,
        IntentName.NO: back,
        IntentName.CANCEL: known(my_deliveries.cancel),
        IntentName.CONNECT_COURIER: known(my_deliveries.courier),
        IntentName.NUMBER: digit_entry.begin_number,
    },
    DeliveryDetail: {
        IntentName.NEXT: my_deliveries.step_delivery,
        IntentName.PREVIOUS: my_deliveries.step_delivery,
        IntentName.SELECT: my_deliveries.open_delivery,
        IntentName.DIGITS: my_deliveries.open_delivery,
        IntentName.MORE: my_deliveries.open_delivery,
        IntentName.YES: my_deliveries.accept,
        IntentName.NO: back,
        IntentName.CANCEL: known(my_deliveries.cancel),
        IntentName.CONNECT_COURIER: known(my_deliveries.courier),
        IntentName.NUMBER: digit_entry.begin_number,
    },
    PlaceList: {
        **PAGES,
        IntentName.SELECT: places.choose,
        IntentName.DIGITS: places.choose,
        IntentName.YES: places.choose,
        IntentName.MORE: places.choose,
        IntentName.NO: back,
        IntentName.SEARCH: places.named,
        IntentName.WORDS: places.named,
    },
    LanguageList: {
        IntentName.SELECT: preferences.choose_language,
        IntentName.DIGITS: preferences.choose_language,
        IntentName.NO: back,
    },
    Doubt: {IntentName.YES: meant, IntentName.NO: declined, IntentName.CANCEL: declined},
}

ANYWHERE: Wishes = {
    IntentName.SEARCH: search.search,
    IntentName.NEW_BOOKS: search.new_books,
    IntentName.SPELL_SEARCH: spelled_input.begin,
    IntentName.RESERVE: booking.reserve,
    IntentName.DELIVER: booking.deliver,
    IntentName.RETURN_PICKUP: known(booking.return_pickup),
    IntentName.MY_LOANS: known(my_loans.loans),
    IntentName.HISTORY: known(my_loans.history),
    IntentName.OVERDUE: known(my_loans.loans),
    IntentName.RENEW: known(my_loans.renew),
    IntentName.RENEW_ALL: known(my_loans.loans),
    IntentName.MY_HOLDS: known(my_loans.holds),
    IntentName.MY_DELIVERIES: known(my_deliveries.deliveries),
    IntentName.CONNECT_COURIER: known(my_deliveries.courier),
    IntentName.CANCEL: known(my_deliveries.deliveries),
    IntentName.ADDRESS: address.address,
    IntentName.NEW_ADDRESS: address.begin,
    IntentName.HOURS: places.hours,
    IntentName.NEAREST: places.hours,
    IntentName.REGISTER: registration.register,
    IntentName.RECORDING_AGREED: preferences.recording_agreed,
}


def handler(stage: DialogueState, name: str) -> Handler | None:
    """Who answers the wish `name` here; None when it has no meaning here."""
    here = PLACES[type(stage)]
    return UNIVERSAL.get(name) or here.get(name) or here.get("*") or ANYWHERE.get(name)
