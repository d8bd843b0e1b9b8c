"""Who may use the staff site: the file staff.toml, with a role and the argon2 hash of a passphrase for each name."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from voice.values.errors import VoiceError

ROLES: Mapping[str, frozenset[str]] = {
    "branch": frozenset({"callbacks", "readers", "answers"}),
    "delivery": frozenset({"callbacks", "deliveries"}),
    "administrator": frozenset({"callbacks", "readers", "answers", "deliveries", "desks", "models"}),
}
"""Role -> what it may do. Health, places and statistics are open to everybody who is logged in."""
NAME = r"[\w.-]{1,40}"
SHORTEST = 12
"""Characters of a passphrase; NIST SP 800-63B asks for eight, a site that shows addresses for more."""
LONGEST = 1000


class StaffError(VoiceError):
    """Accounts or the key of the staff site that cannot be read or written, or an account that is not as it must be."""


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """Somebody who may log in."""

    name: str
    role: str
    passphrase: str
    """argon2id hash with its parameters and salt."""

    def may(self, what: str) -> bool:
        """Whether the role includes a right; "" is a right that everybody has."""
        return not what or what in ROLES[self.role]


class StaffAccounts:
    """Reads the file again each time, so that whoever is removed is out at once. Blocks: call it in a thread."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = path
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash("nobody has this passphrase")

    def all(self) -> dict[str, StaffAccount]:
        """Name -> account. Raises StaffError when the file cannot be read."""
        try:
            tables: dict[str, Any] = tomllib.loads(self._path.read_text(encoding="utf-8"))
            accounts = {name: StaffAccount(name, **values) for name, values in tables.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            raise StaffError(f"The accounts in {self._path} cannot be read: {error}. Restore a backup.") from error
        if strange := [account.name for account in accounts.values() if account.role not in ROLES]:
            raise StaffError(f"The roles of {', '.join(strange)} in {self._path} are not known. Restore a backup.")
        return accounts

    def get(self, name: str) -> StaffAccount | None:
        """Return the account of that name, None when there is none. Raises StaffError."""
        return self.all().get(name)

    def set(self, name: str, role: str, passphrase: str) -> None:
        """Make an account, or give it another role and passphrase. Raises StaffError."""
        if not re.fullmatch(NAME, name):
            raise StaffError(f"'{name}' cannot be a name: use up to 40 letters, digits, dots and hyphens.")
        if role not in ROLES:
            raise StaffError(f"'{role}' is no role: there are {', '.join(ROLES)}.")
        if not SHORTEST <= len(passphrase) <= LONGEST:
            raise StaffError(f"A passphrase has at least {SHORTEST} characters; four words make a good one.")
        self._write({**self.all(), name: StaffAccount(name, role, self._hasher.hash(passphrase))})

    def remove(self, name: str) -> None:
        """Raises StaffError when there is nobody of that name."""
        accounts = self.all()
        if name not in accounts:
            raise StaffError(f"There is no account '{name}'. `dauys staff list` shows all.")
        self._write({other: account for other, account in accounts.items() if other != name})

    def admitted(self, name: str, passphrase: str) -> StaffAccount | None:
        """The account that name and passphrase fit; an unknown name takes as long to refuse as a wrong passphrase."""
        account = self.get(name)
        try:
            self._hasher.verify(account.passphrase if account else self._nobody, passphrase[:LONGEST])
        except (VerificationError, InvalidHashError):
            return None
        return account

    def _write(self, accounts: Mapping[str, StaffAccount]) -> None:
        lines = ["# Accounts of the staff site. Change them with `dauys staff`."]
        for account in accounts.values():
            lines += ["", f'["{account.name}"]', f'role = "{account.role}"', f'passphrase = "{account.passphrase}"']
        new = self._path.with_suffix(".new")
        try:
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            os.replace(new, self._path)
        except OSError as error:
            raise StaffError(f"The accounts in {self._path} cannot be written: {error.strerror}.") from error
