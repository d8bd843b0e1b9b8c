"""What a conversation asks of the world outside it. The session does it; the outcome comes back as an event.

A command carries why it was issued, as `purpose` or `then`, so that an answer which comes late is taken for no other.
"""

from __future__ import annotations

from voice.dialogue.commands.catalogue_commands import (
    AskLibrary,
    FindHoldings,
    FindPlace,
    FindRecord,
    FindSeries,
    FindSimilar,
    ListNewBooks,
    NoteQuestion,
    Search,
    SearchPurpose,
)
from voice.dialogue.commands.command import (
    CHANGE_DEADLINE_S,
    READ_DEADLINE_S,
    RING_DEADLINE_S,
    Answer,
    AnyCommand,
    ChangeCommand,
    Command,
)
from voice.dialogue.commands.delivery_commands import (
    AcknowledgeDeliveryNews,
    BookCollection,
    BookDelivery,
    CancelDelivery,
    CollectionSlots,
    CourierPhone,
    DeliverySlots,
    ListDeliveries,
    UsedHolds,
)
from voice.dialogue.commands.reader_commands import (
    AcknowledgeRequestOutcomes,
    CancelHold,
    Identify,
    ListHistory,
    ListHolds,
    ListLoans,
    ListRequestOutcomes,
    PlaceHold,
    Register,
    Renew,
    RenewAll,
    SavePreferences,
    SetAddress,
)
from voice.dialogue.commands.staff_commands import HandOver, LeaveForStaff

__all__ = [
    "CHANGE_DEADLINE_S",
    "READ_DEADLINE_S",
    "RING_DEADLINE_S",
    "AcknowledgeDeliveryNews",
    "AcknowledgeRequestOutcomes",
    "Answer",
    "AnyCommand",
    "AskLibrary",
    "BookCollection",
    "BookDelivery",
    "CancelDelivery",
    "CancelHold",
    "ChangeCommand",
    "CollectionSlots",
    "Command",
    "CourierPhone",
    "DeliverySlots",
    "FindHoldings",
    "FindPlace",
    "FindRecord",
    "FindSeries",
    "FindSimilar",
    "HandOver",
    "Identify",
    "LeaveForStaff",
    "ListDeliveries",
    "ListHistory",
    "ListHolds",
    "ListLoans",
    "ListNewBooks",
    "ListRequestOutcomes",
    "NoteQuestion",
    "PlaceHold",
    "Register",
    "Renew",
    "RenewAll",
    "SavePreferences",
    "Search",
    "SearchPurpose",
    "SetAddress",
    "UsedHolds",
]
