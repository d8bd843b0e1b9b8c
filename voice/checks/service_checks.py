"""What only the whole assistant can tell of itself: catalogue, models, and whether it understands its own voice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from audio_models.errors import ModelError
from audio_models.model_store import ModelStore
from catalogue_client.errors import BadAnswer, LibraryError, PepperError, Unavailable
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.accounts import Preferences
from catalogue_client.values.bibliographic import Query, Results
from voice.assistant.app import App, open_app
from voice.assistant.scripted_session import ScriptedSession
from voice.checks.check_result import CheckResult, plainly
from voice.values.audio import ChannelKind
from voice.values.errors import VoiceError, cause_of
from voice.values.lines import line
from voice.values.utterances import Utterance

log = logging.getLogger(__name__)

SENTENCE = "менің кітаптарым"
"""What Dauys says to itself; it is a phrase of the phrasebook."""
MENU_KEY, SOUGHT = "3", "найди абай"
RATE = 16000


async def whole_findings(home: Path) -> AsyncIterator[CheckResult]:
    """Open everything and look. Never raises: what breaks is a finding."""
    try:
        async with open_app(home=home) as app:
            yield CheckResult("pepper", True, True, "pepper_ok")
            yield await _demonstration(app)
            yield await _catalogue(app)
            yield await _library_system(app)
            yield await _courier(app)
            yield await _audit(app)
            async with aclosing(_hearing(app)) as findings:
                async for finding in findings:
                    yield finding
    except PepperError as error:
        yield CheckResult("pepper", False, True, "pepper_missing" if error.missing else "pepper_other")
    except (LibraryError, VoiceError, OSError) as error:
        yield CheckResult("catalogue", False, True, "catalogue_closed", {"problem": f"{plainly(error)}."})


async def _demonstration(app: App) -> CheckResult:
    """Whether somebody who has read the program's pages could log in."""
    purpose = await app.demonstration.purpose()
    if purpose is Purpose.DEMONSTRATION:
        return CheckResult("demonstration", True, True, "demonstration_on")
    if tickets := await app.demonstration.open_accounts():
        return CheckResult("demonstration", False, True, "demonstration_open", {"tickets": ", ".join(tickets)})
    return CheckResult("demonstration", True, True, "demonstration_none" if purpose else "demonstration_new")


async def _catalogue(app: App) -> CheckResult:
    try:
        found = await app.library.catalogue.search(Query(words="абай"))
    except (Unavailable, BadAnswer):
        found = Results((), 0)
    places = await app.library.places.places(app.clock())
    works = found.total > 0 and bool(places)
    values = {"found": found.total, "places": len(places)}
    decided = await app.demonstration.purpose() is not None  # before that nobody needs a book
    return CheckResult("catalogue", works, decided, "catalogue_ok" if works else "catalogue_empty", values)


async def _courier(app: App) -> CheckResult:
    """Whether the outside couriers' servers answer; they are only read, nothing is ordered."""
    couriers = app.home_deliveries.couriers
    if not couriers:
        return CheckResult("courier", True, False, "courier_own")
    for name, courier in couriers.items():
        try:
            await courier.news("")
        except LibraryError as error:
            return CheckResult("courier", False, True, "courier_away", {"problem": f"{name}: {plainly(error)}"})
    return CheckResult("courier", True, True, "courier_ok")


async def _library_system(app: App) -> CheckResult:
    """Whether the systems of the settings answer; while they are away their copy and pending requests carry on."""
    system = app.settings.library_system
    asked: list[tuple[str, Callable[[], Awaitable[object]]]] = []
    if system.search != "own":
        asked.append((system.search.upper(), lambda: app.library.catalogue.similar("0")))
    if system.circulation != "own":
        # A ticket that nobody has: that the system does not know it is an answer.
        asked.append((system.circulation.upper(), lambda: app.library.circulation.holds("0")))
    if not asked:
        return CheckResult("library-system", True, False, "library_system_none")
    away, problem = [], ""
    for name, ask in asked:
        try:
            await ask()
        except (Unavailable, BadAnswer) as error:
            away.append(name)
            problem = f"{plainly(error)}."
        except LibraryError:
            pass
    values = {"names": ", ".join(away or [name for name, _ in asked]), "problem": problem}
    key = "library_system_away" if away else "library_system_ok"
    return CheckResult("library-system", not away, True, key, values)


async def _audit(app: App) -> CheckResult:
    books = app.home_deliveries.books
    try:
        known = books.audit.written_down()
    except (OSError, ValueError) as error:
        return CheckResult("audit", False, True, "audit_unknown", {"problem": plainly(error)})
    async with books.database.reading() as connection:
        trail = await verify_chain(connection, books.encryption, known)
    if trail.broken is not None:
        return CheckResult("audit", False, True, "audit_broken", {"entry": trail.broken})
    if trail.gone is not None:
        return CheckResult("audit", False, True, "audit_gone", {"entry": trail.gone})
    values = {"entries": trail.entries, "last": trail.last[:12]}
    return CheckResult("audit", True, True, "audit_ok" if trail.entries else "audit_empty", values)


async def _hearing(app: App) -> AsyncGenerator[CheckResult, None]:
    try:
        await app.recognisers()
        store = ModelStore(app.models)
        for model in store.installed():
            checked = await asyncio.to_thread(store.verify, model.name)
            values = {"languages": ", ".join(model.languages), "files": checked}
            yield CheckResult(f"model {model.name}", True, True, "model_ok", values)
    except (ModelError, VoiceError) as error:
        yield CheckResult("models", False, True, "models_bad", {"problem": error})
        return
    yield await _own_voice(app)


async def _own_voice(app: App) -> CheckResult:
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
    key = "own_voice_ok" if works else "own_voice_wrong" if heard else "own_voice_nothing"
    return CheckResult("own-voice", works, False, key, {"said": SENTENCE, "heard": heard})


SELF_TEST_S = 20.0
"""Seconds that a call to itself may take on a busy machine; a service that takes longer answers nobody."""


async def running_findings(app: App, *, speaks: bool) -> tuple[CheckResult, ...]:
    """Look at a service that runs: store, audit, catalogue, and with `speaks` a call to itself, from its own words
    through recogniser and phrasebook to a search and a key. Never raises: what breaks is a finding."""
    looks: list[Callable[[App], Awaitable[CheckResult]]] = [_catalogue, _audit, *([_call_itself] if speaks else [])]
    found = []
    for look, name in zip(looks, ("catalogue", "audit", "own-voice"), strict=False):
        try:
            async with asyncio.timeout(SELF_TEST_S):
                found.append(await look(app))
        except Exception as error:
            log.error("a look at %s failed: %s", name, cause_of(error))
            found.append(CheckResult(name, False, True, "look_failed", {"problem": plainly(error)}))
    return tuple(found)


async def answers_itself(app: App) -> bool:
    """Return whether a greeting, a key and a search were answered with words and cells in a conversation of nobody."""
    session = ScriptedSession(app.new_session(ChannelKind.TYPED, private=True), app.hear_file, app.speaker)
    try:
        replies = [await session.begin(), await session.take("key", MENU_KEY), await session.take("text", SOUGHT)]
    finally:
        await session.finish()
    return all(reply.rows for reply in replies) and not replies[-1].exchange.context.faults


async def _call_itself(app: App) -> CheckResult:
    """Say a sentence and hear it; greet, take a key and search in a conversation of nobody."""
    heard = await _own_voice(app)
    if not await answers_itself(app):
        return CheckResult("own-voice", False, True, "own_voice_broken")
    return replace(heard, needed=heard.key == "own_voice_nothing")
