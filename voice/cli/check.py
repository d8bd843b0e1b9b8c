"""`dauys check`: what works here and what does not, a line each, in plain words."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import click

from voice.checks.braille_checks import display_findings
from voice.checks.check_result import CheckResult
from voice.checks.service_checks import whole_findings
from voice.checks.system_checks import findings
from voice.configuration.clock import library_clock
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import SettingsError

WORDS = {
    "en": ("works", "FAILS", "missing"),
    "ru": ("работает", "НЕ РАБОТАЕТ", "нет"),
    "kk": ("істейді", "ІСТЕМЕЙДІ", "жоқ"),
}
"""Language -> the word that starts the line: it works, it is needed and does not, it is not needed and does not."""


async def look() -> AsyncIterator[CheckResult]:
    """Every finding, as it is found. A broken settings file is one; the rest is then looked at with the defaults."""
    home, path = dauys_home(), settings_path()
    try:
        settings = load_settings(path)
        yield CheckResult("settings", True, True, "settings_ok" if path.exists() else "settings_none", {"path": path})
    except SettingsError as error:
        settings = load_settings(home / "no-settings.toml")
        yield CheckResult("settings", False, True, "settings_bad", {"problem": error})
        whole = False
    else:
        whole = True
    taken = False
    async for finding in findings(settings, home, library_clock()):
        taken |= finding.name in ("telephone", "staff-site") and not finding.works
        if finding.key != "brltty_ok":  # said better below: it shows something
            yield finding
    async for finding in display_findings(home, dauys_runs=taken):
        yield finding
    if whole:
        async for finding in whole_findings(home):
            yield finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list of findings.")
@click.option("--language", type=click.Choice(list(WORDS)), default="en", show_default=True, help="Of the sentences.")
def command(as_json: bool, language: str) -> None:
    """Say what works on this machine and what does not. Exit status 1 if anything that is needed fails."""
    sys.exit(asyncio.run(_tell(as_json, language)))


async def _tell(as_json: bool, language: str) -> int:
    fine, wrong, missing = WORDS[language]
    found = []
    failed = False
    async for result in look():
        failed |= result.needed and not result.works
        found.append(
            {
                "name": result.name,
                "works": result.works,
                "needed": result.needed,
                "sentence": result.said(language),
            }
        )
        if not as_json:
            word = fine if result.works else wrong if result.needed else missing
            click.echo(f"{word}: {result.title(language)}: {result.said(language)}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    return int(failed)
