"""What Dauys makes of its own voice: callers who say nothing, on lines that return what they hear.

Everything is real: SIP, G.711 and RTP over loopback, the starter models, the conversation, synthesis. Every trial is a
call that is listened to until the greeting is over and some seconds longer; the same calls are then made to a line that
is not cleaned. Only, the synthesiser, which never says a sentence the same way twice, is asked once for each.

    echo.py            the table of losses and delays
    echo.py talk       a command said over the greeting, on the same lines: is it taken still?
    echo.py LOSS DELAY one line, with what was heard of it
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path
from unittest.mock import patch

from interrupt import Same
from turn import Sentence, loud, sentences

from voice.assistant.app import App, open_app
from voice.assistant.spoken_session import SpokenExchange, SpokenSession
from voice.channels.frame_clock import FrameClock
from voice.channels.sip import listener
from voice.channels.sip.caller import dial
from voice.channels.sip.hybrid import Hybrid
from voice.configuration.paths import dauys_home
from voice.recognition.recognition_session import RecognitionSession
from voice.values.utterances import HearingEvent, SpeechStarted

LOSSES_DB = (40, 34, 30, 26, 20, 16, 12)
DELAYS_MS = (10, 30, 60, 120, 250)
AFTER_S = 4.0
"""How long a caller stays after the greeting."""
PAUSE = 75
"""Frames of silence after which the greeting is over."""
AT_ONCE = 7
COMMAND = (("ru", "найди книгу"), ("ru", "новинки"), ("ru", "помощь"), ("kk", "көмек"), ("ru", "где ты"))
TALK_AFTER_S = (0.5, 2.0, 3.5, 5.0)
"""From the greeting's first sound until the caller talks over it."""


class Uncleaned:
    """No defence."""

    def __init__(self, rate_hz: int, heard: Callable[[bytes], None]) -> None:
        self.came = heard

    def played(self, frame: bytes) -> None:
        pass


@dataclass(slots=True)
class Result:
    """What one call came to."""

    interruptions: int = 0
    """Dauys fell silent because it heard speech."""
    commands: list[str] = field(default_factory=list)
    """What it took for a command, with its confidence."""
    other: int = 0
    """Utterances that it answered otherwise."""
    finished: bool = False
    """The greeting was heard as it is, to its end."""
    heard_s: float = 0.0
    """Seconds of it without a break."""


class Line:
    """An answering side that tells what happened in each of its calls."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.port = 0
        self.results: dict[int, Result] = {}
        """By the SIP port of the caller."""

    async def answer(self, call: listener.SipCall) -> None:
        """Like `App.answer`, with ears that count."""
        result = self.results[call.dialog.peer.port] = Result()
        ear = await self.app.new_ear(call.rate)
        feed, close = ear.feed, ear.close
        decoding: list[asyncio.Task[Sequence[HearingEvent]]] = []

        async def counted(pcm: bytes) -> Sequence[HearingEvent]:
            decoding[:] = [asyncio.create_task(feed(pcm))]
            events = await asyncio.shield(decoding[0])
            result.interruptions += sum(isinstance(event, SpeechStarted) for event in events)
            return events

        async def closed() -> None:  # callers hang up while they are decoded
            await asyncio.gather(*decoding)
            await close()

        ear.feed, ear.close = counted, closed  # type: ignore[method-assign]
        await self._session(call, ear, result).run()

    def _session(self, call: listener.SipCall, ear: RecognitionSession, result: Result) -> SpokenSession:
        def observe(spoken: SpokenExchange) -> None:
            if not spoken.utterance:
                return
            understood = spoken.exchange.understood
            if understood.intent:
                sure = max((each.confidence for each in spoken.utterance.hypotheses), default=0.0)
                result.commands.append(f"{understood.intent.name} {sure:.2f}")
            else:
                result.other += 1

        session = self.app.new_session(call.kind, private=call.private, caller=call.caller, call=call)
        return SpokenSession(call, session, ear, self.app.speaker, self.app.settings.waiting, observe=observe)


@asynccontextmanager
async def line_of(app: App, *, cleaned: bool) -> AsyncIterator[Line]:
    line = Line(app)
    with patch.object(listener, "LineCleaning", listener.LineCleaning if cleaned else Uncleaned):
        async with listener.listen(
            "127.0.0.1",
            0,
            line.answer,  # type: ignore[arg-type]
            rtp_ports=(30000, 30998),
            max_calls=AT_ONCE,
            allow=[IPv4Network("127.0.0.0/8")],
        ) as answering:
            line.port = answering.port
            yield line


async def one(
    line: Line, clock: FrameClock, hybrid: Hybrid, greeting: list[bytes], talk: tuple[float, Sentence] | None = None
) -> tuple[Result, list[bytes]]:
    """One call; gives what it came to and what was heard from the first sound on."""
    async with dial("127.0.0.1", line.port, clock=clock, hybrid=hybrid) as caller:
        if talk:
            while not any(loud(frame) for _, frame in caller.heard):
                await asyncio.sleep(0.02)
            await asyncio.sleep(talk[0])
            await caller.say(talk[1].pcm)
            await asyncio.sleep(AFTER_S)
        else:
            await asyncio.sleep(len(greeting) * 0.02 + AFTER_S if greeting else 20.0)
        result = line.results[caller.port]
        frames = [frame for _, frame in caller.heard]
    first = next(at for at, frame in enumerate(frames) if loud(frame))
    heard = frames[first:]
    same = next((at for at, pair in enumerate(zip(heard, greeting, strict=False)) if pair[0] != pair[1]), len(greeting))
    result.heard_s, result.finished = same * 0.02, same >= len(greeting)
    return result, heard


async def table(app: App, greeting: list[bytes]) -> None:
    lines = [(loss, delay) for loss in LOSSES_DB for delay in DELAYS_MS]
    results: dict[bool, dict[tuple[int, int], Result]] = {}
    for cleaned in (True, False):
        async with line_of(app, cleaned=cleaned) as line:
            results[cleaned] = {}
            for start in range(0, len(lines), AT_ONCE):
                some, clock = lines[start : start + AT_ONCE], FrameClock()
                done = await asyncio.gather(*(one(line, clock, Hybrid(*each), greeting) for each in some))
                results[cleaned] |= {each: result for each, (result, _) in zip(some, done, strict=True)}
    print(f"Silent callers who return what they hear; for each loss {len(DELAYS_MS)} calls, delays of {DELAYS_MS} ms:")
    print("calls in which the greeting was heard whole, interruptions, false commands, other false answers")
    columns = f"{'whole':>9}{'interr.':>9}{'commands':>10}{'other':>7}"
    print(f"{'echo':>8}{columns}   | no defence{columns}")
    for loss in LOSSES_DB:
        cells = []
        for cleaned in (True, False):
            some = [results[cleaned][loss, delay] for delay in DELAYS_MS]
            cells.append(
                f"{sum(r.finished for r in some):4} of {len(some):2}{sum(r.interruptions for r in some):8}"
                f"{sum(len(r.commands) for r in some):10}{sum(r.other for r in some):7}"
            )
        print(f"{-loss:5} dB{cells[0]}   | {'':10}{cells[1]}")
    for (loss, delay), result in results[True].items():
        if result.interruptions or not result.finished:
            print(f"  with defence, -{loss} dB {delay} ms: {result}")


async def talk(app: App, greeting: list[bytes]) -> None:
    said = await sentences(COMMAND)
    print("A command said over the greeting: one was taken and no more, of so many; speech was noticed")
    print(f"{'echo':>12}{'taken':>12}{'noticed':>10}   | no defence{'taken':>8}{'noticed':>10}")
    for hybrid in ((90, 60), (40, 60), (30, 60), (20, 60), (20, 250), (12, 120)):
        cells = []
        for cleaned in (True, False):
            taken = noticed = count = 0
            async with line_of(app, cleaned=cleaned) as line:
                for after in TALK_AFTER_S:
                    clock = FrameClock()
                    calls = [one(line, clock, Hybrid(*hybrid), greeting, (after, sentence)) for sentence in said]
                    for result, _ in await asyncio.gather(*calls):
                        count += 1
                        taken += len(result.commands) == 1
                        noticed += result.interruptions > 0
            cells.append(f"{taken:6} of {count:2}{noticed:10}")
        print(f"{-hybrid[0]:4} dB {hybrid[1]:3} ms{cells[0]}   | {'':10}{cells[1]}", flush=True)


async def measure(argv: list[str]) -> int:
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home), models=dauys_home() / "models") as app:
            await app.warm_up()
            app.speaker = Same(app.speaker)
            async with line_of(app, cleaned=True) as line:
                _, heard = await one(line, FrameClock(), Hybrid(90, 60), [])
                sounds = [at for at, frame in enumerate(heard) if loud(frame)]
                last = next(at for at, after in zip(sounds, [*sounds[1:], 1 << 30], strict=True) if after - at > PAUSE)
                greeting = heard[: last + 1]
            print(f"The greeting lasts {len(greeting) * 0.02:.1f} s.")
            match argv:
                case ["talk"]:
                    await talk(app, greeting)
                case [loss, delay]:
                    for cleaned in (True, False):
                        async with line_of(app, cleaned=cleaned) as line:
                            result, _ = await one(line, FrameClock(), Hybrid(float(loss), int(delay)), greeting)
                            print("with" if cleaned else "without", "defence:", result)
                case _:
                    await table(app, greeting)
    return 0


def main(argv: list[str]) -> int:
    return asyncio.run(measure(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
