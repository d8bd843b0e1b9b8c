"""From the caller's last sample of speech to the first of the answer, measured at the telephone of the caller.

Everything is real: SIP and RTP over loopback, the starter model, phrasebook, conversation, catalogue, synthesis. The
same sentences go to the loop that a newcomer would write (newcomer/loop.py), in the same run.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

import numpy as np

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import App, open_app
from voice.assistant.spoken_session import SpokenExchange
from voice.channels.call import Call
from voice.channels.sip.caller import Caller, dial
from voice.channels.sip.listener import listen
from voice.configuration.paths import dauys_home
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, load_voices, with_variant

COMMANDS = (("kk", "қайтала"), ("ru", "повтори"), ("kk", "көмек"), ("ru", "помощь"), ("kk", "артқа"), ("ru", "назад"))
OPEN = (
    ("kk", "маған абай жолы кітабы керек"),
    ("ru", "найди книгу война и мир"),
    ("kk", "мұхтар әуезовтің кітаптары бар ма"),
    ("ru", "мне нужна книга о лошадях"),
)
ROUNDS = 2
WHOLE = 0.75
"""Share of its letters from which a sentence was heard to its end, rightly or not."""
LONGEST_S = 3.0
LOUD = 300
"""Root mean square of a frame that holds speech."""
READER = "m3"
"""The caller's voice: another than Dauys's."""
NEWCOMER = Path(__file__).parent / "newcomer" / "loop.py"


@dataclass(slots=True)
class Times:
    """Latencies of one kind of sentence, in ms."""

    answered: list[float] = field(default_factory=list)
    """To the whole sentence."""
    cut: int = 0
    """The first answer was to less than that."""
    unanswered: int = 0


def loud(pcm: bytes) -> bool:
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    return bool(samples.size and np.sqrt(np.mean(samples**2)) > LOUD)


async def sentences(which: tuple[tuple[str, str], ...]) -> list[Sentence]:
    """Speech without silence around it, at 8000 Hz."""
    synthesiser, voices, spoken = Synthesiser(), with_variant(load_voices(), READER), []
    for language, text in which:
        blocks = [b async for b in synthesiser.stream(text, voices[language], Prosody(rate=150), 8000)]
        samples = np.frombuffer(b"".join(blocks), "<i2")
        above = np.nonzero(np.abs(samples) > LOUD)[0]
        spoken.append(Sentence(text, samples[above[0] : above[-1]].tobytes()))
    synthesiser.close()
    return spoken


def letters(text: str) -> int:
    return sum(map(str.isalpha, text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a caller says."""

    text: str
    pcm: bytes

    def is_whole(self, heard: str) -> bool:
        """As much was heard as was said, right or wrong, so it was not cut."""
        return letters(heard) >= WHOLE * letters(self.text)


async def ask(caller: Caller, sentence: Sentence, times: Times, heard: list[str], listens_s: float = 1.0) -> None:
    """Say something, take the time until the answer begins, and listen to it for a while. `heard` grows with what the
    other side hears; nothing is checked where it stays empty."""
    before = len(heard)
    await caller.say(sentence.pcm)
    first = None
    over = caller.last_speech_at + 0.02  # the frame that left then still sounds for its 20 ms
    for _ in range(round(LONGEST_S / 0.02)):
        await asyncio.sleep(0.02)
        first = next((at for at, frame in reversed_until(caller, over) if loud(frame)), None)
        if first is not None:
            break
    await asyncio.sleep(listens_s)
    texts = heard[before:]
    if first is None:
        times.unanswered += 1
    elif texts and not sentence.is_whole(texts[0]):
        times.cut += 1
    else:
        times.answered.append((first - over) * 1000)


def reversed_until(caller: Caller, since: float) -> list[tuple[float, bytes]]:
    """What was heard after `since`, in order."""
    later = []
    for at, frame in reversed(caller.heard):
        if at <= since:
            break
        later.append((at, frame))
    return later[::-1]


async def hold(port: int, heard: list[str]) -> tuple[Times, Times]:
    """One call: commands and open requests in turn. `heard` grows with what the other side hears."""
    commands, requests = Times(), Times()
    spoken = [(await sentences(COMMANDS), commands), (await sentences(OPEN), requests)]
    async with dial("127.0.0.1", port) as caller:
        await asyncio.sleep(3.0)
        for _ in range(ROUNDS):
            for sounds, times in spoken:
                for sentence in sounds:
                    await ask(caller, sentence, times, heard)
    return commands, requests


async def ours(app: App) -> tuple[Times, Times, list[SpokenExchange]]:
    exchanges: list[SpokenExchange] = []
    heard: list[str] = []

    def observe(exchange: SpokenExchange) -> None:
        exchanges.append(exchange)
        if exchange.utterance:
            heard.append(exchange.exchange.understood.text)

    async def answer(call: Call) -> None:
        await app.answer(call, observe=observe)

    async with listen(
        "127.0.0.1", 0, answer, rtp_ports=(30000, 30998), max_calls=1, allow=[IPv4Network("127.0.0.0/8")]
    ) as line:
        return *(await hold(line.port, heard)), exchanges


@asynccontextmanager
async def newcomers_loop(model: Path) -> AsyncIterator[tuple[int, list[str]]]:
    """The newcomer's program in a process of its own; gives its port, and what it hears as it hears it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(NEWCOMER), str(model), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout
        while not (line := await process.stdout.readline()).startswith(b"PORT"):
            if not line:
                raise RuntimeError("the newcomer's loop did not start")
        heard: list[str] = []
        listening = asyncio.create_task(follow(process.stdout, heard))
        yield int(line.split()[1]), heard
        listening.cancel()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def follow(output: asyncio.StreamReader, heard: list[str]) -> None:
    async for line in output:
        kind, _, text = line.decode().partition(" ")
        if kind == "HEARD":
            heard.append(text.strip())


def row(name: str, own: Times, other: Times, aim_ms: int) -> str:
    if not own.answered or not other.answered:
        return f"{name:16} {len(own.answered)} answered by Dauys, {len(other.answered)} by the newcomer's loop"
    (p50, p95), (other50, other95) = (np.percentile(times.answered, [50, 95]) for times in (own, other))
    return (
        f"{name:16}{p50:8.0f}{p95:8.0f}{own.cut:6}{own.unanswered:4}"
        f"{other50:10.0f}{other95:8.0f}{other.cut:6}{other.unanswered:4}{other50 / p50:8.1f}x"
        f"   aim {aim_ms} ms {'met' if p50 <= aim_ms else 'missed'}"
    )


async def measure() -> int:
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home), models=dauys_home() / "models", purpose=Purpose.DEMONSTRATION) as app:
            await app.recognisers()
            await app.speaker.warm_up()
            commands, requests, exchanges = await ours(app)
            understood = sum(exchange.exchange.understood.intent is not None for exchange in exchanges)
            decoding = [exchange.utterance.recognise_ms for exchange in exchanges if exchange.utterance]
        async with newcomers_loop(dauys_home() / "models" / "dauys-starter-kk-ru") as (port, heard):
            other_commands, other_requests = await hold(port, heard)
    print("Last sample of speech to first sample of the answer to the whole sentence, at the caller, ms; ? = no answer")
    print(
        f"{'':16}{'Dauys50':>8}{'p95':>8}{'cut':>6}{'?':>4}{'newcomer50':>10}{'p95':>8}{'cut':>6}{'?':>4}{'ratio':>9}"
    )
    print(row("short command", commands, other_commands, 300))
    print(row("open request", requests, other_requests, 600))
    print(f"understood {understood} of {len(decoding)} utterances; last decoding p50 {np.median(decoding):.0f} ms")
    return 0


def main(argv: list[str]) -> int:
    return asyncio.run(measure())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
