"""The tables of home delivery. Whose a delivery is stands under a pseudonym; what is personal is sealed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from catalogue_client.store.schema import SERIAL, Moment, metadata

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("reader", String(64), nullable=False),  # pseudonym; "" once the reader was erased
    Column("kind", String(16), nullable=False),  # delivery, collection
    Column("status", String(16), nullable=False),
    Column("place_id", String(64), nullable=False),  # where the books are gathered, or brought back to
    Column("district", String(32), nullable=False, default=""),
    Column("courier_id", String(16), nullable=False),  # of the rules: who carries it
    Column("starts", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("booked", Moment, nullable=False),
    Column("undo_until", Moment, nullable=False),
    Column("expected", Moment),
    Column("ended", Moment),
    Column("announced", String(16), nullable=False, default=""),  # the last news that the reader has heard
    Column("grams", Integer, nullable=False),
    Column("signs", Boolean, nullable=False, default=False),  # a new reader, who signs at the door
    Column("sealed", LargeBinary),  # ticket, name, phone, address, note, code, courier; see sealed_data.py
    Index("deliveries_by_reader", "reader", "status"),
    Index("deliveries_by_window", "starts", "status"),
)

delivery_items = Table(
    "delivery_items",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("number", ForeignKey("deliveries.number"), nullable=False),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("copy_id", ForeignKey("copies.id"), nullable=False),
    Column("loan_id", ForeignKey("loans.id")),  # the loan that a collection ends
    Column("place_id", String(64), nullable=False),  # where the copy stood when it was booked
    Column("grams", Integer, nullable=False),
    Index("items_by_delivery", "number"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", ForeignKey("deliveries.number"), primary_key=True),
    Column("wants", String(8), nullable=False),  # trip: a courier is to come; none: none is to come
    Column("state", String(8), nullable=False),  # new, done
    Column("tries", Integer, nullable=False, default=0),
    Column("next_at", Moment, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", Moment),
    Column("error", Text, nullable=False, default=""),
    Index("outbox_due", "state", "next_at"),
)
"""What is wanted of an outside courier, one row a delivery: written with the booking, worked off until it is so."""

trips = Table(
    "trips",
    metadata,
    Column("request_id", String(64), primary_key=True),  # stored before the first request goes out
    Column("number", ForeignKey("deliveries.number"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("courier_id", String(16), nullable=False),  # of the rules: who was asked
    Column("trip_id", String(64)),  # the courier's own id
    Column("status", String(64), nullable=False, default=""),  # in the courier's words
    Column("version", Integer, nullable=False, default=0),
    Column("updated", String(40), nullable=False, default=""),
    Column("closed", Boolean, nullable=False, default=False),  # the courier has said that nobody will come for it
    Column("price", String(20), nullable=False, default=""),  # decimal, for the library's ledger
    Index("trips_by_number", "number", "attempt", unique=True),
    Index("trips_by_id", "trip_id"),
)

courier_events = Table(
    "courier_events",
    metadata,
    Column("trip_id", String(64), primary_key=True),
    Column("operation", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""News of the courier that were applied; they may come again."""

staff_tasks = Table(
    "staff_tasks",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("about", String(64), unique=True),  # the same thing is noted once
    Column("kind", String(16), nullable=False),  # callback, delivery, courier
    Column("number", ForeignKey("deliveries.number")),
    Column("reader", String(64), nullable=False, default=""),
    Column("line", Text, nullable=False, default=""),  # nothing personal
    Column("sealed", LargeBinary),  # ticket, caller, context of a call-back
    Column("at", Moment, nullable=False),
    Column("done", Moment),
    Index("open_tasks", "done", "id"),
)
"""What a person has to look at."""
