"""Who a request comes from: one signed cookie, and a token in each form that only our own pages can hold."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from itsdangerous import BadData, URLSafeTimedSerializer

from voice.staff_site.accounts import Account, Accounts
from voice.staff_site.errors import StaffError

COOKIE = "dauys_staff"
SESSION_S = 12 * 3600
"""One long working day."""
FORM_S = 7 * 24 * 3600
"""A form that lay open over a week-end is still taken, after a new log-in."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes and reads the cookie. It names the account and a part of its hash: a new passphrase ends old sessions."""

    key: bytes
    accounts: Accounts

    def begin(self, response: web.StreamResponse, account: Account, secure: bool) -> None:
        value = self._signed("session").dumps([account.name, _stamp(account)])
        response.set_cookie(COOKIE, value, max_age=SESSION_S, path="/", httponly=True, samesite="Strict", secure=secure)

    def end(self, response: web.StreamResponse) -> None:
        response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")

    def account(self, cookie: str) -> Account | None:
        """Whose session it is; None for one that has ended or was never given. Blocks. Raises StaffError."""
        try:
            name, stamp = self._signed("session").loads(cookie, max_age=SESSION_S)
        except (BadData, ValueError, TypeError):
            return None
        account = self.accounts.get(name)
        return account if account and _stamp(account) == stamp else None

    def form_token(self, account: Account) -> str:
        return str(self._signed("form").dumps(account.name))

    def is_ours(self, token: str, account: Account) -> bool:
        """Whether a form with this token was given to this account by us."""
        try:
            return bool(self._signed("form").loads(token, max_age=FORM_S) == account.name)
        except BadData:
            return False

    def _signed(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self.key, salt=f"dauys.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )


def _stamp(account: Account) -> str:
    return hashlib.sha256(account.passphrase.encode()).hexdigest()[:16]


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
