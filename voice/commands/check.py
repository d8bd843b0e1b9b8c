"""`dauys check`: what works here and what does not, a line each, in plain words."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

import click

from voice.clock import library_clock
from voice.errors import SettingsError
from voice.health import Finding, findings
from voice.home import dauys_home
from voice.self_test import whole_findings
from voice.settings import load_settings, settings_path

WORDS = {(True, True): "works", (True, False): "works", (False, True): "FAILS", (False, False): "missing"}
"""(works, needed) -> the word that starts the line."""


async def look() -> list[Finding]:
    """Every finding. A broken settings file is one of them; the rest is then looked at with the defaults."""
    home = dauys_home()
    try:
        settings = load_settings(settings_path())
        found = [Finding("settings", True, True, f"{settings_path()} is in order.")]
    except SettingsError as error:
        settings = load_settings(home / "no-settings.toml")
        found = [Finding("settings", False, True, str(error))]
    found += [finding async for finding in findings(settings, home, library_clock())]
    if found[0].works:
        found += [finding async for finding in whole_findings(home)]
    return found


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list of findings.")
def command(as_json: bool) -> None:
    """Say what works on this machine and what does not. Exit status 1 if anything that is needed fails."""
    found = asyncio.run(look())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            click.echo(f"{WORDS[finding.works, finding.needed]}: {finding.name}: {finding.sentence}")
    sys.exit(any(finding.needed and not finding.works for finding in found))
