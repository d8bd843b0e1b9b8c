"""When a loan was last renewed, until when a hold is suspended, and what readers have put aside or want to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("loans", sa.Column("renewed", sa.Date))
    op.add_column("holds", sa.Column("suspended_until", sa.Date))
    op.create_table(
        "reader_lists",
        sa.Column("reader", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
