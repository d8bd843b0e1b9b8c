"""Texts on which a native synthesiser breaks: none reaches it, and none ends more than its own worker."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.engines.workers import Workers
from voice.synthesis.errors import SynthesisFailed
from voice.synthesis.language_segments import LONGEST, segments
from voice.synthesis.normaliser import LONGEST_WORD, MOST_MARKS, MOST_REPEATS, bounded, normalise, plainly
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser, speech_workers
from voice.synthesis.voices import Prosody, load_voices
from voice.values.lines import Line, Span, line

STACKED = "The " + "s'" * 70 + " zebra"
"""espeak-ng 1.51 ends its process with "buffer overflow detected" on this."""
ROOT = Path(__file__).parents[3]

UNITS = st.sampled_from(("'", "s'", "'s", "’", "ʼ", "n't", "a", "ы", "ing", "лар", "!?", "-", "ab'", "\u0301", "7"))
STACKS = st.builds(lambda unit, count: unit * count, UNITS, st.integers(1, 300))
WORDS = st.text(st.sampled_from("abcsяғқңө'’-.\u0302\u0308 "), max_size=300)
TEXTS = st.lists(st.one_of(STACKS, WORDS), max_size=6).map("".join)


@given(TEXTS, st.sampled_from(("kk", "ru", "en")))
def test_whatever_is_piled_up_is_cut(text: str, language: str) -> None:
    for spoken in (bounded(text), normalise(text, language), plainly(text)):
        assert all(len(word) <= LONGEST_WORD for word in spoken.split())
        assert not re.search(rf"(\S{{1,6}}?)\1{{{MOST_REPEATS}}}", spoken)
        assert not re.search(f"[\u0300-\u036f]{{{MOST_MARKS + 1}}}", spoken)


@given(TEXTS)
def test_what_reaches_a_voice_is_bounded_also_where_spans_meet(text: str) -> None:
    for segment in segments([Line((Span("s's", "en"), Span(text, "en"), Span("'s's", "en")))], 170):
        assert len(segment.text) <= LONGEST
        assert segment.text == bounded(segment.text)


@pytest.mark.parametrize(
    "text",
    ["Абай жолы", "қанағаттандырылмағандықтарыңыздан", "O'Neill's", "www.kitap.kz", "Mississippi", "Ah-ah-ah... no"],
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert bounded(text) == text


def test_a_long_text_is_cut_where_it_pauses_and_loses_nothing() -> None:
    text = "Бұл кітап туралы ұзақ әңгіме. " * 60
    pieces = [segment.text for segment in segments([line(text, "kk")], 170)]
    assert len(pieces) > 3
    assert all(piece.endswith(".") for piece in pieces[:-1])
    assert "".join(pieces) == text.strip()


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with speech_workers(1) as workers:
        yield workers


@pytest.fixture
def synthesiser(workers: Workers) -> Synthesiser:
    return Synthesiser(workers)


async def audio(synthesiser: Synthesiser, text: str) -> bytes:
    return b"".join([b async for b in synthesiser.stream(text, load_voices()["en"], Prosody(), 8000)])


async def test_a_text_that_aborts_espeak_ng_ends_its_worker_and_nothing_else(
    synthesiser: Synthesiser, workers: Workers
) -> None:
    whole = await audio(synthesiser, "zebra")
    for deaths in (1, 2):
        with pytest.raises(SynthesisFailed):
            await audio(synthesiser, STACKED)
        assert await audio(synthesiser, "zebra") and workers.deaths == deaths
    assert len(whole) > 1000
    synthesiser.close()


async def test_the_same_text_in_a_line_is_spoken_and_no_worker_dies(synthesiser: Synthesiser, workers: Workers) -> None:
    counted: list[str] = []
    speaker = Speaker(synthesiser, count=counted.append)
    for language in ("kk", "ru", "en"):
        frames = [f async for f in speaker.render([line(STACKED, language)], Prosody(), 8000)]
        assert sum(any(frame) for frame in frames) > 20
    assert (workers.deaths, counted) == (0, [])
    synthesiser.close()


async def test_a_text_that_slips_through_is_said_plainly(
    synthesiser: Synthesiser, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice.synthesis.language_segments.normalise", lambda text, language: text)
    monkeypatch.setattr("voice.synthesis.language_segments.bounded", lambda text: text)
    counted: list[str] = []
    speaker = Speaker(synthesiser, count=counted.append)
    frames = [f async for f in speaker.render([line(STACKED, "en"), line("zebra", "en")], Prosody(), 8000)]
    assert sum(any(frame) for frame in frames) > 20
    assert (workers.deaths, counted) == (1, ["other_voice"])
    synthesiser.close()


IN_PROCESS = """
import asyncio, sys
from voice.values.lines import line
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody
async def main():
    lines = [line(text, language) for text in sys.argv[1:] for language in ("kk", "ru", "en")]
    synthesiser = Synthesiser()
    print(len([frame async for frame in Speaker(synthesiser).render(lines, Prosody(), 8000) if any(frame)]))
    synthesiser.close()
asyncio.run(main())
"""


async def run(*arguments: str) -> tuple[int | None, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    out, _ = await process.communicate()
    return process.returncode, out


@pytest.mark.parametrize("unit", ["s'", "'s", "e's"])
async def test_a_command_that_speaks_in_its_own_process_is_not_ended_by_a_text(unit: str) -> None:
    texts: Sequence[str] = [f"The {unit * count} zebra" for count in (60, 70, 140)]
    code, out = await run("-c", IN_PROCESS, *texts)
    assert code == 0 and int(out) > 50
