"""Who read what is forgotten with the return, and the audit goes on under a key.

Closed holds, keys, and deliveries that are over name no title any more.

The tables and the form of what is sealed are written down here as they were when this was made: the program's own may
change afterwards.
"""

import hmac
import json
import random
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

revision = "0006"
down_revision = "0005"

OPEN = ("waiting", "ready", "delivering")
ENDED = ("delivered", "cancelled", "failed")

LOANS = sa.table("loans", sa.column("id", sa.BigInteger))
HOLDS = sa.table("holds", sa.column("id", sa.BigInteger), sa.column("status", sa.String))
RECORDS = sa.table("records", sa.column("id", sa.String), sa.column("title", sa.Text), sa.column("author", sa.Text))
DELIVERIES = sa.table(
    "deliveries",
    sa.column("number", sa.Integer),
    sa.column("status", sa.String),
    sa.column("sealed", sa.LargeBinary),
)
ITEMS = sa.table(
    "delivery_items",
    sa.column("id", sa.BigInteger),
    sa.column("number", sa.Integer),
    sa.column("record_id", sa.String),
    sa.column("copy_id", sa.BigInteger),
    sa.column("loan_id", sa.BigInteger),
    sa.column("place_id", sa.String),
    sa.column("grams", sa.Integer),
)
AUDIT = sa.table(
    "audit",
    sa.column("id", sa.BigInteger),
    sa.column("chain", sa.String),
    sa.column("at", sa.DateTime),
    *(sa.column(name, sa.String) for name in ("actor", "action", "subject", "outcome", "hash")),
)
KEPT = ("record_id", "copy_id", "loan_id", "place_id", "grams")

HOLDS_ON_SQLITE = """
CREATE TABLE holds_without_closed (
    id INTEGER NOT NULL PRIMARY KEY,
    ticket VARCHAR(32) REFERENCES readers (ticket),
    record_id VARCHAR(64) NOT NULL REFERENCES records (id),
    place_id VARCHAR(64) NOT NULL,
    copy_id INTEGER REFERENCES copies (id),
    status VARCHAR(16) NOT NULL,
    placed DATETIME NOT NULL,
    expires DATE
)
"""


class _Keys:
    """How this revision seals and digests, whatever the program does later."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper
        self._sealing = AESGCM(self._derived("seal"))

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self._pepper, purpose.encode(), "sha256")

    def digest(self, purpose: str, text: str) -> str:
        return hmac.digest(self._derived(purpose), text.encode(), "sha256").hex()

    def seal(self, text: str) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._sealing.encrypt(nonce, text.encode(), None)

    def unseal(self, sealed: bytes) -> str:
        return self._sealing.decrypt(sealed[:12], sealed[12:], None).decode()


def upgrade() -> None:
    keys = _Keys(context.config.attributes["pepper"])
    connection = op.get_bind()
    _forget_keys()
    _seal_items(connection, keys)
    _forget_holds(connection)
    _renumber_loans(connection)
    _hand_over(connection, keys)
    _make_checks()
    _make_indexes()
    op.execute("UPDATE staff_tasks SET line = '', about = NULL WHERE done IS NOT NULL")


def _hand_over(connection: sa.Connection, keys: _Keys) -> None:
    """From here on the audit is sealed under a key: what each chain was before is confirmed once, under it."""
    last = sa.select(AUDIT.c.chain, sa.func.max(AUDIT.c.id), sa.func.count()).group_by(AUDIT.c.chain)
    now = datetime.now(UTC)
    for chain, newest, count in connection.execute(last).all():
        before = connection.scalar(sa.select(AUDIT.c.hash).where(AUDIT.c.id == newest))
        parts = ("system", "handed_over", f"{count} entries", "done")
        entry = json.dumps([before, chain, now.isoformat(), *parts], ensure_ascii=False)
        values = dict(zip(("actor", "action", "subject", "outcome"), parts, strict=True))
        kept = {"chain": chain, "at": now.replace(tzinfo=None), "hash": keys.digest("audit", entry)}
        connection.execute(sa.insert(AUDIT).values(values | kept))


def _make_checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", "subject"),
    )
    op.create_index("checks_by_subject", "checks", ["subject"], unique=False)


def _make_indexes() -> None:
    op.create_index("records_by_popularity", "records", [sa.text("popularity DESC"), "id"], unique=False)
    op.create_index("changes_by_record", "changes", ["record_id", "number"], unique=False)


def _forget_keys() -> None:
    """Their digests could be tried out, and their answers be read."""
    op.execute("DELETE FROM keys")


def _seal_items(connection: sa.Connection, keys: _Keys) -> None:
    """The books of deliveries that are over go into the sealed part."""
    over = sa.select(DELIVERIES.c.number, DELIVERIES.c.sealed).where(DELIVERIES.c.status.in_(ENDED))
    for number, sealed in connection.execute(over).all():
        query = (
            sa.select(ITEMS, RECORDS.c.title, RECORDS.c.author)
            .join(RECORDS, RECORDS.c.id == ITEMS.c.record_id)
            .where(ITEMS.c.number == number)
            .order_by(ITEMS.c.id)
        )
        items = [{name: getattr(row, name) for name in (*KEPT, "title", "author")} for row in connection.execute(query)]
        if sealed is not None and items:
            personal = json.loads(keys.unseal(sealed)) | {"items": items}
            kept = keys.seal(json.dumps(personal, ensure_ascii=False))
            connection.execute(sa.update(DELIVERIES).where(DELIVERIES.c.number == number).values(sealed=kept))
        connection.execute(sa.delete(ITEMS).where(ITEMS.c.number == number))


def _forget_holds(connection: sa.Connection) -> None:
    """Closed holds go; open ones get new numbers, in the same order, since the audit tells the old ones of readers."""
    beyond = (connection.scalar(sa.select(sa.func.max(HOLDS.c.id))) or 0) + 1
    open_ones = "status IN (" + ", ".join(f"'{status}'" for status in OPEN) + ")"
    if connection.dialect.name == "sqlite":
        op.execute(HOLDS_ON_SQLITE)
        op.execute(
            f"INSERT INTO holds_without_closed SELECT id + {beyond}, ticket, record_id, place_id, copy_id, status,"
            f" placed, expires FROM holds WHERE {open_ones}"
        )
        op.execute("DROP TABLE holds")
        op.execute("ALTER TABLE holds_without_closed RENAME TO holds")
        where = "WHERE status IN ('waiting', 'ready')"
        op.execute(f"CREATE UNIQUE INDEX one_open_hold ON holds (ticket, record_id) {where}")
        op.execute(f"CREATE UNIQUE INDEX one_hold_a_copy ON holds (copy_id) {where}")
        op.execute("CREATE INDEX queue ON holds (record_id, status, id)")
    else:
        op.execute("ALTER TABLE holds ALTER COLUMN ticket DROP NOT NULL")
        op.execute(f"DELETE FROM holds WHERE NOT {open_ones}")
        op.execute(f"UPDATE holds SET id = id + {beyond}")
        op.execute(f"SELECT setval(pg_get_serial_sequence('holds', 'id'), {2 * beyond})")


def _renumber_loans(connection: sa.Connection) -> None:
    """Loans get new numbers in no order, since the audit tells the old ones of readers."""
    old = list(connection.scalars(sa.select(LOANS.c.id)))
    if not old:
        return
    beyond = max(old) + 1
    new = list(range(beyond, beyond + len(old)))
    random.SystemRandom().shuffle(new)
    number = dict(zip(old, new, strict=True))
    of_items = connection.execute(sa.select(ITEMS.c.id, ITEMS.c.loan_id).where(ITEMS.c.loan_id.is_not(None))).all()
    connection.execute(sa.update(ITEMS).values(loan_id=None))
    connection.execute(
        sa.update(LOANS).where(LOANS.c.id == sa.bindparam("old")).values(id=sa.bindparam("new")),
        [{"old": loan, "new": number[loan]} for loan in old],
    )
    for item_id, loan_id in of_items:
        connection.execute(sa.update(ITEMS).where(ITEMS.c.id == item_id).values(loan_id=number[loan_id]))
    if connection.dialect.name != "sqlite":
        op.execute(f"SELECT setval(pg_get_serial_sequence('loans', 'id'), {beyond + len(old)})")
