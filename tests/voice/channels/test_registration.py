"""A trunk's registrar that demands a proof, as operators have it."""

from __future__ import annotations

import asyncio
import hashlib
import re

import pytest

from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels.sip.digest import authorization
from voice.channels.sip.errors import LineError
from voice.channels.sip.listener import listen
from voice.channels.sip.message import Message, respond
from voice.channels.sip.registration import Trunk
from voice.channels.sip.wire import Peer, Wire, open_wire


class Registrar:
    """Knows one account; keeps what was asked of it."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.expires: asyncio.Queue[str] = asyncio.Queue()
        self.wire: Wire | None = None

    def take(self, request: Message, peer: Peer) -> None:
        assert self.wire
        proof = dict(re.findall(r'(\w+)="?([^",]+)"?', request.header("authorization")))
        if proof.get("response") == self.expected(proof):
            self.expires.put_nowait(request.header("expires"))
            headers = (("contact", f"{request.header('contact')};expires=60"),)
            self.wire.send(respond(request, 200, "registrar", headers), peer)
        else:
            challenge = ("www-authenticate", 'Digest realm="trunk", nonce="n1", qop="auth", algorithm=MD5')
            refusal = respond(request, 400, "registrar", (challenge,))
            self.wire.send(Message("SIP/2.0 401 Unauthorized", refusal.headers), peer)

    def expected(self, proof: dict[str, str]) -> str:
        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        secret, request = md5(f"library:trunk:{self.password}"), md5(f"REGISTER:{proof.get('uri')}")
        return md5(f"{secret}:n1:00000001:{proof.get('cnonce')}:auth:{request}")


async def test_a_trunk_is_registered_with_and_left(reader: Reader) -> None:
    registrar = Registrar("secret")
    async with open_wire("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "secret")
        async with listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=(), trunk=trunk) as listener:
            assert await asyncio.wait_for(registrar.expires.get(), 5) == "300"
            await asyncio.sleep(0.05)
            assert listener.registration and listener.registration.problem == ""
            assert listener.allows("127.0.0.1")
        assert await asyncio.wait_for(registrar.expires.get(), 5) == "0"


async def test_a_wrong_password_is_one_clear_sentence(reader: Reader) -> None:
    registrar = Registrar("secret")
    async with open_wire("127.0.0.1", 0, registrar.take) as registrar.wire:
        trunk = Trunk(f"sip:127.0.0.1:{registrar.wire.port}", "library", "guess")
        async with listen(
            "127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK, trunk=trunk
        ) as listener:
            assert listener.registration
            async with asyncio.timeout(5):
                while "password" not in listener.registration.problem:
                    await asyncio.sleep(0.02)


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
