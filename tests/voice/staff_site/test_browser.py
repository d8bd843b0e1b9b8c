"""Every page and state in a real Chromium: axe-core's rules, the keyboard, the accessibility tree, narrow and dark."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from catalogue_client.values.knowledge import AskedQuestion
from tests.voice.staff_site.rig import PASSPHRASE, Site
from voice.assistant.dialogue_session import Understood
from voice.dialogue.events import NotUnderstood
from voice.values.audio import ChannelKind

pytestmark = pytest.mark.real

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/state", "/deliveries", "/deliveries?day=soon", "/deliveries?day=2020-01-01", "/deliveries/run-sheet",
    "/deliveries/999999999", "/callbacks", "/callbacks?done=called", "/readers", "/desks", "/desks/_new",
    "/desks/abai-1", "/desks/abai-1?done=test_line", "/desks/abai-1/view", "/desks/abai-1/view?live=1", "/models",
    "/places", "/places/days", "/places/no-14", "/statistics", "/answers", "/answers/_new", "/answers/fines",
)  # fmt: skip
REACHABLE = 'a[href], button, input:not([type=hidden]), select, textarea, [tabindex="0"]'
NAME = "e => e.id || e.getAttribute('aria-labelledby') || e.textContent.trim()"
CONTROLS = {"button", "link", "textbox", "combobox", "checkbox", "DateTime", "InputTime", "Date"}


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as the package of that name for Playwright brings it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        await browser.close()


async def opened(browser: Browser, site: Site, **options: Any) -> Page:
    """A page of a new visitor. Our policy forbids scripts; the tests' own one is let in by the browser."""
    context = await browser.new_context(base_url=str(site.client.make_url("/")), bypass_csp=True, **options)
    return await context.new_page()


async def log_in(page: Page) -> None:
    await page.goto("/login")
    await page.fill("#name", "aliya")
    await page.fill("#passphrase", PASSPHRASE)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/state")


async def violations(page: Page, axe: str) -> list[str]:
    await page.evaluate(axe)
    found = await page.evaluate("tags => axe.run({runOnly: tags})", RULES)
    assert len(found["passes"]) > 10
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


async def use(site: Site) -> None:
    """A month's worth of everything, so that lists are long."""
    typed = site.app.new_session(ChannelKind.TYPED, private=True, language="kk")
    for n in range(40):
        understood = Understood(NotUnderstood(f"мүлде түсініксіз сөз {chr(ord('а') + n % 30)}{n}"))
        site.notes.exchanged(await typed.exchange(understood))
        await site.app.library.callbacks.request_callback("", f"+77010000{n:03}", "Ұзақ сұрақ", key=f"call {n}")
        letter = chr(ord("а") + n % 30)
        await site.app.answers.asked.note(AskedQuestion("fines" if n % 2 else "", "kk", f"түсініксіз сұрақ {letter}"))
    texts = {"kk": "Айыппұл жоқ.", "ru": "Пени нет.", "en": "No fine."}
    for said in (texts, {**texts, "en": "There is no fine."}):
        version = (await site.app.answers.written())["fines"].number
        await site.app.answers.write("fines", said, ("айыппұл төлеймін бе",), "staff:dana", after=version)
    for day in ("2026-12-16", "2027-01-01"):
        await site.app.place_facts.days.write(day, "", {}, "closed", "staff:dana", after=0)


async def mistaken(page: Page, path: str, field: str, value: str) -> None:
    """Send the form that `field` is in with something that cannot be."""
    await page.goto(path)
    await page.eval_on_selector(f"#{field}", "(e, value) => { e.type = 'text'; e.value = value }", value)
    await page.eval_on_selector(f"#{field}", "e => { e.form.noValidate = true; e.form.requestSubmit() }")
    await page.wait_for_selector("[role=alert]")


States = tuple[Callable[[Page, Site], Awaitable[None]], ...]


async def wrong_time(page: Page, site: Site) -> None:
    await mistaken(page, f"/deliveries/{site.delivery}", "expected", "soon")


async def wrong_port(page: Page, site: Site) -> None:
    await mistaken(page, "/desks/abai-1", "port", "telepathy:")


async def wrong_new_desk(page: Page, site: Site) -> None:
    await mistaken(page, "/desks/_new", "id", "No Such Desk")


async def wrong_answer(page: Page, site: Site) -> None:
    await mistaken(page, "/answers/events", "text_kk", "<b>Кеш</b>")


async def wrong_day(page: Page, site: Site) -> None:
    await mistaken(page, "/places/days", "day", "2027-02-30")


async def wrong_hours(page: Page, site: Site) -> None:
    await mistaken(page, "/places/no-14", "hours_6", "sometimes")


async def no_such_reader(page: Page, site: Site) -> None:
    await mistaken(page, "/readers", "find", "999999")


async def no_right(page: Page, site: Site) -> None:
    await mistaken(page, "/readers", "until", "2020-01-01")


async def a_reader(page: Page, site: Site) -> None:
    await page.goto("/readers")
    await page.fill("#find", "100001")
    await page.press("#find", "Enter")
    await page.wait_for_selector("dl")


async def not_sure(page: Page, site: Site) -> None:
    await a_reader(page, site)
    await page.eval_on_selector("#sure", "e => e.form.requestSubmit()")
    await page.wait_for_selector("[role=alert]")


async def no_model(page: Page, site: Site) -> None:
    await page.goto("/models")
    to = "e => { e.action = e.action.replace('install', 'verify'); e.requestSubmit() }"
    await page.eval_on_selector("form[action*='install']", to)
    await page.wait_for_selector("[role=alert]")


async def log_in_again(page: Page, site: Site) -> None:
    await page.goto("/readers")
    await page.context.clear_cookies(name="dauys_staff")
    await page.fill("#find", "100001")
    await page.press("#find", "Enter")
    await page.wait_for_selector("#passphrase")


async def send_again(page: Page, site: Site) -> None:
    await log_in(page)
    await log_in_again(page, site)
    await page.fill("#name", "aliya")
    await page.fill("#passphrase", PASSPHRASE)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("form[action='/readers/find'] input[name=find][type=hidden]", state="attached")


STATES: States = (
    wrong_time, wrong_port, wrong_new_desk, no_such_reader, no_right, a_reader, not_sure, no_model, log_in_again,
    send_again, wrong_answer, wrong_day, wrong_hours,
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "look"),
    [
        ("kk", {"color_scheme": "light"}),
        ("ru", {"color_scheme": "dark"}),
        ("en", {"color_scheme": "dark", "forced_colors": "active"}),
    ],
)
async def test_no_page_and_no_state_breaks_a_rule(
    site: Site, browser: Browser, axe: str, language: str, look: dict[str, str]
) -> None:
    page = await opened(browser, site, locale=language, **look)
    await page.goto("/login?next=/deliveries")
    broken = await violations(page, axe)
    await page.fill("#name", "aliya")
    await page.fill("#passphrase", "not this one at all")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=alert]")
    broken += await violations(page, axe)
    await log_in(page)
    if language != "en":
        await use(site)  # long lists in two languages, short ones in the third
    for path in (*PAGES, f"/deliveries/{site.delivery}", f"/deliveries/{site.delivery}/slip"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.lang") == language
        broken += await violations(page, axe)
    for state in STATES:
        await state(page, site)
        broken += await violations(page, axe)
    assert not broken, "\n".join(broken)


async def test_empty_lists_break_no_rule(site: Site, browser: Browser, axe: str) -> None:
    page = await opened(browser, site, locale="kk")
    await log_in(page)
    for task in await site.app.home_deliveries.books.tasks.tasks():
        await site.app.home_deliveries.books.tasks.finish(task.id, "staff:aliya")
    (site.app.home / "desks.toml").unlink()
    broken = []
    for path in ("/callbacks", "/desks", "/deliveries?day=2020-01-01"):
        await page.goto(path)
        assert not await page.query_selector("table"), path
        broken += await violations(page, axe)
    (site.app.home / "desks.toml").write_text("[abai-1]\ncells = 'forty'\n")
    await page.goto("/desks")
    assert await page.query_selector("[role=alert] [lang=en]")
    assert not broken + await violations(page, axe)


@pytest.mark.parametrize(("width", "letters", "language"), [(320, "100%", "kk"), (640, "200%", "ru")])
async def test_nothing_is_lost_on_a_narrow_screen_or_in_large_letters(
    site: Site, browser: Browser, width: int, letters: str, language: str
) -> None:
    """320 CSS pixels are a screen of 1280 at 400 % (WCAG 1.4.10): only wide tables scroll, in their own region."""
    page = await opened(browser, site, viewport={"width": width, "height": 640}, locale=language)
    await log_in(page)

    async def fits() -> None:
        await page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        small = "e => e.getBoundingClientRect().height < 24"
        assert not await page.eval_on_selector_all(
            "button, input:not([type=hidden]), select", f"es => es.filter({small}).length"
        ), page.url

    for path in (*PAGES, f"/deliveries/{site.delivery}", f"/deliveries/{site.delivery}/slip"):
        await page.goto(path)
        await fits()
    for state in (wrong_port, not_sure, log_in_again):
        await state(page, site)
        await fits()


async def tabbed(page: Page) -> list[str]:
    """Everything that Tab reaches on a page, in order, each with a ring that can be seen."""
    reached: list[str] = []
    await page.evaluate("document.activeElement.blur()")
    for _ in range(200):
        await page.keyboard.press("Tab")
        name = await page.evaluate(f"({NAME})(document.activeElement)")
        if await page.evaluate("document.activeElement === document.body") or reached[:1] == [name]:
            break
        # Inside a date field Chromium marks the part that has the focus, not the field.
        ring = "(e => ['date', 'time'].includes(e.type) || getComputedStyle(e).outlineStyle !== 'none')"
        assert await page.evaluate(f"{ring}(document.activeElement)")
        reached.append(name)
    return reached


async def test_the_keyboard_alone_is_enough(site: Site, browser: Browser) -> None:
    page = await opened(browser, site, locale="en")
    await page.goto("/login")
    first = ["Skip to the content", "Қазақша", "Русский", "English"]
    assert (await tabbed(page))[:7] == [*first, "name", "passphrase", "Log in"]
    await log_in(page)
    for path in (*PAGES, f"/deliveries/{site.delivery}"):
        await page.goto(path)
        order = await page.evaluate(f"[...document.querySelectorAll('{REACHABLE}')].map({NAME})")
        if path.endswith(
            ("=soon", "=called", "=test_line", "?live=1")
        ):  # the focus begins elsewhere, or it comes again
            continue
        reached = await tabbed(page)
        # A date or time field is several stops for Tab, one for each of its parts.
        once = [name for at, name in enumerate(reached) if at == 0 or name != reached[at - 1]]
        assert once == order, path
        assert (
            await page.evaluate('document.querySelectorAll(\'[tabindex]:not([tabindex="0"], [tabindex="-1"])\').length')
            == 0
        )
    await page.goto("/desks/abai-1")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"
    await page.goto("/callbacks")
    await page.focus("text=Done: 1")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/callbacks?done=called")
    assert await page.inner_text("[role=status]") == "Taken off the list."


async def test_focus_and_title_say_what_has_come_of_a_form(site: Site, browser: Browser) -> None:
    page = await opened(browser, site, locale="en")
    await log_in(page)
    await page.goto("/desks/abai-1")
    await page.fill("#name", "Left of the door")
    await page.press("#name", "Enter")
    await page.wait_for_url("**/desks/abai-1?done=desk_set")
    focused = "document.activeElement.getAttribute('role')"
    assert await page.evaluate(focused) == "status"
    assert (await page.title()).startswith("Saved. The desk works by it now. Desk abai-1")
    await page.fill("#cells", "many")
    await page.press("#cells", "Enter")
    await page.wait_for_selector("[role=alert]")
    assert await page.evaluate(focused) == "alert"
    assert (await page.title()).startswith("Error: Desk abai-1")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "cells"
    assert await page.evaluate("document.activeElement.value") == "many"
    chromium = await page.context.new_cdp_session(page)
    nodes = (await chromium.send("Accessibility.getFullAXTree"))["nodes"]
    told = next(node for node in nodes if node.get("name", {}).get("value") == "Cells in a row")
    assert "Error: Cells in a row: “many” is not allowed" in told["description"]["value"]


async def test_the_accessibility_tree_names_everything_and_headings_run_in_order(site: Site, browser: Browser) -> None:
    page = await opened(browser, site, locale="kk")
    await log_in(page)
    chromium = await page.context.new_cdp_session(page)
    for path in (*PAGES, f"/deliveries/{site.delivery}"):
        await page.goto(path)
        nodes = [n for n in (await chromium.send("Accessibility.getFullAXTree"))["nodes"] if not n["ignored"]]
        roles = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes]
        told = [(role, name) for role, name in roles if role in CONTROLS]
        assert len(told) > 10, path
        assert all(name.strip() for _, name in told), (path, told)
        buttons = [name for role, name in told if role == "button"]
        assert len(buttons) == len(set(buttons)), (path, buttons)
        assert [role for role, _ in roles].count("main") == 1
        assert all(name for role, name in roles if role in ("table", "region", "image", "navigation", "group")), path
        levels = await page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)


async def test_a_live_view_follows_the_display_and_can_be_stopped(site: Site, browser: Browser) -> None:
    page = await opened(browser, site, locale="en")
    await log_in(page)
    kept = site.desks.working["abai-1"]
    async with asyncio.timeout(60):
        while not kept.display.there:
            await asyncio.sleep(0.1)
    await page.goto("/desks/abai-1/view?live=1")
    kept.show_test_line()
    await page.wait_for_function("document.querySelector('.cells').textContent.startsWith('⠁⠂⠄⠈')", timeout=60_000)
    await page.click("text=Stop")
    await page.wait_for_url("**/desks/abai-1/view")
