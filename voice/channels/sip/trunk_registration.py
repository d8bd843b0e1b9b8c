"""Registering with a trunk (RFC 3261, section 10): tells the operator where calls for the library's number go."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import socket
from dataclasses import dataclass, field

from voice.channels.errors import LineError
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.digest import authorization
from voice.channels.sip.message import LONGEST_VALUE, SipMessage, address, parameter
from voice.channels.sip.transaction import Transactions
from voice.channels.sip.transport import Peer, address_towards, shown

EXPIRES_S = 300
"""Seconds for which we register; short enough to keep a router's way to us open."""
RETRY_S = (10.0, 30.0, 120.0)
"""Seconds until the next attempt after each failure in a row; the last for all further ones."""
TRIES = 5
"""Requests in one attempt: one is challenged, one has an interval too brief, one a nonce that has grown stale."""
LONGEST_S = 86_400
"""Longest interval that a registrar may demand."""
LEAVE_S = 1.0
"""Seconds in which the registrar may confirm that we leave."""
PROBLEMS = {
    "new": "not yet registered",
    "ok": "",
    "silent": "The trunk {registrar} does not answer. Is the network up, and the name right?",
    "password": "The trunk {registrar} refuses the user name or password. Check telephone.trunk_user and its password "
    "file.",
    "refuses": "The trunk {registrar} refuses us: {status}. Ask the operator.",
}
"""How it stands with a trunk -> the sentence for the log."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trunk:
    """An operator's account."""

    registrar: str
    """sip:host or sip:host:port. Found by address records; SRV records are not looked for."""
    user: str
    password: str = field(repr=False)

    def place(self) -> tuple[str, int]:
        """Name or address and port of the registrar. Raises LineError when it is none."""
        found = re.fullmatch(r"sip:(?:[^@]*@)?(\[[^\]]+\]|[^:;\s]+)(?::(\d{1,5}))?(?:;.*)?", self.registrar)
        if not found:
            raise LineError(f"{self.registrar!r} is no registrar. Write telephone.trunk_registrar as sip:host:port.")
        return found[1].strip("[]"), int(found[2] or 5060)

    async def resolve(self) -> Peer:
        """Where the registrar is. Raises LineError."""
        name, number = self.place()
        try:
            infos = await asyncio.get_running_loop().getaddrinfo(name, number, type=socket.SOCK_DGRAM)
        except (OSError, OverflowError) as error:
            raise LineError(f"The trunk {self.registrar} cannot be found: {error}. Check the name.") from error
        host, port = infos[0][4][:2]
        return Peer(str(host), int(port))


async def found(trunk: Trunk, port: int, transactions: Transactions) -> Registration | None:
    """A registration that has not begun; None while the trunk cannot be found. `port` is our SIP port."""
    try:
        peer = await trunk.resolve()
        here = address_towards(peer.host, peer.port)
    except (LineError, OSError) as error:
        log.error("%s", error)
        return None
    return Registration(trunk, peer, f"{shown(here)}:{port}", transactions)


class Registration:
    """One account at one registrar."""

    def __init__(self, trunk: Trunk, peer: Peer, host: str, transactions: Transactions) -> None:
        """`host` is our address and port, as the registrar sees it."""
        self.peer = peer
        self._trunk = trunk
        self._transactions = transactions
        domain = trunk.registrar.removeprefix("sip:").rpartition("@")[2].partition(";")[0]
        who = f"<sip:{trunk.user}@{domain}>"
        self._dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=f"{who};tag={secrets.token_hex(6)}",
            remote=who,
            target=f"sip:{domain}",
            route=(),
            peer=peer,
            host=host,
            user=trunk.user,
        )
        self.state = "new"
        """new, ok, silent, password or refuses."""
        self.status = 0
        """With which the registrar refused us last."""

    @property
    def problem(self) -> str:
        """Why calls of the trunk do not come in; "" while they do."""
        return PROBLEMS[self.state].format(registrar=self._trunk.registrar, status=self.status)

    async def keep(self) -> None:
        """Register, and again before the registration ends. Never gives up."""
        failures = 0
        while True:
            expires = await self._register(EXPIRES_S)
            if self.problem:
                log.warning("%s", self.problem)
                wait = RETRY_S[min(failures, len(RETRY_S) - 1)]
                failures += 1
            else:
                failures, wait = 0, max(expires / 2, 1.0)
            await asyncio.sleep(wait)

    async def leave(self) -> None:
        """Tell the registrar that no calls are wanted any more."""
        if not self.problem:
            await self._register(0, LEAVE_S)

    async def _register(self, expires: int, give_up: float = 10.0) -> int:
        """Returns the seconds for which the registrar keeps us; sets `state` and `status`."""
        proof: tuple[tuple[str, str], ...] = ()
        for _ in range(TRIES):
            response = await self._ask(expires, give_up, *proof)
            if response is None:
                break
            if response.status in (401, 407) and (not proof or _is_stale(response)):
                proof = self._proof(response)
                if not proof:
                    break
            elif (
                response.status == 423
                and 0 < expires < (least := _seconds(response.header("min-expires"))) <= LONGEST_S
            ):
                # Interval Too Brief (section 10.3, step 7). A proof counts once.
                expires, proof = least, ()
            else:
                break
        self.status = response.status if response else 0
        if response is None:
            self.state = "silent"
        elif response.status in (401, 403, 407):
            self.state = "password"
        elif response.status >= 300:
            self.state = "refuses"
        else:
            self.state = "ok"
            return _granted(response, self._dialog.contact, expires)
        return 0

    def _proof(self, refusal: SipMessage) -> tuple[tuple[str, str], ...]:
        """The header that meets a challenge; none when it cannot be met."""
        name, answer = (
            ("www-authenticate", "authorization")
            if refusal.status == 401
            else ("proxy-authenticate", "proxy-authorization")
        )
        proof = authorization(
            refusal.all(name), "REGISTER", self._dialog.target, self._trunk.user, self._trunk.password
        )
        return ((answer, proof),) if proof else ()

    async def _ask(self, expires: int, give_up: float, *headers: tuple[str, str]) -> SipMessage | None:
        request = self._dialog.request("REGISTER", ("expires", str(expires)), *headers)
        return await self._transactions.ask(request, self._dialog.peer, give_up)


def _is_stale(refusal: SipMessage) -> bool:
    """The password was right and only the nonce too old (RFC 7616, section 3.3)."""
    challenges = (*refusal.all("www-authenticate"), *refusal.all("proxy-authenticate"))
    return any(re.search(r"\bstale\s*=\s*\"?true", challenge[:LONGEST_VALUE], re.I) for challenge in challenges)


def _granted(response: SipMessage, own: str, asked: int) -> int:
    """Seconds by our Contact, any Contact, or Expires of a 200, which lists other telephones of the account too
    (section 10.2.4)."""
    contacts = [part for value in response.all("contact") for part in re.split(r",\s*(?=[<\"])", value)]
    contacts.sort(key=lambda contact: address(contact) != address(own))
    for value in (*(parameter(contact, "expires") for contact in contacts), response.header("expires")):
        if seconds := _seconds(value):
            return min(seconds, asked)
    return asked


def _seconds(value: str) -> int:
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0
