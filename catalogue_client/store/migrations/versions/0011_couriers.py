"""Which courier of the rules carries a delivery, and which one was asked: there may be several."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # Before, a library had one courier: its own rounds, or Yandex with a row in the outbox for each delivery.
    op.add_column("deliveries", sa.Column("courier_id", sa.String(16), nullable=False, server_default="own_route"))
    op.execute("UPDATE deliveries SET courier_id = 'yandex' WHERE number IN (SELECT number FROM outbox)")
    op.add_column("trips", sa.Column("courier_id", sa.String(16), nullable=False, server_default="yandex"))
    op.execute("UPDATE facts SET name = 'courier journal yandex' WHERE name = 'courier journal'")
