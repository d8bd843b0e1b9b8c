"""How soon a key or a word silences Dauys, and whether a cough does, measured at the telephone of the caller.

Everything is real: SIP and RTP over loopback, the starter models, the conversation, synthesis. Every trial is a call of
its own that breaks into the greeting. Only, the synthesiser, which never says a sentence the same way twice, is asked
once for each: so what was heard is compared with a greeting that was heard out, and the last frame that is like it is
the last of the sentence. Coughs are made: noise through the resonances of a throat, every one different.

    interrupt.py [TRIALS]   so many of each; without a number 12
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from turn import COMMANDS, OPEN, loud, sentences

from catalogue_client.store.purpose import Purpose
from catalogue_client.values.accounts import Preferences
from voice.assistant.app import open_app
from voice.channels.sip.caller import Caller, dial
from voice.channels.sip.listener import listen
from voice.configuration.paths import dauys_home
from voice.synthesis.speaker import Speaker
from voice.synthesis.voices import Prosody
from voice.values.lines import Line

TRIALS = 12
KEYS = "12346789*#"
"""Not 5, which says the greeting again."""
GREETING_S = 6.0
"""So much of the greeting is known; every trial is over by then."""
FRAME_S = 0.02
RATE_HZ = 8000
FIRST_S, STEP_S = 1.0, 0.09
"""Speech begins; the first trial breaks in so much later, every further one a little later than the one before."""
LISTENS_S = {"key": 1.0, "word": 1.0, "cough": 2.5}
"""How long a caller listens after breaking in."""
SAME = 10
"""Frames, 200 ms, by which a place in the greeting is known again …"""
ALIKE = 0.95
"""… when they correlate so much."""


@dataclass(slots=True)
class Times:
    """What one kind of interruption did."""

    stopped: list[float] = field(default_factory=list)
    """ms from its beginning to the last sample of the sentence."""
    went_on: int = 0
    silent: list[float] = field(default_factory=list)
    """ms of silence until the sentence went on."""
    unnoticed: int = 0
    """The sentence never broke off."""


class Same(Speaker):
    """Says a sentence as it said it before."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._said: dict[object, list[bytes]] = {}

    def settings_for(self, preferences: Preferences) -> Prosody:
        return self.speaker.settings_for(preferences)

    async def render(self, lines: Iterable[Line], prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        key = (tuple(lines), prosody, rate_hz)
        if key not in self._said:
            self._said[key] = [frame async for frame in self.speaker.render(key[0], prosody, rate_hz)]
        for frame in self._said[key]:
            yield frame


async def from_first_word(caller: Caller, seconds: float) -> list[tuple[float, bytes]]:
    """What the caller hears, from the first sound on, once that is so many seconds old."""
    while True:
        first = next((at for at, (_, frame) in enumerate(caller.heard) if loud(frame)), None)
        if first is not None and len(caller.heard) - first >= seconds / FRAME_S:
            return caller.heard[first:]
        await asyncio.sleep(FRAME_S)


def judge(heard: list[tuple[float, bytes]], greeting: list[bytes], began: float, times: Times) -> None:
    """Where the greeting broke off and went on. One that breaks off in a pause between two words tells nothing."""
    there, here = samples(greeting), samples([frame for _, frame in heard])
    length = min(len(there), len(here))
    unlike = np.sqrt(np.mean((here[:length] - there[:length]) ** 2, axis=1))
    broken = np.nonzero(unlike > 0.2 * np.sqrt(np.mean(there[:length] ** 2, axis=1)) + 50)[0]
    if not len(broken):
        times.unnoticed += 1
        return
    last = max(n for n in range(broken[0]) if loud(greeting[n]))
    stopped = heard[last][0] + FRAME_S - began
    if stopped > 0:
        times.stopped.append(stopped * 1000)
    again = np.nonzero((windows(here[broken[0] :]) @ windows(there).T).max(axis=1) > ALIKE)[0]
    if len(again):
        times.went_on += 1
        times.silent.append((heard[broken[0] + again[0]][0] - heard[last][0] - FRAME_S) * 1000)


def samples(frames: list[bytes]) -> NDArray[np.float64]:
    return np.array([np.frombuffer(frame, "<i2") for frame in frames], dtype=np.float64)


def windows(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every stretch of SAME frames, as a vector of length one; of length nought where it is silent."""
    stretches = np.array([frames[at : at + SAME].ravel() for at in range(len(frames) - SAME)])
    lengths = np.linalg.norm(stretches, axis=1, keepdims=True)
    return np.where(lengths > 20_000, stretches / np.maximum(lengths, 1), 0)


async def trial(
    port: int, after_s: float, greeting: list[bytes], what: str | bytes, listens_s: float, times: Times
) -> None:
    async with dial("127.0.0.1", port) as caller:
        await from_first_word(caller, after_s)
        sent = len(caller.sent)
        if isinstance(what, str):
            await caller.press(what)
        else:
            await caller.say(what)
        heard = await from_first_word(caller, after_s + listens_s)
        judge(heard, greeting, caller.sent[sent][0], times)


def cough(number: int) -> bytes:
    """A burst when the throat opens, breath, and sometimes a second push: 0.2 to 0.4 s, as loud as speech."""
    random = np.random.default_rng(number)
    length = int(RATE_HZ * random.uniform(0.2, 0.4))
    time = np.arange(length) / RATE_HZ
    push = np.exp(-time / 0.03) + 0.35 * np.exp(-time / 0.12)
    push += random.integers(2) * 0.6 * np.exp(-(((time - 0.6 * time[-1]) / 0.04) ** 2))
    spectrum = np.fft.rfft(random.normal(0, 1, length) * push)
    hertz = np.fft.rfftfreq(length, 1 / RATE_HZ)
    throat = 0.2 + sum(
        np.exp(-(((hertz - peak) / 250) ** 2)) for peak in random.uniform((400, 1200, 2300), (700, 1700, 2900))
    )
    samples = np.fft.irfft(spectrum * throat, length)
    return (9000 * samples / np.abs(samples).max()).astype("<i2").tobytes()


def row(name: str, times: Times, trials: int, aim: str) -> str:
    stopped = times.stopped or [float("nan")]
    silent = f"{np.median(times.silent):8.0f}" if times.silent else f"{'':8}"
    p50, most = np.median(stopped), max(stopped)
    return f"{name:8}{trials:7}{p50:10.0f}{most:8.0f}{times.unnoticed:11}{times.went_on:9}{silent}   {aim}"


async def measure(trials: int) -> int:
    words = [sentence.pcm for sentence in await sentences((*COMMANDS[2:], *OPEN))]  # the first two say it again
    kinds: dict[str, tuple[list[str | bytes], str]] = {
        "key": ([KEYS[n % len(KEYS)] for n in range(trials)], "aim 40 ms"),
        "word": ([words[n % len(words)] for n in range(trials)], "aim 200 ms"),
        "cough": ([cough(100 + n) for n in range(trials)], "aim: goes on"),
    }
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home), models=dauys_home() / "models", purpose=Purpose.DEMONSTRATION) as app:
            await app.warm_up()
            app.speaker = Same(app.speaker)
            async with listen(
                "127.0.0.1",
                0,
                app.answer,
                rtp_ports=(30000, 30998),
                max_calls=2,
                allow=[IPv4Network("127.0.0.0/8")],
            ) as line:
                async with dial("127.0.0.1", line.port) as caller:
                    greeting = [frame for _, frame in await from_first_word(caller, GREETING_S)]
                print(
                    "From the beginning of a key, word or cough to the last sample of the sentence, at the caller, ms"
                )
                print(f"{'':8}{'trials':>7}{'p50':>10}{'most':>8}{'unnoticed':>11}{'went on':>9}{'after':>8}")
                for name, (what, aim) in kinds.items():
                    times = Times()
                    for number, one in enumerate(what):
                        after_s = FIRST_S + number % 16 * STEP_S
                        await trial(line.port, after_s, greeting, one, LISTENS_S[name], times)
                    print(row(name, times, trials, aim), flush=True)
    return 0


def main(argv: list[str]) -> int:
    return asyncio.run(measure(int(argv[0]) if argv else TRIALS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
