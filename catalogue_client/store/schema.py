"""The tables. Other parts of the package add theirs to the same `metadata`; migrations/ makes them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)


class Moment(TypeDecorator[datetime]):
    """A point in time: kept in UTC, given back aware. A naive value is taken as local time."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as the database keeps it: UTC, naive."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the aware moment that the database kept."""
        return None if value is None else value.replace(tzinfo=UTC)


SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database gives out; SQLite counts only in columns called INTEGER."""

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False),
    Column("year", Integer),
    Column("formats", Text, nullable=False, default="print"),  # joined by ";", as are subjects and aliases
    Column("subjects", Text, nullable=False, default=""),
    Column("aliases", Text, nullable=False, default=""),
    Column("annotation", Text, nullable=False, default=""),
    Column("reading_room_only", Boolean, nullable=False, default=False),
    Column("popularity", Integer, nullable=False, default=0),  # loans so far
    Column("added", Date, nullable=False),
    Column("work_titles", Text, nullable=False, default=""),  # original and uniform titles, those of sets
    Column("isbns", Text, nullable=False, default=""),
    Column("series", Text, nullable=False, default=""),  # name#number, joined by ";"
    Column("volume", Integer),
    Column("narrator", Text, nullable=False, default=""),
    Column("gone", Boolean, nullable=False, default=False),  # its source has it no more; loans and holds still name it
    Index("records_by_added", "added"),
)

Index("records_by_popularity", records.c.popularity.desc(), records.c.id)
"""What is sorted at every start."""

work_corrections = Table(
    "work_corrections",
    metadata,
    Column("record_id", String(64), primary_key=True),
    Column("work", String(64), nullable=False),
    Column("apart", Boolean, nullable=False),  # of no other work, whatever its fields say
    Column("made", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
)
"""What staff have said about which records are one work. It outlives the record: the next import changes nothing."""

copies = Table(
    "copies",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("place_id", String(64), nullable=False),
    Column("format", String(16), nullable=False, default="print"),
    Column("status", String(16), nullable=False),  # see circulation/items.py
    Column("item", String(96), nullable=False, default=""),  # its bar code or number in the library's own system
    Column("code", String(96), nullable=False, default=""),  # of its place, as the library's own system writes it
    Column("reported", String(16), nullable=False, default=""),  # the status that a synchronisation brought last
    Index("copies_by_record", "record_id", "status", "place_id"),
    Index("copies_by_place", "place_id", "status", "record_id"),
    Index("copies_by_item", "item", sqlite_where=text("item <> ''"), postgresql_where=text("item <> ''")),
    Index("copies_by_code", "code", sqlite_where=text("code <> ''"), postgresql_where=text("code <> ''")),
)

readers = Table(
    "readers",
    metadata,
    Column("ticket", String(32), primary_key=True),
    Column("name", LargeBinary),  # sealed, as are address and telephone number
    Column("category", String(16), nullable=False, default="adult"),
    Column("pin_hash", Text, nullable=False),
    Column("address", LargeBinary),
    Column("phone", LargeBinary),
    Column("temporary", Boolean, nullable=False, default=False),
    Column("keeps_history", Boolean, nullable=False, default=False),
    Column("preferences", Text, nullable=False, default="{}"),
    Column("since", Date, nullable=False),
)

entitlements = Table(
    "entitlements",
    metadata,
    Column("reader", String(64), primary_key=True),  # pseudonym
    Column("sealed", LargeBinary, nullable=False),  # who verified, what kind of paper, district, last day
)
"""Who may have deliveries; see circulation/entitlements.py."""

tries = Table(
    "tries",
    metadata,
    Column("subject", String(80), primary_key=True),  # a pseudonym of the ticket or the caller
    Column("failures", Integer, nullable=False),
    Column("last", Moment, nullable=False),
    Column("locked_until", Moment),
)

checks = Table(
    "checks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("subject", String(80), primary_key=True),  # as in tries
    Column("until", Moment, nullable=False),
    Index("checks_by_subject", "subject"),
)
"""PINs that are being checked: each takes up one of the tries that are left."""

loans = Table(
    "loans",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("ticket", ForeignKey("readers.ticket")),  # forgotten at the return unless the reader keeps a history
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("copy_id", ForeignKey("copies.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("renewals", Integer, nullable=False, default=0),
    Column("returned", Date),
    Column("renewed", Date),  # last; a second renewal on one day is seldom meant
    Index("loans_by_ticket", "ticket", "returned"),
    Index("one_loan_a_copy", "copy_id", unique=True, sqlite_where=text("returned IS NULL"),
          postgresql_where=text("returned IS NULL")),
)  # fmt: skip

OPEN = text("status IN ('waiting', 'ready')")
OPEN_HOLD = ("waiting", "ready")
USED_HOLD = "delivering"
"""Of a hold whose copy is in a parcel: collected when the parcel is delivered, open again when it is not."""

holds = Table(
    "holds",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("ticket", ForeignKey("readers.ticket")),  # forgotten when it is closed; see closed_hold
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("place_id", String(64), nullable=False),
    Column("copy_id", ForeignKey("copies.id")),  # set once a copy is kept
    Column("status", String(16), nullable=False),
    Column("placed", Moment, nullable=False),
    Column("expires", Date),
    Column("suspended_until", Date),  # included; copies go to others meanwhile, the place in the queue stays
    Index("one_open_hold", "ticket", "record_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("one_hold_a_copy", "copy_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("queue", "record_id", "status", "id"),
)


def closed_hold(status: str) -> dict[str, str | None]:
    """Return the values of a hold that is over: whose it was is forgotten, as with a loan that is back."""
    return {"status": status, "ticket": None, "copy_id": None}


keys = Table(
    "keys",
    metadata,
    Column("key", String(128), primary_key=True),  # its digest under the pepper
    Column("request", String(64), nullable=False),  # the same of what was asked
    Column("answer", Text),  # sealed, in base64
    Column("at", Moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("chain", String(32), nullable=False),  # one for each node, so that nodes do not wait for one another
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_chain", "chain", "id"),
)

changes = Table(
    "changes",
    metadata,
    Column("number", SERIAL, primary_key=True),
    Column("record_id", String(64), nullable=False),
    Index("changes_by_record", "record_id", "number"),
    sqlite_autoincrement=True,
)
"""Records that are new, changed or gone, in order: what a search index follows."""

facts = Table(
    "facts",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the store remembers about itself, such as the digest of the shipped works."""

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of what the browser holds
    Column("name", String(40), nullable=False),
    Column("stamp", String(64), nullable=False),  # of the passphrase's hash: another passphrase ends the session
    Column("begun", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Index("sessions_by_age", "seen"),
)
"""Who is logged in at the staff site. A session that is not in it has ended."""
