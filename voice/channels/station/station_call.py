"""One reader at a station: from the first word or key until nobody is there any more."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from voice.channels.call import CallEvent, Frame, FrameSource, HangUp, Key
from voice.channels.station import keypad
from voice.channels.station.audio_device import RATE, SILENCE, AudioDevice, open_sound
from voice.channels.station.echo_control import EchoControl, cleaning_for
from voice.channels.telephone_keys import TELEPHONE_KEYS
from voice.values.audio import ChannelKind


class StationCall:
    """Implements `Call`."""

    kind = ChannelKind.STATION
    rate = RATE
    caller = ""

    def __init__(self, sound: AudioDevice, cleaning: EchoControl, *, private: bool, push_to_talk: bool = False) -> None:
        self.id = secrets.token_hex(6)
        self.private = private
        self._sound = sound
        self._cleaning = cleaning
        self._talking = not push_to_talk
        self._events: asyncio.Queue[CallEvent] = asyncio.Queue()
        self._over = False
        sound.on_played = cleaning.played
        self._hearing = asyncio.create_task(self._hear())

    async def events(self) -> AsyncIterator[CallEvent]:
        """See `Call`."""
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HangUp):
                return

    def speak_from(self, source: FrameSource) -> None:
        """See `Call`."""
        if not self._over:
            self._sound.play_from(source)

    async def hang_up(self) -> None:
        """See `Call`."""
        if not self._over:
            self._over = True
            self._sound.play_from(lambda: SILENCE)
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)
            self._events.put_nowait(HangUp("the station ended the session"))

    async def hand_over(self, target: str) -> bool:
        """See `Call`. A station has no telephone line."""
        return False

    def press(self, digit: str) -> None:
        """A key of the station's keypad, one of 0-9 * #; any other is nothing."""
        if digit in TELEPHONE_KEYS and not self._over:
            self._events.put_nowait(Key(digit))

    def talk(self, pressed: bool) -> None:
        """Push-to-talk: only what is said while the button is pressed is heard."""
        self._talking = pressed

    async def _hear(self) -> None:
        while True:
            # Cleaned even when nobody listens: the canceller must go on learning the room.
            block = self._cleaning.clean(await self._sound.next_block())
            self._events.put_nowait(Frame(block if self._talking else SILENCE))


@asynccontextmanager
async def open_station(
    *,
    input_device: str = "",
    output_device: str = "",
    headphones: bool = False,
    half_duplex: bool = False,
    push_to_talk: bool = False,
    keys: Path | None = None,
) -> AsyncIterator[StationCall]:
    """One session at this machine's microphone and loudspeaker, and its keypad at `keys`. Raises NoSound."""
    async with open_sound(input_device, output_device) as sound:
        cleaning = cleaning_for(headphones=headphones, half_duplex=half_duplex)
        call = StationCall(sound, cleaning, private=headphones, push_to_talk=push_to_talk)
        keyed = asyncio.create_task(keypad.follow(keys, call, push_to_talk=push_to_talk)) if keys else None
        try:
            yield call
        finally:
            if keyed:
                keyed.cancel()
                await asyncio.gather(keyed, return_exceptions=True)
            await call.hang_up()
