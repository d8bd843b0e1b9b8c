"""What must not be read by whoever copies the database: PINs, addresses, telephone numbers, who did what.

All of it hangs on the pepper, a secret that is kept apart from the database. A four-digit PIN is found from its
hash alone in seconds; with the pepper it is not.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any, TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

NONCE_BYTES = 12

PersonalData = TypeVar("PersonalData")


def known_pepper(home: Path) -> bytes | None:
    """Return the pepper in the file `pepper` of `home`; None without a file, or with one that was never finished.

    Raises OSError when it cannot be read.
    """
    try:
        return (home / "pepper").read_bytes() or None
    except FileNotFoundError:
        return None


def make_pepper(home: Path) -> bytes:
    """Make a pepper in the file `pepper` of `home`, for its owner alone, and return it.

    Only for a store that nothing is in yet.

    Raises OSError when it cannot be made.
    """
    pepper, new = secrets.token_bytes(32), home / "pepper.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pepper)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, home / "pepper")
    return pepper


class Encryption:
    """Hashes PINs, seals personal data and makes pseudonyms with one pepper."""

    def __init__(self, pepper: bytes) -> None:
        self.pepper = pepper
        self._sealing = AESGCM(self._derived("seal"))
        # OWASP's second choice for argon2id: 19 MiB, two passes, one lane; 20 to 50 ms on a small machine.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.pepper, purpose.encode(), "sha256")

    @property
    def fingerprint(self) -> str:
        """Shows whether two peppers are the same, and nothing else of them: 64 hexadecimal digits."""
        return self._derived("fingerprint").hex()

    def pseudonym(self, kind: str, name: str) -> str:
        """Return the same short name for the same person or line each time; without the pepper nobody knows whose."""
        return kind + ":" + hmac.new(self._derived("name"), f"{kind}:{name}".encode(), hashlib.sha256).hexdigest()[:24]

    def digest(self, purpose: str, text: str) -> str:
        """Return 64 hexadecimal digits, the same for the same text; without the pepper no text can be tried."""
        return hmac.new(self._derived(purpose), text.encode(), hashlib.sha256).hexdigest()

    def seal(self, text: str) -> bytes:
        """Return `text` encrypted for the database: nonce, then AES-256-GCM."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._sealing.encrypt(nonce, text.encode(), None)

    def unseal(self, sealed: bytes | None) -> str:
        """Return what was sealed; "" for None. Raises cryptography's InvalidTag when the pepper is another one."""
        return (
            "" if sealed is None else self._sealing.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()
        )

    async def hash_pin(self, ticket: str, pin: str) -> str:
        """Return the argon2id hash of the peppered PIN; "" for no PIN, which nothing fits."""
        return await asyncio.to_thread(self._hasher.hash, self._peppered(ticket, pin)) if pin else ""

    async def fits(self, pin_hash: str | None, ticket: str, pin: str) -> bool:
        """Return whether the PIN is right. For nobody's ticket (None) it takes as long, and the PIN is wrong."""
        return await asyncio.to_thread(self._fits, pin_hash or self._nobody, self._peppered(ticket, pin))

    def _fits(self, pin_hash: str, peppered: bytes) -> bool:
        try:
            return self._hasher.verify(pin_hash, peppered)
        except (VerificationError, InvalidHashError):
            return False

    def _peppered(self, ticket: str, pin: str) -> bytes:
        return hmac.digest(self._derived("pin"), f"{ticket}:{pin}".encode(), "sha256")


_adapters: dict[type, TypeAdapter[Any]] = {}
"""Made once for each dataclass: making one takes longer than a booking's own work."""


def _adapter(kind: type[object]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def sealed(encryption: Encryption, value: object) -> bytes:
    """Return a dataclass for the database: JSON, sealed."""
    return encryption.seal(_adapter(type(value)).dump_json(value).decode())


def opened(encryption: Encryption, kept: bytes | None, kind: type[PersonalData]) -> PersonalData:
    """Return the dataclass that was sealed; one with default values for None.

    Raises cryptography's InvalidTag when it was sealed with another pepper, pydantic's ValidationError when it is of
    another kind.
    """
    return kind() if kept is None else cast(PersonalData, _adapter(kind).validate_json(encryption.unseal(kept)))
