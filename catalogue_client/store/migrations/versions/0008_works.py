"""What joins records into works: original titles, ISBNs, series and volumes of records, and what staff correct."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for name in ("work_titles", "isbns", "series"):
        op.add_column("records", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("records", sa.Column("volume", sa.Integer()))
    op.create_table(
        "work_corrections",
        sa.Column("record_id", sa.String(length=64), primary_key=True),
        sa.Column("work", sa.String(length=64), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
    )
