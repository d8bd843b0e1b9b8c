"""A service that looks at itself: what works is told, what breaks is a finding and never an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalogue_client.errors import StorageError
from tests.voice.dialogue.small_library import NOW
from voice.assistant.app import App, open_app
from voice.channels.capacity import Capacity
from voice.checks import service_checks
from voice.checks.check_result import CheckResult
from voice.checks.service_checks import answers_itself, running_findings
from voice.server.self_watch import SelfWatch


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(home=tmp_path, now=NOW) as app:
        yield app


async def test_a_greeting_a_key_and_a_search_are_answered(app: App) -> None:
    assert await answers_itself(app)


async def test_a_conversation_that_breaks_is_noticed(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> object:
        raise KeyError

    monkeypatch.setattr("voice.assistant.dialogue_session.step", broken)
    assert not await answers_itself(app)


async def test_what_breaks_or_hangs_is_a_finding(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(query: object) -> Any:
        raise StorageError("no disk")

    class Broken:
        search = staticmethod(broken)

    found = await running_findings(replace(app, library=replace(app.library, catalogue=Broken())), speaks=False)
    assert {result.name: result.works for result in found} == {"catalogue": False, "audit": True}
    assert found[0].needed and "no disk" in found[0].sentence
    for language in ("kk", "ru", "en"):
        assert found[0].said(language)

    async def hanging(app: App) -> CheckResult:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(service_checks, "SELF_TEST_S", 0.05)
    monkeypatch.setattr(service_checks, "_call_itself", hanging)
    found = await running_findings(app, speaks=True)
    assert [result.works for result in found if result.name == "own-voice"] == [False]


async def test_the_watch_tells_lines_and_figures(app: App) -> None:
    capacity = Capacity(2)
    trunk = CheckResult("trunk", False, True, "trunk_silent", {"registrar": "sip.example"})
    watch = SelfWatch(app, capacity, lambda: (trunk,))
    assert watch.figures().self_test_s is None and watch.figures().trunk_registered is False
    await watch.look(speaks=False)
    assert [result.name for result in watch.findings()] == ["trunk", "catalogue", "audit"]
    for host in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
        if seat := capacity.seat(host):
            seat.confirm()
    figures = watch.figures()
    assert figures.calls_refused == 1 and figures.calls_at_most == 2
    assert figures.checks["trunk"] is False and figures.checks["audit"] is True
    assert figures.self_test_s is not None
