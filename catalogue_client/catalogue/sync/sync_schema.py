"""The tables of synchronisation: what each source brought, how its runs went, and codes of places."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from catalogue_client.store.schema import Moment, metadata

source_records = Table(
    "source_records",
    metadata,
    Column("source", String(48), primary_key=True),  # its name; "" for files that were imported without one
    Column("key", String(20), primary_key=True),  # a digest of the record's own number, or of what it describes
    Column("record_id", String(64), nullable=False),
    Column("digest", String(24), nullable=False),  # of the record's bytes: an equal one is not read again
    Column("run", Integer, nullable=False),  # the last in which the source had it
    Column("gone", String(8), nullable=False),  # "", "asked": the source deleted it, "done": so did we
    Index("source_records_by_digest", "source", "digest"),
    Index("source_records_by_record", "record_id"),
)

catalogue_sources = Table(
    "catalogue_sources",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("run", Integer, nullable=False),  # 1-based
    Column("begun", Moment, nullable=False),
    Column("alive", Moment, nullable=False),  # when the run last kept something
    Column("ended", Moment),  # None while it runs, or when it was broken off
    Column("state", Text, nullable=False),  # JSON: where to go on, what became of the last run
)

place_codes = Table(
    "place_codes",
    metadata,
    Column("code", String(96), primary_key=True),  # as the library's own system writes it
    Column("place_id", String(64), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("made", Moment, nullable=False),
)
"""Outlives the copies: a code that staff have mapped is known to the next run."""
