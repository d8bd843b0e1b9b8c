"""Which source brought which record, copies by their bar codes, and codes of places."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

CODED = sa.text("code <> ''")


def upgrade() -> None:
    op.add_column("records", sa.Column("narrator", sa.Text(), nullable=False, server_default=""))
    op.add_column("records", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, length in (("item", 96), ("code", 96), ("reported", 16)):
        op.add_column("copies", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.create_index("copies_by_code", "copies", ["code"], sqlite_where=CODED, postgresql_where=CODED)
    op.create_table(
        "source_records",
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=24), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("gone", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_index("source_records_by_digest", "source_records", ["source", "digest"])
    op.create_index("source_records_by_record", "source_records", ["record_id"])
    op.create_table(
        "catalogue_sources",
        sa.Column("name", sa.String(length=48), primary_key=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("begun", sa.DateTime(), nullable=False),
        sa.Column("alive", sa.DateTime(), nullable=False),
        sa.Column("ended", sa.DateTime()),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.create_table(
        "place_codes",
        sa.Column("code", sa.String(length=96), primary_key=True),
        sa.Column("place_id", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
    )
