"""Who comes in, how often they may try, and which forms are taken."""

import re
import tomllib
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientResponse
from click.testing import CliRunner
from sqlalchemy import select
from yarl import URL

from catalogue_client.store.schema import staff_sessions
from tests.voice.staff_site.rig import PASSPHRASE, QUICK, Site
from voice.cli.staff import command
from voice.configuration.clock import fixed_clock
from voice.configuration.staff_accounts import StaffAccounts
from voice.staff_site.pages import MENU
from voice.staff_site.rate_limit import KEPT, WITHIN_S, LoginRateLimit
from voice.staff_site.sessions import Sessions, session_key
from voice.values.errors import VoiceError


async def test_nothing_is_seen_without_a_log_in(site: Site) -> None:
    for name in MENU:
        answer = await site.client.get(f"/{name}", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, f"/login?next=/{name}")
    assert (await site.client.post("/callbacks/1", data={})).status == 401
    assert len(await site.app.home_deliveries.books.tasks.tasks()) == 1


async def test_a_log_in_opens_and_a_log_out_shuts(site: Site) -> None:
    answer = await site.log_in()
    assert answer.status == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Log out aliya" in await site.get("/deliveries")
    assert (await site.send("/logout", {})).status == 303
    assert (await site.client.get("/deliveries", allow_redirects=False)).status == 303


async def test_a_copied_cookie_opens_nothing_after_the_log_out(site: Site) -> None:
    cookie = (await site.log_in()).cookies["dauys_staff"].value
    page = await site.get("/readers")
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    assert (await site.send("/logout", {})).status == 303
    site.client.session.cookie_jar.update_cookies({"dauys_staff": cookie}, site.client.make_url("/"))
    assert (await site.client.get("/readers", allow_redirects=False)).status == 303
    kept = {"find": "100001", "token": token[1]}
    answer = await site.client.post("/readers/find", data=kept, allow_redirects=False)
    assert answer.status == 401 and "52" not in (await answer.text()).partition("<main")[2]
    database = site.app.home_deliveries.books.database
    async with database.reading() as connection:
        assert not (await connection.execute(select(staff_sessions))).all()


async def test_a_form_of_an_earlier_session_is_sent_only_when_its_sender_says_so_again(site: Site) -> None:
    await site.log_in("bolat")
    token = re.search(r'name="token" value="([^"]+)"', await site.get("/readers"))
    assert token
    await site.send("/logout", {})
    await site.log_in("bolat")
    form = {"ticket": "100002", "until": "2027-11-24", "paper": "certificate", "token": token[1]}
    answer = await site.client.post("/readers", data=form)
    text = await answer.text()
    assert answer.status == 409
    assert not (await site.app.library.circulation.identify("100002", "1470", "test")).deliveries
    waiting = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', text[text.index("<main") :]))
    assert (await site.client.post("/readers", data=waiting, allow_redirects=False)).status == 303
    assert (await site.app.library.circulation.identify("100002", "1470", "test")).deliveries
    await site.send("/logout", {})
    await site.log_in("aliya")  # what was given to one is nothing to another
    assert (await site.client.post("/readers", data=form)).status == 403


@pytest.mark.parametrize(("pause", "steps", "lasts"), [(50, 3, True), (61, 1, False), (50, 15, False), (-10, 1, False)])
async def test_a_session_ends_after_an_hour_of_nothing_and_after_a_day(
    site: Site, pause: int, steps: int, lasts: bool
) -> None:
    await site.log_in()
    now = site.app.clock()
    for _ in range(steps):
        now += timedelta(minutes=pause)
        site.app.clock = fixed_clock(now)
        last = await site.client.get("/state", allow_redirects=False)
    assert (last.status == 200) is lasts


async def test_a_session_outlives_a_restart_and_ends_with_its_account(site: Site) -> None:
    await site.log_in("bolat")
    app = site.app
    accounts = StaffAccounts(app.home / "staff.toml", QUICK)
    again = Sessions(session_key(app.home), accounts, app.home_deliveries.books.database, app.clock)
    [cookie] = [one.value for one in site.client.session.cookie_jar if one.key == "dauys_staff"]
    session = await again.find(cookie)
    assert session and session.account.name == "bolat"
    kept = accounts.all()["bolat"]
    accounts.remove("bolat")
    assert await again.find(cookie) is None
    accounts._write({**accounts.all(), "bolat": kept})
    assert await again.find(cookie) is None  # it has ended, whatever comes back


async def test_a_form_of_yesterday_is_kept_until_its_sender_has_logged_in_again(site: Site) -> None:
    await site.log_in("bolat")
    form = {
        "ticket": "100002",
        "until": "2027-11-24",
        "paper": "certificate",
        "address": "Абай даңғылы, 52",
        "token": "x",
    }
    site.client.session.cookie_jar.clear()
    answer = await site.client.post("/readers", data=form)
    text = await answer.text()
    assert answer.status == 401
    assert 'name="again.address" value="Абай даңғылы, 52"' in text
    hidden = {name: value for name, value in re.findall(r'name="(again[^"]*)" value="([^"]*)"', text)}
    wrong = await site.client.post("/login", data={**hidden, "name": "bolat", "passphrase": "wrong"})
    assert wrong.status == 422
    assert 'name="again.address"' in await wrong.text()
    back = await site.client.post("/login", data={**hidden, "name": "bolat", "passphrase": PASSPHRASE})
    text = await back.text()
    assert back.status == 200
    assert not (
        await site.app.library.circulation.identify("100002", "1470", "test")
    ).deliveries  # nothing was sent by itself
    waiting = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', text[text.index("<main") :]))
    assert (await site.client.post("/readers", data=waiting, allow_redirects=False)).status == 303
    assert (await site.app.library.circulation.identify("100002", "1470", "test")).deliveries


async def test_a_log_out_after_the_session_has_ended_is_a_log_in(site: Site) -> None:
    answer = await site.client.post("/logout", data={}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/login")


async def test_a_gigabyte_is_refused_before_it_is_read(site: Site) -> None:
    sent = 0

    async def gigabyte() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1024):
            sent += 1
            yield bytes(1024 * 1024)

    for kind, length in (("application/x-www-form-urlencoded", None), ("multipart/form-data; boundary=x", 1024**3)):
        sent = 0
        headers = {"Content-Type": kind, **({"Content-Length": str(length)} if length else {})}
        try:
            answer = await site.client.post("/login", data=gigabyte(), headers=headers)
            assert answer.status in (413, 415)
        except ClientError:
            pass  # refused and closed while it was still being sent
        assert sent < 100
    assert (await site.client.get("/login")).status == 200


async def test_a_language_leads_nowhere_else_and_keeps_the_page(site: Site) -> None:
    answer = await site.client.get("/deliveries?day=2026-11-24&language=ru", allow_redirects=False)
    assert answer.headers["Location"] == "/deliveries?day=2026-11-24"
    for path in ("//evil.example/", "///evil.example", "/%5Cevil.example"):
        there = URL(f"http://{site.client.host}:{site.client.port}{path}?language=ru", encoded=True)
        answer = await site.client.session.get(there, allow_redirects=False)
        assert not answer.headers["Location"].startswith(("//", "/\\")), path


async def test_a_wrong_name_and_a_wrong_passphrase_are_one_answer(site: Site) -> None:
    texts = []
    for name, passphrase in (("aliya", "wrong wrong wrong"), ("nobody", PASSPHRASE)):
        answer = await site.log_in(name, passphrase)
        assert answer.status == 422
        texts.append((await answer.text()).replace(name, "NAME"))
    assert texts[0] == texts[1]
    assert "Error: Log in" in texts[0]


async def test_the_door_shuts_after_five_wrong_tries_even_for_the_right_passphrase(site: Site) -> None:
    assert [(await site.log_in(passphrase="wrong")).status for _ in range(5)] == [422] * 5
    shut = await site.log_in()
    assert shut.status == 429
    assert 0 < int(shut.headers["Retry-After"]) <= WITHIN_S
    assert (await site.log_in("dana")).status == 303


def behind_a_proxy(site: Site, *networks: str) -> None:
    staff = site.app.settings.staff_site.model_copy(update={"trusted_proxies": tuple(map(ip_network, networks))})
    site.app.settings = site.app.settings.model_copy(update={"staff_site": staff})


async def knock(site: Site, forwarded: str, passphrase: str, proto: str = "https") -> ClientResponse:
    form = {"name": "aliya", "passphrase": passphrase, "next": ""}
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": proto}
    return await site.client.post("/login", data=form, headers=headers, allow_redirects=False)


async def test_behind_a_proxy_tries_count_against_whoever_makes_them(site: Site) -> None:
    behind_a_proxy(site, "127.0.0.0/8", "10.9.0.0/16")
    chain = "198.51.100.7, 10.9.0.1"  # the browser, then an inner proxy of our own
    assert [(await knock(site, chain, "wrong")).status for _ in range(5)] == [422] * 5
    for made_up in ("203.0.113.5, 198.51.100.7", "nonsense, 198.51.100.7, 10.9.0.1"):
        assert (await knock(site, made_up, PASSPHRASE)).status == 429  # what the browser writes is not believed
    other = await knock(site, "198.51.100.8", PASSPHRASE)
    assert other.status == 303  # knowing a name shuts nobody else out
    assert "Secure" in other.headers["Set-Cookie"]
    assert "Secure" not in (await knock(site, "198.51.100.8", PASSPHRASE, "http")).headers["Set-Cookie"]


async def test_a_header_from_nobody_we_trust_changes_nothing(site: Site) -> None:
    assert [(await knock(site, f"198.51.100.{last}", "wrong")).status for last in range(5)] == [422] * 5
    assert (await knock(site, "198.51.100.99", PASSPHRASE)).status == 429
    site.client.session.cookie_jar.clear()
    behind_a_proxy(site, "192.0.2.0/24")
    form = {"name": "dana", "passphrase": PASSPHRASE}
    headers = {"X-Forwarded-Proto": "https"}
    answer = await site.client.post("/login", data=form, headers=headers, allow_redirects=False)
    assert answer.status == 303 and "Secure" not in answer.headers["Set-Cookie"]


async def test_a_name_is_shut_to_everybody_after_fifty_tries(site: Site) -> None:
    behind_a_proxy(site, "127.0.0.0/8")
    for number in range(50):
        assert (await knock(site, f"198.51.100.{number}", "wrong")).status == 422
    assert (await knock(site, "198.51.100.200", PASSPHRASE)).status == 429


def test_tries_are_forgotten_with_time_and_never_fill_the_memory() -> None:
    now = [0.0]
    tries = LoginRateLimit(2, lambda: now[0])
    tries.failed("a")
    tries.failed("a")
    assert tries.are_spent("a")
    now[0] = 901.0
    assert not tries.are_spent("a")
    tries.failed("a")
    tries.failed("a")
    for number in range(KEPT):
        tries.failed(f"name {number}")
    assert not tries.are_spent("a")


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "/state\r\nX: y"])
async def test_a_log_in_leads_nowhere_else(site: Site, onward: str) -> None:
    form = {"name": "aliya", "passphrase": PASSPHRASE, "next": onward}
    answer = await site.client.post("/login", data=form, allow_redirects=False)
    assert answer.headers["Location"] == "/state"


async def test_forms_of_others_are_refused(site: Site) -> None:
    await site.log_in()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert (await site.client.post("/logout", data={}, headers=headers)).status == 403
    assert (await site.client.post("/callbacks/1", data={})).status == 403
    assert (await site.client.post("/callbacks/1", data={"token": "made-up"})).status == 403
    assert (await site.client.post("/callbacks/1", json={})).status == 415
    assert "100001" in await site.get("/callbacks")


async def test_a_tampered_cookie_and_an_account_that_is_gone_are_nobody(site: Site) -> None:
    await site.log_in("bolat")
    assert "Log out bolat" in await site.get("/state")
    StaffAccounts(site.app.home / "staff.toml", QUICK).set("bolat", "branch", "another good passphrase")
    assert (await site.client.get("/state", allow_redirects=False)).status == 303
    site.client.session.cookie_jar.update_cookies({"dauys_staff": "WyJhbGl5YSJd.x.y"}, site.client.make_url("/"))
    assert (await site.client.get("/state", allow_redirects=False)).status == 303


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("bolat", {"state", "callbacks", "readers", "answers", "places", "statistics"}),
        ("dana", {"state", "callbacks", "deliveries", "places", "statistics"}),
        ("aliya", set(MENU)),
    ],
)
async def test_each_role_sees_its_pages_only(site: Site, name: str, allowed: set[str]) -> None:
    await site.log_in(name)
    seen = {page for page in MENU if (await site.client.get(f"/{page}")).status == 200}
    assert seen == allowed
    shown = await site.get("/state")
    assert {page for page in MENU if f'<a href="/{page}"' in shown} == allowed


async def test_headers_and_limits(site: Site) -> None:
    answer = await site.client.get("/login")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in await answer.text()
    assert (await site.client.post("/login", data={"name": "x" * 100_000})).status == 413
    assert (await site.client.get("/nowhere")).status in (200, 404)
    bad = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert (await site.client.post("/login", data=b"name=%FF", headers=bad)).status in (400, 422)
    odd = {"Content-Type": "application/x-www-form-urlencoded; charset=klingon"}
    assert (await site.client.post("/login", data=b"name=a", headers=odd)).status == 400
    assert (await site.client.put("/login")).status == 405


async def test_the_language_is_chosen_and_remembered(site: Site) -> None:
    assert '<html lang="en">' in await site.get("/login")
    assert '<html lang="kk">' in await site.get("/login?language=kk")
    assert '<html lang="kk">' in await site.get("/login")
    assert "Құпия сөйлем" in await site.get("/login")


def test_accounts_by_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    run = CliRunner().invoke
    assert "No accounts yet" in run(command, ["list"]).output
    added = run(command, ["add", "aliya", "--role", "administrator"], input=f"{PASSPHRASE}\n")
    assert added.output == "aliya may log in as administrator.\n"
    file = tmp_path / "staff.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert PASSPHRASE not in file.read_text()
    assert tomllib.loads(file.read_text())["aliya"]["passphrase"].startswith("$argon2id$")
    for arguments, given in (
        (["add", "bolat"], "short\n"),
        (["add", "../x"], f"{PASSPHRASE}\n"),
        (["remove", "x"], ""),
    ):
        assert isinstance(run(command, arguments, input=given).exception, VoiceError)
    file.write_text('[x]\nrole = "king"\npassphrase = ""\n')
    assert isinstance(run(command, ["list"]).exception, VoiceError)
