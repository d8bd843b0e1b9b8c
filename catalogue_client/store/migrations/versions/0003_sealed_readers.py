"""Readers' names and rights to home delivery are sealed; the audit can only be added to."""

import hashlib
import hmac
import json
import secrets
from datetime import date

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

revision = "0003"
down_revision = "0002"

READERS = sa.table(
    "readers",
    sa.column("ticket", sa.String),
    sa.column("name", sa.Text),
    sa.column("sealed_name", sa.LargeBinary),
    sa.column("deliveries_until", sa.Date),
)
RIGHTS = sa.table("entitlements", sa.column("reader", sa.String), sa.column("sealed", sa.LargeBinary))

FOR_SQLITE = """
CREATE TRIGGER audit_keeps_{what} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
"""
FOR_POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$
"""
ON_POSTGRESQL = """
CREATE TRIGGER audit_keeps_{what} BEFORE {what} ON audit FOR EACH {each} EXECUTE FUNCTION audit_is_only_added_to()
"""


def upgrade() -> None:
    pepper: bytes = context.config.attributes["pepper"]
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")  # what stood in the open is overwritten, not just let go
    op.execute("ALTER TABLE readers ADD COLUMN sealed_name " + _binary(connection))
    for ticket, name, until in connection.execute(
        sa.select(READERS.c.ticket, READERS.c.name, READERS.c.deliveries_until)
    ).all():
        if name:
            kept = _seal(pepper, name)
            connection.execute(sa.update(READERS).where(READERS.c.ticket == ticket).values(sealed_name=kept))
        if until is not None:
            _keep_until(connection, pepper, ticket, until)
    op.execute("ALTER TABLE readers DROP COLUMN name")
    op.execute("ALTER TABLE readers RENAME COLUMN sealed_name TO name")
    op.execute("ALTER TABLE readers DROP COLUMN deliveries_until")
    if connection.dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(FOR_SQLITE.format(what=what))
    else:
        op.execute(FOR_POSTGRESQL)
        for what, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(ON_POSTGRESQL.format(what=what, each=each))


def _keep_until(connection: sa.Connection, pepper: bytes, ticket: str, until: date) -> None:
    name = f"reader:{ticket}".encode()
    reader = "reader:" + hmac.new(_derived(pepper, "name"), name, hashlib.sha256).hexdigest()[:24]
    kept = connection.scalar(sa.select(RIGHTS.c.sealed).where(RIGHTS.c.reader == reader))
    right = {"verified_by": "", "paper": "", "district": "", "may_tell": False}
    right |= json.loads(_unseal(pepper, kept)) if kept is not None else {}
    sealed = _seal(pepper, json.dumps(right | {"until": until.isoformat()}, ensure_ascii=False))
    if kept is None:
        connection.execute(sa.insert(RIGHTS).values(reader=reader, sealed=sealed))
    else:
        connection.execute(sa.update(RIGHTS).where(RIGHTS.c.reader == reader).values(sealed=sealed))


def _derived(pepper: bytes, purpose: str) -> bytes:
    return hmac.digest(pepper, purpose.encode(), "sha256")


def _seal(pepper: bytes, text: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_derived(pepper, "seal")).encrypt(nonce, text.encode(), None)


def _unseal(pepper: bytes, sealed: bytes) -> str:
    return AESGCM(_derived(pepper, "seal")).decrypt(sealed[:12], sealed[12:], None).decode()


def _binary(connection: sa.Connection) -> str:
    return "BLOB" if connection.dialect.name == "sqlite" else "BYTEA"
