"""The store knows its pepper and what it is for; sessions of the staff site are kept in it."""

import hmac

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

revision = "0005"
down_revision = "0004"

FACTS = sa.table("facts", sa.column("name", sa.String), sa.column("value", sa.Text))
SEALED = (
    sa.table("readers", sa.column("name", sa.LargeBinary)).c.name,
    sa.table("readers", sa.column("phone", sa.LargeBinary)).c.phone,
    sa.table("readers", sa.column("address", sa.LargeBinary)).c.address,
    sa.table("entitlements", sa.column("sealed", sa.LargeBinary)).c.sealed,
    sa.table("deliveries", sa.column("sealed", sa.LargeBinary)).c.sealed,
)


def upgrade() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("begun", sa.DateTime(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sessions_by_age", "staff_sessions", ["seen"], unique=False)
    pepper: bytes = context.config.attributes["pepper"]
    connection = op.get_bind()
    opening = AESGCM(hmac.digest(pepper, b"seal", "sha256"))
    for column in SEALED:
        # A pepper that was lost and silently replaced before this migration must not be taken for the right one.
        for sealed in connection.scalars(sa.select(column).where(column.is_not(None)).limit(1)):
            opening.decrypt(sealed[:12], sealed[12:], None)
    fingerprint = hmac.digest(pepper, b"fingerprint", "sha256").hex()
    connection.execute(sa.insert(FACTS).values(name="pepper", value=fingerprint))
    in_use = sa.text("SELECT 1 WHERE EXISTS (SELECT 1 FROM readers) OR EXISTS (SELECT 1 FROM records)")
    if connection.scalar(in_use):
        # Whether it was only tried out cannot be known: a person says so, until then it counts as a library's own.
        connection.execute(sa.insert(FACTS).values(name="purpose", value="library"))
