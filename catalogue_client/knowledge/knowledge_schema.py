"""The tables of what the library says about itself, and of what it was asked and did not know."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from catalogue_client.store.schema import SERIAL, Moment, metadata

statements = Table(
    "statements",
    metadata,
    Column("number", SERIAL, primary_key=True),
    Column("subject", String(80), nullable=False),  # "answer:fines", "place:chekhov", "day:2026-12-16"
    Column("value", Text, nullable=False),  # JSON; "{}" takes back what was said before
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("statements_by_subject", "subject", "number"),
    sqlite_autoincrement=True,
)
"""Never changed, only added to: the newest of a subject is in force, those before are its history."""

asked_questions = Table(
    "asked_questions",
    metadata,
    Column("topic", String(48), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("words", String(300), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", Date, nullable=False),
)
"""What was asked and not known, without who asked or when on the day."""
