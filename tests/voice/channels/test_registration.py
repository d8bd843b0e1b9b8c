"""A trunk's registrar that demands a proof, as operators have it."""

from __future__ import annotations

import asyncio
import hashlib
import re

import pytest

from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels.errors import LineError
from voice.channels.sip.caller import dial
from voice.channels.sip.digest import authorization
from voice.channels.sip.listener import listen
from voice.channels.sip.message import SipMessage, respond
from voice.channels.sip.transaction import Transactions
from voice.channels.sip.transport import Peer, SipTransport, open_transport
from voice.channels.sip.trunk_registration import Registration, Trunk, _granted
from voice.checks.check_result import CheckResult


class Registrar:
    """Knows one account; keeps what was asked of it."""

    def __init__(self, password: str, granted: int = 60) -> None:
        self.password = password
        self.granted = granted
        self.nonce = 1
        self.expires: asyncio.Queue[str] = asyncio.Queue()
        self.wire: SipTransport | None = None

    def take(self, request: SipMessage, peer: Peer) -> None:
        assert self.wire
        proof = dict(re.findall(r'(\w+)="?([^",]+)"?', request.header("authorization")))
        if proof.get("response") == self.expected(proof):
            self.expires.put_nowait(request.header("expires"))
            headers = (("contact", f"{request.header('contact')};expires={self.granted}"),)
            self.wire.send(respond(request, 200, "registrar", headers), peer)
        else:
            refusal = respond(request, 400, "registrar", (("www-authenticate", self.challenge()),))
            self.wire.send(SipMessage("SIP/2.0 401 Unauthorized", refusal.headers), peer)

    def challenge(self) -> str:
        return f'Digest realm="trunk", nonce="n{self.nonce}", qop="auth", algorithm=MD5'

    def expected(self, proof: dict[str, str]) -> str:
        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        secret, request = md5(f"library:trunk:{self.password}"), md5(f"REGISTER:{proof.get('uri')}")
        return md5(f"{secret}:n{self.nonce}:00000001:{proof.get('cnonce')}:auth:{request}")


async def test_a_trunk_is_registered_with_and_left(reader: Reader) -> None:
    registrar = Registrar("secret")
    async with open_transport("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "secret")
        async with listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=(), trunk=trunk) as listener:
            assert await asyncio.wait_for(registrar.expires.get(), 5) == "300"
            await asyncio.sleep(0.05)
            assert listener.registration and listener.registration.problem == ""
            assert listener.allows("127.0.0.1")
        assert await asyncio.wait_for(registrar.expires.get(), 5) == "0"


async def register(registrar: Registrar) -> Registration:
    """One attempt of an account at this registrar."""
    async with open_transport("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "secret")
        async with open_transport("127.0.0.1", 0, lambda message, peer: transactions.answered(message)) as wire:
            transactions = Transactions(wire.send)
            there = Peer("127.0.0.1", registrar.wire.port)
            registration = Registration(trunk, there, f"127.0.0.1:{wire.port}", transactions)
            keeping = asyncio.create_task(registration.keep())
            async with asyncio.timeout(5):
                while registration.problem == "not yet registered":
                    await asyncio.sleep(0.02)
            keeping.cancel()
    return registration


async def test_a_nonce_that_has_grown_stale_is_no_wrong_password() -> None:
    class Forgetful(Registrar):
        def challenge(self) -> str:
            self.nonce += 1
            return super().challenge() + (", stale=TRUE" if self.nonce == 2 else "")

        def expected(self, proof: dict[str, str]) -> str:
            return super().expected(proof) if self.nonce == 2 else "the nonce is used up"

    assert (await register(Forgetful("secret"))).problem == ""


async def test_a_longer_interval_is_taken_when_the_registrar_wants_it() -> None:
    class Patient(Registrar):
        def take(self, request: SipMessage, peer: Peer) -> None:
            if request.header("expires") == "300":
                assert self.wire
                headers = respond(request, 400, "registrar", (("min-expires", "1800"),)).headers
                self.wire.send(SipMessage("SIP/2.0 423 Interval Too Brief", headers), peer)
            else:
                super().take(request, peer)

    patient = Patient("secret")
    assert (await register(patient)).problem == ""
    assert patient.expires.get_nowait() == "1800"


def test_the_interval_is_that_of_our_own_contact() -> None:
    contacts = '"Desk, front" <sip:library@10.0.0.9:5060>;expires=30, <sip:library@127.0.0.1:9>;expires=120'
    response = SipMessage("SIP/2.0 200 OK", (("contact", contacts), ("expires", "600")))
    assert _granted(response, "<sip:library@127.0.0.1:9>", 300) == 120
    assert _granted(response, "<sip:library@192.0.2.1>", 300) == 30
    assert _granted(SipMessage("SIP/2.0 200 OK", ()), "<sip:library@127.0.0.1:9>", 300) == 300


async def test_it_registers_again_before_the_time_is_over(reader: Reader) -> None:
    registrar = Registrar("secret", granted=2)
    async with open_transport("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "secret")
        async with listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=(), trunk=trunk):
            assert await asyncio.wait_for(registrar.expires.get(), 5) == "300"
            assert await asyncio.wait_for(registrar.expires.get(), 5) == "300"


async def test_a_trunk_that_cannot_be_found_yet_keeps_nobody_from_calling(
    monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    monkeypatch.setattr("voice.channels.sip.listener.FIND_S", 0.05)
    tries = 0
    resolve = Trunk.resolve

    async def later(trunk: Trunk) -> Peer:
        nonlocal tries
        tries += 1
        return await resolve(Trunk("sip:no.such.name.invalid", "", "") if tries < 3 else trunk)

    monkeypatch.setattr(Trunk, "resolve", later)
    registrar = Registrar("secret")
    async with open_transport("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "secret")
        async with (
            listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK, trunk=trunk) as listener,
            dial("127.0.0.1", listener.port),
        ):
            assert await asyncio.wait_for(registrar.expires.get(), 10) == "300"
    assert tries == 3


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("state", ["new", "ok", "unknown", "silent", "password", "refuses"])
def test_staff_read_in_their_language_how_it_stands_with_the_trunk(language: str, state: str) -> None:
    finding = CheckResult("trunk", state == "ok", True, f"trunk_{state}", {"registrar": "sip:trunk", "status": 503})
    assert "sip:trunk" in finding.said(language) and finding.title(language)


async def test_a_wrong_password_is_one_clear_sentence(reader: Reader) -> None:
    registrar = Registrar("secret")
    async with open_transport("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "guess")
        async with listen(
            "127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK, trunk=trunk
        ) as listener:
            assert listener.registration
            async with asyncio.timeout(5):
                while "password" not in listener.registration.problem:
                    await asyncio.sleep(0.02)
            assert (listener.registration.state, listener.registration.status) == ("password", 401)


@pytest.mark.parametrize("registrar", ["trunk.example", "sip:", "sip:no.such.name.invalid", "https://trunk"])
async def test_a_registrar_that_is_none_is_one_clear_sentence(registrar: str) -> None:
    with pytest.raises(LineError):
        await Trunk(registrar, "library", "secret").resolve()


def test_the_example_of_rfc_7616() -> None:
    # Section 3.9.1 without its client nonce, which is by chance: the proof must differ by it and by nothing else.
    challenge = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    value = authorization((challenge,), "GET", "/dir/index.html", "Mufasa", "Circle of Life")
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', value))
    digest = lambda text: hashlib.sha256(text.encode()).hexdigest()  # noqa: E731
    secret = digest("Mufasa:http-auth@example.org:Circle of Life")
    expected = digest(f"{secret}:{fields['nonce']}:00000001:{fields['cnonce']}:auth:{digest('GET:/dir/index.html')}")
    assert fields["response"] == expected
    assert fields["opaque"] == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"


def test_what_is_no_digest_is_not_met() -> None:
    assert (
        authorization(("Basic realm=x", 'Digest realm="x", nonce="y", algorithm=AKAv1-MD5'), "A", "b", "c", "d") == ""
    )
