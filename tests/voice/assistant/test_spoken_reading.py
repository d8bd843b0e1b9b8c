"""A book read aloud on a line: it goes on by itself, can be interrupted at any moment, and its place is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast

from catalogue_client.errors import Unavailable
from catalogue_client.protocols import ReadingRoom
from catalogue_client.values.books import ReadingPlace
from tests.voice.assistant.test_spoken_session import (
    COUGH,
    PULLED_S,
    SILENCE,
    Talk,
    Talking,
    talking,
    words,
)
from tests.voice.dialogue.exploring import beginning
from tests.voice.dialogue.small_library import BOOK_TEXT, HELD, READERS
from voice.assistant.reading.place_keeper import PlaceKeeper
from voice.assistant.spoken_session import SpokenExchange
from voice.channels.call import Frame
from voice.dialogue.context import DialogueContext, begin
from voice.dialogue.events import HeardOut
from voice.dialogue.reading_room.reading_states import ReadingBook
from voice.reading.book_map import book_map

__all__ = ["talking"]

SENTENCES = [sentence.text for block in BOOK_TEXT.blocks for sentence in block.sentences]


async def next_exchange(talk: Talk) -> SpokenExchange:
    """The next exchange, while the line sends and takes frames."""
    while talk.exchanges.empty():
        talk.line.source()
        talk.line.coming.put_nowait(Frame(SILENCE))
        await asyncio.sleep(PULLED_S)
    return talk.exchanges.get_nowait()


def reading(exchange: SpokenExchange) -> ReadingBook:
    state = exchange.exchange.context.state
    assert isinstance(state, ReadingBook)
    return state


async def begun(talk: Talk) -> SpokenExchange:
    await next_exchange(talk)  # the greeting
    talk.hear(words("оқып бер абай жолы", "kk"))
    return await next_exchange(talk)


async def test_a_book_is_read_to_its_end_without_a_word_of_the_reader(talking: Talking) -> None:
    async with talking() as talk:
        exchange = await begun(talk)
        said = [line.text for line in exchange.exchange.lines if line.record is not None]
        while reading(exchange).goes_on:
            exchange = await next_exchange(talk)
            assert isinstance(exchange.exchange.understood.event, HeardOut)
            said += [line.text for line in exchange.exchange.lines if line.record is not None]
        assert said == SENTENCES


async def test_a_key_moves_from_the_sentence_that_is_heard(talking: Talking) -> None:
    async with talking() as talk:
        await begun(talk)
        heard = set[str]()
        while SENTENCES[2] not in heard:
            talk.line.source()
            talk.line.coming.put_nowait(Frame(SILENCE))
            await asyncio.sleep(PULLED_S)
            assert talk.session
            state = talk.session.context.state
            assert isinstance(state, ReadingBook)
            heard.add(SENTENCES[state.at])
        talk.press("3")
        exchange = await next_exchange(talk)
        assert exchange.exchange.lines[0].text == SENTENCES[3]
        talk.press("9")
        assert (await next_exchange(talk)).exchange.lines[0].text == SENTENCES[5]
        talk.press("5")
        assert not reading(await next_exchange(talk)).goes_on
        assert await talk.speech(100) == 0
        talk.press("5")
        assert (await next_exchange(talk)).exchange.lines[0].text == SENTENCES[5]


async def test_a_cough_does_not_end_a_book_and_a_stop_does(talking: Talking) -> None:
    async with talking() as talk:
        await begun(talk)
        await talk.speech(50)
        talk.hear(COUGH)
        assert isinstance((await next_exchange(talk)).exchange.understood.event, HeardOut)
        talk.hear(words("тоқта", "kk"))
        exchange = await next_exchange(talk)
        while isinstance(exchange.exchange.understood.event, HeardOut):
            exchange = await next_exchange(talk)
        assert not reading(exchange).goes_on


class SlowRoom:
    """Keeps places one after the other, when it is let; can refuse and break."""

    def __init__(self) -> None:
        self.kept: list[ReadingPlace] = []
        self.fails: list[Exception] = []
        self.open = asyncio.Event()

    async def keep_place(self, ticket: str, book_id: str, place: ReadingPlace) -> None:
        await self.open.wait()
        if self.fails:
            raise self.fails.pop()
        self.kept.append(place)


def at(sentence: int, *, keeps: bool = True) -> DialogueContext:
    state = ReadingBook(HELD[0], book_map(BOOK_TEXT), sentence, sentence, True, keeps=keeps, ticket="100001")
    context = begin(beginning().profile).go(state)
    return DialogueContext(context.profile, "kk", context.now, state, reader=READERS["100001", "2580"])


async def test_a_slow_store_gets_the_newest_place_and_a_failing_one_the_next() -> None:
    room = SlowRoom()
    keeper = PlaceKeeper(cast(ReadingRoom, room))
    for sentence in range(5):
        keeper.keep(at(sentence))
        await asyncio.sleep(0)
    room.open.set()
    await keeper.finish()
    assert [place.sentence for place in room.kept] == [0, 4]
    for error in (Unavailable("away"), RuntimeError("broken")):
        room.fails.append(error)
        keeper.keep(at(5))
        await keeper.finish()
        keeper.keep(at(5))
        await keeper.finish()
        assert room.kept.pop().sentence == 5
        keeper.keep(at(1))
        await keeper.finish()


async def test_nothing_is_kept_of_who_has_not_agreed() -> None:
    room = SlowRoom()
    room.open.set()
    keeper = PlaceKeeper(cast(ReadingRoom, room))
    keeper.keep(at(3, keeps=False))
    await keeper.finish()
    assert room.kept == []


async def test_what_was_forgotten_is_kept_again_at_the_same_sentence() -> None:
    """Also when the first write was still under way."""
    for opens_late in (False, True):
        room = SlowRoom()
        keeper = PlaceKeeper(cast(ReadingRoom, room))
        if not opens_late:
            room.open.set()
        keeper.keep(at(3))
        await (asyncio.sleep(0) if opens_late else keeper.finish())
        keeper.keep(at(3, keeps=False))
        keeper.keep(at(3))
        room.open.set()
        await keeper.finish()
        assert [place.sentence for place in room.kept] == [3, 3]


async def test_a_book_without_the_readers_own_kept_place_is_not_kept() -> None:
    room = SlowRoom()
    room.open.set()
    keeper = PlaceKeeper(cast(ReadingRoom, room))
    for ticket in ("", "100002"):
        context = at(3)
        assert isinstance(context.state, ReadingBook)
        keeper.keep(context.stay(replace(context.state, ticket=ticket)))
        await keeper.finish()
    assert room.kept == []
