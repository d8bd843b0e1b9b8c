"""What every answer of the library leads to. Failures are told in failing.py."""

from __future__ import annotations

from collections.abc import Mapping

from voice.conversation import (
    addressing,
    asks,
    booking,
    borrowing,
    browsing,
    confirming,
    following,
    identifying,
    manner,
    parting,
    searching,
    visiting,
)
from voice.conversation.move import AnswerHandler

ANSWERS: Mapping[type[asks.Ask], AnswerHandler] = {
    asks.Search: searching.found,
    asks.NewBooks: searching.found,
    asks.Holdings: browsing.shelves_came,
    asks.FindPlace: visiting.places_came,
    asks.Identify: identifying.identified,
    asks.Loans: borrowing.loans_came,
    asks.History: borrowing.history_came,
    asks.Holds: borrowing.holds_came,
    asks.UsedHolds: booking.used_holds_came,
    asks.Deliveries: following.deliveries_came,
    asks.NewsHeard: following.news_heard,
    asks.WishNews: identifying.wishes_came,
    asks.WishNewsHeard: identifying.wishes_told,
    asks.DeliverySlots: booking.slots_came,
    asks.CollectionSlots: booking.slots_came,
    asks.PlaceHold: confirming.booked,
    asks.Renew: confirming.booked,
    asks.RenewAll: confirming.booked,
    asks.BookDelivery: confirming.booked,
    asks.BookCollection: confirming.booked,
    asks.Register: confirming.booked,
    asks.SetAddress: addressing.kept,
    asks.CancelHold: confirming.cancelled,
    asks.CancelDelivery: confirming.cancelled,
    asks.CourierPhone: following.courier_found,
    asks.SavePreferences: manner.remembered,
    asks.HandOver: parting.handed_over,
}
