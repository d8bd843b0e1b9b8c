"""A walk through a library's system finds what would fail a reader, and names the setting."""

from __future__ import annotations

import re
from datetime import date

import pytest
from aiohttp.test_utils import TestServer

from catalogue_client.connectors.connected_library import LibrarySystem
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.sip2.settings import Sip2Settings
from tests.rig.irbis_server import IrbisServer
from tests.rig.koha_server import KohaServer
from tests.rig.sip2_server import HABITS, Habit
from tests.rig.sip2_server import LibrarySystem as Sip2System
from voice.checks.check_result import CheckResult
from voice.checks.library_trial import LibraryTrial, is_broken, trial_of

TODAY = date(2026, 12, 1)
TICKET, PIN = "100003", "3690"


async def walked(system: LibrarySystem, trial: LibraryTrial) -> dict[str, CheckResult]:
    """Key of a sentence -> the finding; every finding can be said in each language."""
    found = [result async for result in trial_of(system, trial, TODAY)]
    assert all(result.said(language) and result.title(language) for result in found for language in ("kk", "ru", "en"))
    return {result.key: result for result in found}


Found = dict[str, CheckResult]


async def on_sip2(habit: Habit, trial: LibraryTrial | None = None, **changes: object) -> tuple[Found, Sip2System]:
    server = Sip2System(habit)
    async with server.serving() as port:
        settings = Sip2Settings("127.0.0.1", port, institution="ALM", user="dauys", password="secret", **changes)  # type: ignore[arg-type]
        return await walked(
            LibrarySystem(None, settings), trial or LibraryTrial(TICKET, PIN, "", "B1", "KZ", True)
        ), server


async def test_a_system_that_fits_is_left_as_it_was() -> None:
    found, server = await on_sip2(HABITS["plain"])
    assert all(result.works for result in found.values()), found
    assert {"trial_hold_ok", "trial_cancel_ok", "trial_renew_ok"} <= found.keys()
    assert server.placed == 1 and server.waiting == []


@pytest.mark.parametrize(
    ("name", "key", "setting"),
    [("evergreen", "trial_loans_titles", "msg64_summary_datatype"),
     ("evergreen with bar codes", "trial_hold_pin", "sip2_sends_pin"),
     ("koha with a date format", "trial_loans_far", "sip2_month_first")],
)  # fmt: skip
async def test_a_habit_that_does_not_fit_names_its_setting(name: str, key: str, setting: str) -> None:
    found, _ = await on_sip2(HABITS[name])
    assert not found[key].works and setting in found[key].sentence


async def test_the_setting_that_was_named_mends_it() -> None:
    found, server = await on_sip2(HABITS["evergreen with bar codes"], sends_pin=True)
    assert all(result.works for result in found.values()) and server.placed == 1


async def test_a_wrong_pin_ends_the_walk() -> None:
    found, _ = await on_sip2(HABITS["plain"], LibraryTrial(TICKET, "0000"))
    assert found.keys() == {"trial_reader_wrong"}


@pytest.mark.parametrize("permission", ["borrowers", "catalogue", "circulate", "reserveforothers"])
async def test_a_permission_that_lacks_on_koha_is_named(permission: str) -> None:
    system = KohaServer()
    system.granted.remove(permission)
    async with TestServer(system.app()) as server:
        settings = KohaSettings(str(server.make_url("")), "dauys", "secret")
        found = await walked(LibrarySystem(None, settings), LibraryTrial(TICKET, PIN, "", "10", "KZ"))
    assert permission in found["trial_failed"].sentence


async def test_irbis_is_searched_too_and_says_which_places_have_no_name() -> None:
    async with IrbisServer().serving() as port:
        settings = IrbisSettings("127.0.0.1", port, user="dauys", password="secret")
        found = await walked(LibrarySystem(settings, settings), LibraryTrial(TICKET, PIN, "абай жолы"))
        nothing = await walked(LibrarySystem(settings), LibraryTrial(TICKET, PIN, "война и мир"))
    assert "KZ" in found["trial_places_unknown"].sentence and "trial_search_ok" in found
    assert "1 of 2" in found["trial_loans_undated"].sentence
    assert nothing.keys() == {"trial_search_none"}


@pytest.mark.parametrize("right", ["Қан мен тер", "Ұшқан ұя", "Вор, шпион и убийца", "Jane Eyre", "Война?"])
def test_letters_in_a_wrong_encoding_are_known(right: str) -> None:
    assert not is_broken(right)
    kazakh = re.search("[ҚқҰұ]", right) is not None  # which cp1251 lacks
    eight_bits = [("kz1048", "cp1251"), ("kz1048", "latin-1")] if kazakh else [("cp1251", "latin-1")]
    for written, wrong in [("utf-8", "cp1251"), ("utf-8", "latin-1"), *eight_bits]:
        text = right.encode(written).decode(wrong, "replace")
        assert right.isascii() or is_broken(text), (written, wrong, text)
