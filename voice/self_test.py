"""What only the whole assistant can tell of itself: catalogue, models, and whether it understands its own voice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from audio_models.errors import ModelError
from audio_models.store import Store
from catalogue_client.errors import BadAnswer, LibraryError, Unavailable
from catalogue_client.records import Preferences, Query, Results
from catalogue_client.store.audit import look_through
from voice.app import App, open_app
from voice.conversation.lines import line
from voice.errors import VoiceError
from voice.health import Finding
from voice.hearing.utterance import Utterance

SENTENCE = "менің кітаптарым"
"""What Dauys says to itself; it is a phrase of the phrasebook."""
RATE = 16000


async def whole_findings(home: Path) -> AsyncIterator[Finding]:
    """Open everything and look. Never raises: what breaks is a finding."""
    try:
        async with open_app(home=home) as app:
            yield await _catalogue(app)
            yield await _library_system(app)
            yield await _audit(app)
            async with aclosing(_hearing(app)) as findings:
                async for finding in findings:
                    yield finding
    except (LibraryError, VoiceError, OSError) as error:
        advice = "Is the disk full, or was the folder made by a newer Dauys?"
        yield Finding("catalogue", False, True, f"The library cannot be opened: {error} {advice}")


async def _catalogue(app: App) -> Finding:
    try:
        found = await app.library.search(Query(words="абай"))
    except (Unavailable, BadAnswer):
        found = Results((), 0)
    places = await app.library.places(app.clock())
    works = found.total > 0 and bool(places)
    advice = "" if works else " Import the catalogue: dauys catalogue import FILES."
    return Finding(
        "catalogue", works, True, f"«Абай» finds {found.total} books; {len(places)} places are known.{advice}"
    )


async def _library_system(app: App) -> Finding:
    """Whether the systems of the settings answer; without them their copy and readers' wishes carry on for a while."""
    system = app.settings.library_system
    asked: list[tuple[str, Callable[[], Awaitable[object]]]] = []
    if system.search != "own":
        asked.append((system.search.upper(), lambda: app.library.new_records(1)))
    if system.circulation != "own":
        # A ticket that nobody has: that the system does not know it is an answer.
        asked.append((system.circulation.upper(), lambda: app.library.holds("0")))
    if not asked:
        return Finding("library system", True, False, "None: Dauys's own store does everything.")
    away = []
    for name, ask in asked:
        try:
            await ask()
        except (Unavailable, BadAnswer) as error:
            away.append(f"{name} does not answer: {error}.")
        except LibraryError:
            pass
    names = " and ".join(name for name, _ in asked)
    if not away:
        return Finding("library system", True, True, f"{names} answers.")
    return Finding(
        "library system", False, True, f"{' '.join(away)} Compare [library_system] of the settings with the server's."
    )


async def _audit(app: App) -> Finding:
    async with app.home_deliveries.books.database.reading() as connection:
        trail = await look_through(connection)
    if trail.broken is None:
        last = f", the newest is {trail.last[:12]}" if trail.last else ""
        return Finding("audit", True, True, f"{trail.entries} entries fit each other{last}.")
    sentence = (
        f"Entry {trail.broken} was changed, or those before it are gone. Keep a copy of the data base and find out who."
    )
    return Finding("audit", False, True, sentence)


async def _hearing(app: App) -> AsyncGenerator[Finding, None]:
    try:
        await app.recognisers()
        store = Store(app.models)
        for model in store.installed():
            checked = await asyncio.to_thread(store.verify, model.name)
            yield Finding(
                f"model {model.name}", True, True, f"{', '.join(model.languages)}; {checked} files are right."
            )
    except (ModelError, VoiceError) as error:
        yield Finding("models", False, True, str(error))
        return
    yield await _own_voice(app)


async def _own_voice(app: App) -> Finding:
    """Say a sentence, hear it, compare."""
    ear = await app.new_ear(RATE)
    heard = ""
    try:
        async with aclosing(app.render([line(SENTENCE, "kk")], Preferences(), RATE)) as frames:
            spoken = [frame async for frame in frames]
        for frame in (bytes(RATE), *spoken, bytes(RATE * 4)):
            for event in await ear.feed(frame):
                if isinstance(event, Utterance) and event.hypotheses:
                    heard = heard or event.hypotheses[0].text
    finally:
        await ear.close()
    works = heard == SENTENCE
    advice = "" if works else " Install a larger model: dauys models list."
    return Finding("own voice", works, False, f"Said: {SENTENCE}. Heard: {heard or 'nothing'}.{advice}")
