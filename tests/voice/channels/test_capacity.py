"""One limit for all entrances, shares of it, and the end of the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.rig.asterisk_peer import AudioSocketExchange, WebSocketExchange
from tests.rig.sip_phone import offer, telephone
from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels import capacity as module
from voice.channels.asterisk.audiosocket import serve_audiosocket
from voice.channels.asterisk.websocket import serve_websocket
from voice.channels.call import Call, ShutdownNotice
from voice.channels.capacity import Capacity, caller_of, network_of
from voice.channels.errors import LineError
from voice.channels.sip.caller import dial
from voice.channels.sip.listener import listen


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_all_entrances_share_one_limit(reader: Reader, web: aiohttp.ClientSession) -> None:
    capacity = Capacity(2)
    async with (
        listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=capacity, allow=LOOPBACK) as line,
        serve_websocket("127.0.0.1", 0, reader.hold, max_calls=capacity, allow=LOOPBACK) as websocket,
        serve_audiosocket("127.0.0.1", 0, reader.hold, max_calls=capacity, allow=LOOPBACK) as audiosocket,
    ):
        url = f"ws://127.0.0.1:{websocket}/calls"
        async with dial("127.0.0.1", line.port):
            async with web.ws_connect(url, protocols=("media",)) as socket:
                exchange = WebSocketExchange(socket, 8000)
                await exchange.start()
                assert capacity.calls == 2
                with pytest.raises(LineError, match="503"):
                    async with dial("127.0.0.1", line.port):
                        pass
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await web.ws_connect(url, protocols=("media",))
                assert refused.value.status == 503
                assert refused.value.headers and refused.value.headers["Retry-After"]
                stream, writer = await asyncio.open_connection("127.0.0.1", audiosocket)
                assert await asyncio.wait_for(stream.read(), 2) == b""
                writer.close()
                await exchange.hang_up()
            async with asyncio.timeout(5):
                while capacity.calls > 1:
                    await asyncio.sleep(0.01)
            third = AudioSocketExchange(*await asyncio.open_connection("127.0.0.1", audiosocket))
            await third.say(bytes(320))
            assert capacity.calls == 2
            await third.hang_up()
        await asyncio.wait_for(capacity.emptied(), 5)


async def test_who_is_refused_may_try_elsewhere_and_learns_who_answers(reader: Reader) -> None:
    async with (
        listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=0, allow=LOOPBACK) as line,
        telephone(line.port) as phone,
    ):
        refusal = await phone.ask("INVITE", 503, body=offer(phone.rtp_port))
        assert int(refusal.header("retry-after")) > 0
        assert refusal.header("server") == "Dauys"


def test_one_number_and_one_network_have_their_share() -> None:
    capacity = Capacity(20, most_per_caller=2, most_per_network=8)

    def let_in(host: str, caller: str) -> bool:
        seat = capacity.seat(host, caller)
        if seat:
            seat.confirm()
        return seat is not None

    assert [let_in("10.0.0.1", "sip:77011@a") for _ in range(3)] == [True, True, False]
    assert not let_in("10.9.9.9", "tel:77011")
    # Withheld numbers are no one's.
    assert all(let_in("10.0.0.2", "sip:anonymous@anonymous.invalid") for _ in range(4))
    assert [let_in("10.0.0.3", f"{number}") for number in range(3)] == [True, True, False]
    assert let_in("10.0.1.3", "9")


def test_a_number_that_becomes_known_later_counts_too() -> None:
    capacity = Capacity(20, most_per_caller=1)
    first, second, third = (capacity.seat("10.0.0.1") for _ in range(3))
    assert first and second and third
    assert capacity.knows_caller(first, "77011")
    assert not capacity.knows_caller(second, "77011")
    assert capacity.knows_caller(third, "")
    second.leave()
    second.leave()
    assert capacity.calls == 2


def test_calls_that_nobody_confirms_do_not_fill_the_lines() -> None:
    now, given_away = [0.0], []
    capacity = Capacity(40, clock=lambda: now[0])
    seats = [seat for _ in range(40) if (seat := capacity.seat("10.0.0.1"))]
    assert len(seats) == 20
    for host in range(20):
        seat = capacity.seat(f"10.0.1.{host}")
        assert seat
        seat.confirm()
    assert capacity.seat("10.0.2.1") is None
    for seat in seats:
        seat.on_given_away = lambda seat=seat: given_away.append(seat)
    seats[0].confirm()
    now[0] = 3.0
    assert capacity.seat("10.0.2.1")
    assert given_away == [seats[1]]
    assert capacity.calls == 40


async def test_a_caller_gets_the_line_of_one_who_never_acknowledged(
    monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", -1.0)
    async with (
        listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK) as line,
        telephone(line.port) as phone,
    ):
        await phone.ask("INVITE", 200, body=offer(phone.rtp_port))
        async with dial("127.0.0.1", line.port) as caller:
            await phone.request("BYE")
            assert len(line.calls) == 1
            with pytest.raises(LineError, match="503"):  # this one has acknowledged
                async with dial("127.0.0.1", line.port):
                    pass
            assert not caller.hung_up.is_set()


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("sip:77011112233@operator.example;user=phone", "77011112233"),
        ("tel:+77011112233;phone-context=x", "+77011112233"),
        ("+77011112233", "+77011112233"),
        ("sip:Anonymous@anonymous.invalid", ""),
        ("sip:10.0.0.1", "10.0.0.1"),
        ("", ""),
    ],
)
def test_who_calls_is_known_however_it_is_written(address: str, caller: str) -> None:
    assert caller_of(address) == caller


@pytest.mark.parametrize(
    ("host", "network"), [("10.1.2.3", "10.1.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("x", "x")]
)
def test_a_network_is_what_one_customer_has(host: str, network: str) -> None:
    assert network_of(host) == network


def test_a_call_for_which_no_file_is_left_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "descriptors_left", lambda: module.FOR_A_CALL - 1)
    assert Capacity(9).seat("10.0.0.1") is None
    assert "LimitNOFILE" in caplog.text


async def test_when_the_service_ends_callers_are_told_and_nobody_is_let_in(reader: Reader) -> None:
    told = asyncio.Event()

    async def hold(call: Call) -> None:
        async for event in call.events():
            if isinstance(event, ShutdownNotice):
                told.set()

    capacity = Capacity(3)
    async with listen("127.0.0.1", 0, hold, rtp_ports=PORTS, max_calls=capacity, allow=LOOPBACK) as line:
        async with dial("127.0.0.1", line.port) as caller:
            capacity.close()
            await asyncio.wait_for(told.wait(), 2)
            with pytest.raises(LineError, match="503"):
                async with dial("127.0.0.1", line.port):
                    pass
            emptied = asyncio.create_task(capacity.emptied())
            await asyncio.sleep(0)
            assert not emptied.done() and not caller.hung_up.is_set()
        await asyncio.wait_for(emptied, 2)
