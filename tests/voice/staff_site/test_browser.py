"""Every page and state in a real Chromium: axe-core's rules, the keyboard, the accessibility tree, narrow and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.voice.staff_site.rig import PASSPHRASE, Site

pytestmark = pytest.mark.real

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/state", "/deliveries", "/deliveries?day=soon", "/deliveries/run-sheet", "/deliveries/999999999", "/callbacks",
    "/callbacks?done=called", "/readers", "/desks", "/desks/_new", "/desks/abai-1", "/desks/abai-1/view", "/models",
    "/places", "/statistics",
)  # fmt: skip


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


@pytest.mark.parametrize(("language", "scheme"), [("kk", "light"), ("ru", "dark"), ("en", "light")])
async def test_no_page_breaks_a_rule(site: Site, browser: Browser, axe: str, language: str, scheme: str) -> None:
    page = await opened(browser, site, locale=language, color_scheme=scheme)
    await page.goto("/login?next=/deliveries")
    broken = await violations(page, axe)
    await page.fill("#name", "aliya")
    await page.fill("#passphrase", "not this one at all")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=alert]")
    broken += await violations(page, axe)
    await log_in(page)
    for path in (*PAGES, f"/deliveries/{site.delivery}"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.lang") == language
        broken += await violations(page, axe)
    await page.goto("/desks/abai-1")
    await page.fill("#port", "telepathy:")
    await page.press("#port", "Enter")
    await page.wait_for_selector("[role=alert]")
    broken += await violations(page, axe)
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(("width", "letters"), [(320, "100%"), (640, "200%")])
async def test_nothing_is_lost_on_a_narrow_screen_or_in_large_letters(
    site: Site, browser: Browser, width: int, letters: str
) -> None:
    """320 CSS pixels are a screen of 1280 at 400 % (WCAG 1.4.10): only wide tables scroll, in their own region."""
    page = await opened(browser, site, viewport={"width": width, "height": 640}, locale="ru")
    await log_in(page)
    for path in (*PAGES, f"/deliveries/{site.delivery}"):
        await page.goto(path)
        await page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_the_keyboard_alone_is_enough(site: Site, browser: Browser) -> None:
    page = await opened(browser, site, locale="en")
    await page.goto("/login")
    reached = []
    for _ in range(7):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("(e => e.id || e.textContent.trim())(document.activeElement)"))
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached == ["Skip to the content", "Қазақша", "Русский", "English", "name", "passphrase", "Log in"]
    await log_in(page)
    await page.goto("/callbacks")
    await page.focus("text=Done: 1")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/callbacks?done=called")
    assert await page.inner_text("[role=status]") == "Taken off the list."


async def test_everything_that_can_be_used_has_a_name_in_the_accessibility_tree(site: Site, browser: Browser) -> None:
    page = await opened(browser, site, locale="kk")
    await log_in(page)
    chromium = await page.context.new_cdp_session(page)
    for path in (*PAGES, f"/deliveries/{site.delivery}"):
        await page.goto(path)
        nodes = (await chromium.send("Accessibility.getFullAXTree"))["nodes"]
        told = [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes
            if not node["ignored"] and node["role"]["value"] in {"button", "link", "textbox", "combobox", "checkbox"}
        ]
        assert len(told) > 10, path
        assert all(name.strip() for _, name in told), (path, told)
        buttons = [name for role, name in told if role == "button"]
        assert len(buttons) == len(set(buttons)), (path, buttons)
