"""The only place that constructs things."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from audio_models.model_store import ModelStore
from catalogue_client.catalogue.sync.place_codes import PlaceCodes
from catalogue_client.catalogue.sync.source_runs import SourceRuns
from catalogue_client.delivery.dispatch.delivery_service import HomeDeliveries
from catalogue_client.embedded_library.demonstration_removal import Demonstration
from catalogue_client.knowledge.library_answers import LibraryAnswers
from catalogue_client.knowledge.places_in_force import PlacesInForce
from catalogue_client.library import Library
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.usage_counts import Usage
from catalogue_client.values.accounts import Preferences
from catalogue_client.values.opening_hours import Place
from voice.assistant.call_recordings import TERM, CallRecordings
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.fault_counts import FaultCounts
from voice.assistant.grammar_cache import grammar, sentences
from voice.assistant.model_selection import installed_voices, larger_models, learnt_model
from voice.assistant.recognition_vocabulary import EXPECTATIONS, KnownTitles, catalogue_words, own_sentences
from voice.assistant.spoken_session import SpokenExchange, SpokenSession
from voice.channels.audio_files import read_recording
from voice.channels.call import Call
from voice.configuration.clock import Clock, fixed_clock, library_clock
from voice.configuration.library_factory import library_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import Settings, load_settings, settings_path
from voice.configuration.working_hours import working_hours
from voice.dialogue.commands import HandOver
from voice.dialogue.context import Profile, begin, is_open
from voice.dialogue.turn import ExpectedInput
from voice.engines.workers import Workers
from voice.nlu.deciding.decision import Decider
from voice.nlu.phrasebook import Phrasebook
from voice.recognition.decoder import Grammars
from voice.recognition.errors import NoModel
from voice.recognition.recogniser import Recogniser
from voice.recognition.recognition_session import RecognitionMode, RecognitionSession
from voice.recognition.vosk_recogniser import VoskRecogniser
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser, speech_workers
from voice.synthesis.voices import Prosody
from voice.values.audio import ChannelKind
from voice.values.lines import Line
from voice.values.utterances import Utterance

NARROW = {RecognitionMode.CONFIRMATION: "confirmation", RecognitionMode.NUMBER: "pin", RecognitionMode.COMMAND: "slot"}
"""Expectation of the ear -> the phrasebook's grammar for it; elsewhere everything is listened for."""
DECODER_NICENESS = 5
"""How much decoders give way: a third of the processor beside a thread that always wants it."""
ENDING_S = 3
"""Silence after a recording, so that its last words are heard to their end."""


@dataclass
class App:
    """Everything that lives as long as the process. Made by `open_app`."""

    settings: Settings
    home: Path
    clock: Clock
    library: Library
    home_deliveries: HomeDeliveries
    """The staff's side of home delivery."""
    usage: Usage
    demonstration: Demonstration
    """Whether the store is one."""
    answers: LibraryAnswers
    """The staff's side of what the library says about itself."""
    place_facts: PlacesInForce
    """The staff's side of hours and places."""
    place_codes: PlaceCodes
    """Which place each code of the library's records means."""
    source_runs: SourceRuns
    """How the catalogue's sources last went."""
    phrasebook: Phrasebook
    speaker: Speaker
    models: Path
    """Folder of speech models."""
    decoders: Executor
    """Threads for the recognisers: as many as cores, since more would only wait for each other."""
    faults: FaultCounts = field(default_factory=FaultCounts)
    """What broke and was caught, in all conversations."""
    workers: Workers | None = None
    """Processes that speak; None where a thread of this one does."""
    places: tuple[Place, ...] = ()
    """The library's places as they were at the start."""
    decider: Decider | None = None
    """What words come to; None where the phrasebook decides alone."""
    titles: KnownTitles = field(default_factory=KnownTitles)
    """What the catalogue knows as a title or an author; nothing until the speech models are loaded."""
    _recognisers: tuple[Recogniser, ...] = ()
    _narrow: Mapping[RecognitionMode, Grammars] = field(default_factory=dict)
    _is_warm: bool = False
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def new_session(
        self,
        kind: ChannelKind,
        *,
        private: bool,
        caller: str = "",
        language: str | None = None,
        call: Call | None = None,
    ) -> DialogueSession:
        """A conversation that has not begun. `caller` is the line or device, for the lock after wrong PINs."""
        profile = Profile(
            line=CAPABILITIES[kind],
            private=private,
            now=self.clock(),
            language=language or self.settings.voice.language,
            brief=self.settings.voice.brief,
            staffed=working_hours(self.settings.telephone.person_hours),
            places=self.places,
            windows=self.home_deliveries.books.delivery_policy.limits.offered,
        )

        async def hand_over(ask: HandOver) -> bool:
            person = self.settings.telephone.person
            on_duty = not profile.staffed or is_open(self.clock(), profile.staffed)
            if call and person and on_duty and await call.hand_over(person):
                return True
            await self.library.callbacks.request_callback(ask.ticket, caller, ask.context, key=secrets.token_hex(8))
            return False

        async def connect(phone: str) -> bool:
            address = self.settings.telephone.outside_number(phone)
            return bool(call and address and await call.hand_over(address))

        name = secrets.token_hex(8)
        errands = CommandExecutor(self.library, hand_over, self.clock, name=name, caller=caller, connect=connect)
        return DialogueSession(
            begin(profile),
            errands,
            self.phrasebook,
            self.clock,
            decider=self.decider,
            count=self.faults.count,
            title_weight=lambda text: self.titles.weight(text),
            topic_of=self.library.knowledge.topic_of,
            reading_room=self.library.reading_room,
        )

    @property
    def recordings(self) -> CallRecordings:
        """Of calls whose readers agreed."""
        return CallRecordings(self.home / "recordings", TERM)

    async def recognisers(self) -> tuple[Recogniser, ...]:
        """The speech models, loaded when they are first needed; their graphs are built when words have changed.

        Raises ModelError when none is installed or one cannot be loaded.
        """
        from audio_models.starter import prepare  # typed questions start faster without it

        async with self._loading:
            if not self._recognisers:
                words = await catalogue_words(self.library.vocabulary, self.settings.models.vocabulary)
                self.titles = KnownTitles(words)
                await asyncio.to_thread(self.phrasebook.prepare_listening)
                said = await asyncio.to_thread(sentences, self.phrasebook, self.models / "grammar")
                starters = await asyncio.to_thread(prepare, self.models, (*said, *own_sentences()), words)
                models = (*larger_models(ModelStore(self.models).installed()), *starters)
                if not models:
                    raise NoModel("No speech model is there. Run `dauys models list` and install one.")
                recognisers = [
                    await asyncio.to_thread(VoskRecogniser, model.path, "+".join(model.languages)) for model in models
                ]
                self._narrow = await asyncio.to_thread(self._narrow_grammars, recognisers)
                self._recognisers = tuple(recognisers)
        return self._recognisers

    async def grammars(self) -> Mapping[RecognitionMode, Grammars]:
        """What the models listen for where little can be meant; elsewhere they listen for all their words."""
        await self.recognisers()
        return self._narrow

    def _narrow_grammars(self, recognisers: Sequence[Recogniser]) -> Mapping[RecognitionMode, Grammars]:
        """What to listen for where little can be meant: fewer words, fewer mistakes. Blocks."""
        narrow = {}
        for expectation, expects in NARROW.items():
            phrases = grammar(self.phrasebook, expects, self.models / "grammar")
            narrow[expectation] = {recogniser.language: recogniser.grammar(phrases) for recogniser in recognisers}
        return narrow

    async def warm_up(self) -> None:
        """Load the models and speak a word for nobody, so that the first caller waits for neither."""
        await self.recognisers()
        if self.workers and not self._is_warm:
            await self.workers.ready()
        self._is_warm = True
        await self.speaker.warm_up()

    async def new_ear(self, rate: int) -> RecognitionSession:
        """An ear for one call whose frames come at `rate` Hz."""
        grammars = await self.grammars()
        return RecognitionSession(
            self._recognisers,
            rate,
            self.decoders,
            grammars=grammars,
            complete=self.phrasebook.is_complete,
            wants_more=self.phrasebook.wants_more,
            language_of=self.phrasebook.language_of,
        )

    async def hear_file(self, path: Path, expects: ExpectedInput) -> Utterance | None:
        """The first thing that is said in a sound file: without hypotheses when there is sound and no word in it, None
        when nobody speaks. Raises AudioFileError."""
        recording = await asyncio.to_thread(read_recording, path)
        ear = await self.new_ear(recording.rate)
        ear.expect(EXPECTATIONS[expects])
        ending = bytes(recording.rate * 2 * ENDING_S)
        wordless = None
        try:
            for frame in (*recording.frames(), ending):
                for event in await ear.feed(frame):
                    if isinstance(event, Utterance):
                        if event.hypotheses:
                            return event
                        wordless = event
            return wordless
        finally:
            await ear.close()

    def render(self, lines: Iterable[Line], preferences: Preferences, rate: int) -> AsyncGenerator[bytes, None]:
        """The lines as frames of 20 ms at `rate` Hz."""
        return self.speaker.render(lines, self.speaker.settings_for(preferences), rate)

    async def answer(
        self,
        call: Call,
        *,
        show: Callable[[tuple[Line, ...], Preferences], None] = lambda lines, preferences: None,
        observe: Callable[[SpokenExchange], None] = lambda exchange: None,
        count_false_interruption: Callable[[], None] = lambda: None,
    ) -> None:
        """Hold the conversation of one call to its end; `show` gets the lines of every reply, for a Braille display."""
        session = self.new_session(call.kind, private=call.private, caller=call.caller, call=call)
        ear = await self.new_ear(call.rate)
        waiting = self.settings.waiting
        await SpokenSession(
            call,
            session,
            ear,
            self.speaker,
            waiting,
            show=show,
            observe=observe,
            recordings=self.recordings,
            count=self.faults.count,
            count_false_interruption=count_false_interruption,
        ).run()


@asynccontextmanager
async def open_app(
    *,
    home: Path | None = None,
    models: Path | None = None,
    now: datetime | None = None,
    supervised: bool = False,
    purpose: Purpose | None = None,
) -> AsyncIterator[App]:
    """Everything by the settings file in `home`. `models` is another folder of speech models than the settings say;
    `now` stops the clock, for tests. `supervised`: speech is made in processes of its own, as a service needs it;
    `purpose` is what a store becomes that nobody has decided about.

    Raises SettingsError, LibraryError.
    """
    folder = home or dauys_home()
    settings = load_settings(settings_path(folder))
    voices = installed_voices(ModelStore(models or Path(settings.models.folder or folder / "models")).installed())
    clock = fixed_clock(now) if now else library_clock
    async with AsyncExitStack() as stack:
        loading = asyncio.create_task(asyncio.to_thread(Phrasebook.load))
        learning = asyncio.create_task(asyncio.to_thread(learnt_model))
        library = await stack.enter_async_context(library_of(settings, folder, clock, purpose))
        workers = await stack.enter_async_context(speech_workers(settings.voice.workers)) if supervised else None
        synthesiser, faults = Synthesiser(workers), FaultCounts()
        stack.callback(synthesiser.close)
        prosody = Prosody(rate=settings.voice.rate, volume=settings.voice.volume)
        speaker = Speaker(synthesiser, voices, prosody, count=faults.count)
        decoders = stack.enter_context(ThreadPoolExecutor(os.cpu_count(), "recogniser", _yield_to_calls))
        models = models or Path(settings.models.folder or folder / "models")
        phrasebook = await loading
        yield App(
            settings,
            folder,
            clock,
            library,
            library.staff.deliveries,
            library.staff.usage,
            library.staff.demonstration,
            library.staff.answers,
            library.staff.places,
            library.staff.place_codes,
            library.staff.source_runs,
            phrasebook,
            speaker,
            models,
            decoders,
            faults,
            workers,
            await library.places.places(clock()),
            Decider(phrasebook, await learning),
        )


def _yield_to_calls() -> None:
    """A decoder's thread gives way to the packets of calls, which are due every 20 ms. On Linux niceness is a thread's
    own."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + DECODER_NICENESS))
