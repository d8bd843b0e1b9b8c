"""An index of copies by their bar codes: a synchronisation looks for a code that has moved to another record."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NAMED = sa.text("item <> ''")


def upgrade() -> None:
    op.create_index("copies_by_item", "copies", ["item"], sqlite_where=NAMED, postgresql_where=NAMED)
