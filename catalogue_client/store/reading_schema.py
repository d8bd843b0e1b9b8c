"""The tables of the electronic reading room and of readers' own lists. Whose they are stands under a pseudonym; the
rest is sealed."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Text

from catalogue_client.store.schema import Moment, metadata

books = Table(
    "books",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("record_id", String(64), nullable=False, default=""),  # of the catalogue; "" where there is none
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False),
    Column("who_may", String(16), nullable=False),  # everybody, members, eligible, reading_room
    Column("words", Integer, nullable=False),
    Column("text", LargeBinary, nullable=False),  # BookText as JSON, deflated
    Column("added", Date, nullable=False),
    Index("books_by_record", "record_id"),
)

reading_places = Table(
    "reading_places",
    metadata,
    Column("reader", String(64), primary_key=True),  # pseudonym
    Column("book", String(64), primary_key=True),  # its digest: what was read is nobody's to see
    Column("sealed", LargeBinary, nullable=False),  # the book, the sentence, the bookmarks
    Column("at", Moment, nullable=False),
    Index("places_by_reader", "reader", "at"),
)

reading_consents = Table(
    "reading_consents",
    metadata,
    Column("reader", String(64), primary_key=True),  # pseudonym
    Column("given", Moment, nullable=False),
)
"""Readers who have agreed that their places are kept."""

reader_lists = Table(
    "reader_lists",
    metadata,
    Column("reader", String(64), primary_key=True),  # pseudonym
    Column("kind", String(16), primary_key=True),  # shelf, author
    Column("item", String(64), primary_key=True),  # its digest: what is read is nobody's to see
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Books put aside for later, and authors whose new books a reader wants to hear of."""
