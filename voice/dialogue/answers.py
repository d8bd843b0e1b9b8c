"""What every answer of the library leads to. Failures are told in failing.py."""

from __future__ import annotations

from collections.abc import Mapping

from voice.dialogue import commands
from voice.dialogue.features import (
    address,
    authentication,
    booking,
    ending,
    my_deliveries,
    my_loans,
    places,
    preferences,
    read_back,
    records,
    search,
)
from voice.dialogue.transition import AnswerHandler

ANSWERS: Mapping[type[commands.Command], AnswerHandler] = {
    commands.Search: search.found,
    commands.ListNewBooks: search.found,
    commands.FindHoldings: records.on_shelves,
    commands.FindPlace: places.on_places,
    commands.Identify: authentication.identified,
    commands.ListLoans: my_loans.on_loans,
    commands.ListHistory: my_loans.on_history,
    commands.ListHolds: my_loans.on_holds,
    commands.UsedHolds: booking.on_used_holds,
    commands.ListDeliveries: my_deliveries.on_deliveries,
    commands.AcknowledgeDeliveryNews: my_deliveries.news_heard,
    commands.ListRequestOutcomes: authentication.on_wishes,
    commands.AcknowledgeRequestOutcomes: authentication.wishes_told,
    commands.DeliverySlots: booking.on_slots,
    commands.CollectionSlots: booking.on_slots,
    commands.PlaceHold: read_back.booked,
    commands.Renew: read_back.booked,
    commands.RenewAll: read_back.booked,
    commands.BookDelivery: read_back.booked,
    commands.BookCollection: read_back.booked,
    commands.Register: read_back.booked,
    commands.SetAddress: address.kept,
    commands.CancelHold: read_back.cancelled,
    commands.CancelDelivery: read_back.cancelled,
    commands.CourierPhone: my_deliveries.courier_found,
    commands.SavePreferences: preferences.remembered,
    commands.HandOver: ending.handed_over,
}
