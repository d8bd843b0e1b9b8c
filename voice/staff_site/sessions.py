"""Who a request comes from: a cookie that names a session kept in the store, and a token of that session in each form.

What the browser holds opens nothing once its session is out of the store: after a log-out, an hour of nothing, a
working day, another passphrase, the end of the account.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import delete, insert, select, update

from catalogue_client.store.database import Database
from catalogue_client.store.schema import staff_sessions
from voice.configuration.staff_accounts import StaffAccount, StaffAccounts, StaffError

COOKIE = "dauys_staff"
SESSION_S = 12 * 3600
"""One long working day."""
IDLE_S = 3600
"""Without a request; what was being filled in then waits for the next log-in."""
SEEN_EVERY_S = 60
"""A request later than this after the last one is written down: not each of them."""
BACKWARDS_S = 300
"""A clock that was set back by more makes a session's age unknown: it has ended."""
FORM_S = 7 * 24 * 3600
"""A form that lay open over a week-end is offered again after a new log-in."""


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in that has not ended."""

    id: str
    """SHA-256 of what the browser holds, so that nobody can take the place of its holder who reads the store."""
    account: StaffAccount


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins, finds and ends sessions. Accounts are read each time: an account that changes ends its sessions."""

    key: bytes
    """Signs the tokens of forms."""
    accounts: StaffAccounts
    database: Database
    clock: Callable[[], datetime]

    async def begin(self, account: StaffAccount) -> tuple[str, Session]:
        """A new session, and what its browser is to hold. Raises LibraryError."""
        cookie, now = secrets.token_urlsafe(32), self.clock()
        session = Session(_hashed(cookie), account)
        row = {"id": session.id, "name": account.name, "stamp": _hashed(account.passphrase), "begun": now, "seen": now}
        table = staff_sessions.c
        over = (table.seen < now - timedelta(seconds=IDLE_S)) | (table.begun < now - timedelta(seconds=SESSION_S))
        async with self.database.writing() as connection:
            await connection.execute(delete(staff_sessions).where(over))
            await connection.execute(insert(staff_sessions).values(row))
        return cookie, session

    async def find(self, cookie: str) -> Session | None:
        """The session that this cookie opens; None for one that has ended or never was. Raises StaffError and
        LibraryError."""
        mine, now = staff_sessions.c.id == _hashed(cookie), self.clock()
        async with self.database.reading() as connection:
            row = (await connection.execute(select(staff_sessions).where(mine))).one_or_none()
        if row is None:
            return None
        account = await asyncio.to_thread(self.accounts.get, row.name)
        idle, age = (now - row.seen).total_seconds(), (now - row.begun).total_seconds()
        lasts = -BACKWARDS_S < idle < IDLE_S and -BACKWARDS_S < age < SESSION_S
        if account is None or _hashed(account.passphrase) != row.stamp or not lasts:
            await self.end(cookie)
            return None
        if idle > SEEN_EVERY_S:
            async with self.database.writing() as connection:
                await connection.execute(update(staff_sessions).where(mine).values(seen=now))
        return Session(row.id, account)

    async def end(self, cookie: str) -> None:
        """Take the session of this cookie out of the store; nobody comes in with the cookie any more."""
        async with self.database.writing() as connection:
            await connection.execute(delete(staff_sessions).where(staff_sessions.c.id == _hashed(cookie)))

    def form_token(self, session: Session) -> str:
        """Return the token that ties a form to this session."""
        return str(self._signed.dumps([session.account.name, session.id]))

    def is_ours(self, token: str, session: Session) -> bool:
        """Whether a form with this token was given to this session."""
        return self._read(token) == [session.account.name, session.id]

    def was_ours(self, token: str, account: StaffAccount) -> bool:
        """Whether a form with this token was given to an earlier session of this account."""
        read = self._read(token)
        return isinstance(read, list) and read[:1] == [account.name]

    def _read(self, token: str) -> object:
        try:
            return self._signed.loads(token, max_age=FORM_S)
        except BadData:
            return None

    @property
    def _signed(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.key, salt="dauys.form", signer_kwargs={"digest_method": hashlib.sha256})


def give(response: web.StreamResponse, cookie: str, secure: bool) -> None:
    """Have the browser hold the cookie."""
    response.set_cookie(COOKIE, cookie, max_age=SESSION_S, path="/", httponly=True, samesite="Strict", secure=secure)


def take_away(response: web.StreamResponse) -> None:
    """Have the browser forget the cookie."""
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def session_key(home: Path) -> bytes:
    """The key in the file `staff.key` of `home`, made for its owner alone when it is missing. Raises StaffError."""
    path = home / "staff.key"
    try:
        try:
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(made, "wb") as file:
            file.write(secrets.token_bytes(32))
        return path.read_bytes()
    except OSError as error:
        raise StaffError(f"The key of the staff site {path} cannot be used: {error.strerror}.") from error
