"""What works on this machine and what does not: one finding a line, in plain words."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voice.settings import Settings

LEAST_FREE = 500 * 1024 * 1024
"""Bytes of disk below which bookings are in danger."""
FIRST_YEAR = 2026
"""A clock before this year has lost its time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    works: bool
    needed: bool
    """Dauys cannot do its work by these settings without it."""
    sentence: str
    """What was found, and what to do when it does not work."""


async def findings(settings: Settings, home: Path, now: datetime) -> AsyncIterator[Finding]:
    """Look at everything, cheapest first. Never raises: what breaks is a finding."""
    yield _folder(home)
    yield _disk(home)
    yield _clock(now)
    yield await asyncio.to_thread(_braille)
    yield await asyncio.to_thread(_voices)
    yield _brltty()
    yield await asyncio.to_thread(_audio, settings)
    yield _port("telephone", settings.telephone.enabled, settings.telephone.address, settings.telephone.port, udp=True)
    yield _port("staff site", settings.staff_site.enabled, settings.staff_site.address, settings.staff_site.port)


def attempt(name: str, needed: bool, look: Callable[[], str], advice: str) -> Finding:
    """A finding from something that returns a sentence or raises; `advice` says what to do then."""
    try:
        return Finding(name, True, needed, look())
    except Exception as error:
        return Finding(name, False, needed, f"{type(error).__name__}: {error}. {advice}")


def _folder(home: Path) -> Finding:
    def look() -> str:
        trial = home / ".write-trial"
        trial.write_text("trial")
        trial.unlink()
        mode = home.stat().st_mode & 0o077
        if mode:
            raise PermissionError(f"{home} can be read by others")
        return f"State lies in {home}; it can be written and only its owner can read it."

    return attempt("folder", True, look, f"Give this user the folder {home} for itself alone: chmod 700.")


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    return Finding(
        "disk",
        free >= LEAST_FREE,
        True,
        f"{free // 1024**2} MB are free." + ("" if free >= LEAST_FREE else " Make room: at least 500 MB are needed."),
    )


def _clock(now: datetime) -> Finding:
    works = now.year >= FIRST_YEAR
    advice = "" if works else " Set the clock, and let the system keep it by network time."
    return Finding("clock", works, True, f"The library's time is {now:%Y-%m-%d %H:%M}.{advice}")


def _braille() -> Finding:
    def look() -> str:
        from braille import to_unicode, translate

        cells = to_unicode(translate("кітап", "kk").cells)
        if cells != "⠅⠽⠞⠁⠏":
            raise ValueError(f"кітап came out as {cells}")
        return f"A Kazakh word is translated: кітап {cells}."

    return attempt("braille", True, look, "Install python3-louis and liblouis-data with scripts/run.")


def _voices() -> Finding:
    def look() -> str:
        listed = subprocess.run(
            ["espeak-ng", "--voices"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
        have = {line.split()[1] for line in listed.splitlines()[1:] if len(line.split()) > 1}
        missing = [language for language in ("kk", "ru", "en-gb") if language not in have]
        if missing:
            raise LookupError(f"no voice for {', '.join(missing)}")
        return "espeak-ng has voices for Kazakh, Russian and English."

    return attempt("voices", True, look, "Install espeak-ng with scripts/run.")


def _brltty() -> Finding:
    found = shutil.which("brltty")
    sentence = (
        "brltty is installed." if found else "brltty is not installed: Braille displays stay dark. Install brltty."
    )
    return Finding("brltty", bool(found), False, sentence)


def _audio(settings: Settings) -> Finding:
    def look() -> str:
        import sounddevice

        devices = sounddevice.query_devices()
        if not any(device["max_input_channels"] for device in devices):
            raise LookupError("no microphone was found")
        return f"{len(devices)} sound devices were found."

    return attempt(
        "sound", settings.station.enabled, look, "Only stations and `dauys talk` by voice need one: connect it."
    )


def _port(name: str, needed: bool, address: str, port: int, *, udp: bool = False) -> Finding:
    if not needed:
        return Finding(name, True, False, "Switched off in the settings.")

    def look() -> str:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as trial:
            if not udp and os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((address, port))
        return f"Port {port} on {address} is free."

    advice = "Is Dauys running already? Else choose another port in the settings."
    return attempt(name, False, look, advice)
