"""What works on this machine and what does not: one finding a line, in plain words."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path

from voice.assistant.model_selection import IntentModel, IntentModelError
from voice.checks.check_result import CheckResult, plainly
from voice.configuration.ports import speech_ports
from voice.configuration.settings import Settings, TelephoneSettings, all_keys
from voice.configuration.staff_accounts import StaffAccounts
from voice.values.errors import VoiceError

LEAST_FREE = 500 * 1024 * 1024
"""Bytes of disk below which bookings are in danger."""
FIRST_YEAR = 2026
"""A clock before this year has lost its time."""
SECRETS = ("pepper", "staff.key", "staff.toml", "courier_token", "library.sqlite")
LANGUAGES = ("kk", "ru", "en-gb")
"""Voices as espeak-ng lists them."""


async def findings(settings: Settings, home: Path, now: datetime) -> AsyncIterator[CheckResult]:
    """Look at everything but the library and the displays, cheapest first. Never raises: what breaks is a finding."""
    yield _folder(home)
    yield _permissions(settings, home)
    yield _disk(home)
    yield _clock(now)
    yield await asyncio.to_thread(_braille)
    yield await asyncio.to_thread(_voices)
    yield await asyncio.to_thread(_understanding)
    found = shutil.which("brltty")
    yield CheckResult("brltty", bool(found), False, "brltty_ok" if found else "brltty_missing")
    yield await asyncio.to_thread(_audio, settings)
    yield _keypad(settings)
    yield await asyncio.to_thread(_accounts, settings, home)
    for finding in _ports(settings):
        yield finding


def _folder(home: Path) -> CheckResult:
    try:
        trial = home / ".write-trial"
        trial.write_text("trial")
        trial.unlink()
        if home.stat().st_mode & 0o077:
            return CheckResult("folder", False, True, "folder_open", {"path": home})
    except OSError as error:
        return CheckResult("folder", False, True, "folder_bad", {"path": home, "problem": plainly(error)})
    return CheckResult("folder", True, True, "folder_ok", {"path": home})


def _permissions(settings: Settings, home: Path) -> CheckResult:
    """Files that hold secrets, those that the settings name too. An absent one is no concern of this finding."""
    named = [_value(settings, key) for key in all_keys() if key.endswith("_file")]
    ours = [home / name for name in SECRETS]
    present = [path for path in (*ours, *map(Path, filter(None, named))) if path.is_file()]
    shut = not home.stat().st_mode & 0o077  # nobody gets at what is in a folder that is shut
    wide = [str(path) for path in present if path.stat().st_mode & 0o004 and not (shut and path in ours)]
    if wide:
        return CheckResult("permissions", False, True, "permissions_open", {"files": ", ".join(wide)})
    return CheckResult("permissions", True, True, "permissions_ok", {"count": len(present)})


def _value(settings: Settings, key: str) -> str:
    section, _, name = key.partition(".")
    return str(getattr(getattr(settings, section), name))


def _disk(home: Path) -> CheckResult:
    try:
        free = shutil.disk_usage(home).free
    except OSError as error:
        return CheckResult("disk", False, True, "disk_bad", {"problem": plainly(error)})
    works = free >= LEAST_FREE
    return CheckResult("disk", works, True, "disk_ok" if works else "disk_low", {"megabytes": free // 1024**2})


def _clock(now: datetime) -> CheckResult:
    works = now.year >= FIRST_YEAR
    return CheckResult("clock", works, True, "clock_ok" if works else "clock_bad", {"time": f"{now:%Y-%m-%d %H:%M}"})


def _braille() -> CheckResult:
    try:
        from braille import to_unicode, translate

        cells = to_unicode(translate("кітап", "kk").cells)
        if cells != "⠅⠽⠞⠁⠏":
            raise ValueError(f"кітап -> {cells}")
    except Exception as error:  # whatever a broken liblouis raises, the other lines still have to come
        return CheckResult("braille", False, True, "braille_bad", {"problem": plainly(error)})
    return CheckResult("braille", True, True, "braille_ok", {"cells": cells})


def _voices() -> CheckResult:
    try:
        done = subprocess.run(["espeak-ng", "--voices"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return CheckResult("voices", False, True, "voices_bad", {"problem": plainly(error)})
    have = {line.split()[1] for line in done.stdout.splitlines()[1:] if len(line.split()) > 1}
    if missing := [language for language in LANGUAGES if language not in have]:
        return CheckResult("voices", False, True, "voices_missing", {"missing": ", ".join(missing)})
    return CheckResult("voices", True, True, "voices_ok")


def _understanding() -> CheckResult:
    """Without the learnt model requests are understood by the phrasebook alone: nothing that is needed."""
    try:
        IntentModel.load()
    except IntentModelError as error:
        return CheckResult("understanding", False, False, "understanding_bad", {"problem": plainly(error)})
    return CheckResult("understanding", True, False, "understanding_ok")


def _audio(settings: Settings) -> CheckResult:
    station = settings.station
    try:
        import sounddevice

        devices = sounddevice.query_devices()
    except Exception as error:  # PortAudio missing is an OSError, a broken one an error of its own
        return CheckResult("sound", False, station.enabled, "sound_bad", {"problem": plainly(error)})
    inputs = [device["name"] for device in devices if device["max_input_channels"]]
    outputs = [device["name"] for device in devices if device["max_output_channels"]]
    if not inputs:
        return CheckResult("sound", False, station.enabled, "sound_none")
    for wanted, names in ((station.input_device, inputs), (station.output_device, outputs)):
        if wanted and not any(wanted.casefold() in name.casefold() for name in names):
            return CheckResult("sound", False, station.enabled, "sound_named", {"missing": wanted})
    return CheckResult("sound", True, station.enabled, "sound_ok", {"inputs": len(inputs), "outputs": len(outputs)})


def _keypad(settings: Settings) -> CheckResult:
    """What is keyed at a station can be read."""
    station = settings.station
    if not station.keypad:
        return CheckResult("keypad", not station.enabled, False, "keypad_none" if station.enabled else "port_off")
    try:
        os.close(os.open(station.keypad, os.O_RDONLY | os.O_NONBLOCK))
    except OSError as error:
        shown = {"keypad": station.keypad, "problem": plainly(error)}
        return CheckResult("keypad", False, station.enabled, "keypad_bad", shown)
    return CheckResult("keypad", True, station.enabled, "keypad_ok")


def _accounts(settings: Settings, home: Path) -> CheckResult:
    try:
        count = len(StaffAccounts(home / "staff.toml").all())
    except VoiceError as error:
        return CheckResult("accounts", False, settings.staff_site.enabled, "accounts_bad", {"problem": error})
    return CheckResult("accounts", count > 0, False, "accounts_ok" if count else "accounts_none", {"count": count})


def _ports(settings: Settings) -> Iterable[CheckResult]:
    telephone, asterisk, staff = settings.telephone, settings.asterisk, settings.staff_site
    yield _port("telephone", telephone.enabled, telephone.address, telephone.port, udp=True)
    yield _speech_ports(telephone)
    yield _port("asterisk", asterisk.enabled, asterisk.address, asterisk.websocket_port)
    yield _port("asterisk", asterisk.enabled, asterisk.address, asterisk.audiosocket_port)
    yield _port("staff-site", staff.enabled, staff.address, staff.port)


def _speech_ports(telephone: TelephoneSettings) -> CheckResult:
    """Whether as many calls can have their two ports as are to be answered at once. Looks at the whole range."""
    if not telephone.enabled:
        return CheckResult("speech-ports", True, False, "port_off")
    first, last = telephone.rtp_ports
    pairs = speech_ports(first, last)
    free = 0
    for port in pairs:
        one, other = (_port("", True, telephone.address, each, udp=True).works for each in (port, port + 1))
        free += one and other
    values = {"first": first, "last": last, "free": free, "pairs": len(pairs), "calls": telephone.max_calls}
    works = free >= telephone.max_calls
    return CheckResult("speech-ports", works, False, "speech_ports_ok" if works else "speech_ports_few", values)


def _port(name: str, wanted: bool, address: str, port: int, *, udp: bool = False) -> CheckResult:
    if not wanted:
        return CheckResult(name, True, False, "port_off")
    values: dict[str, object] = {"port": port, "address": address}
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as trial:
            if not udp and os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((address, port))
    except OSError as error:
        return CheckResult(name, False, False, "port_taken", {**values, "problem": plainly(error)})
    return CheckResult(name, True, False, "port_free", values)
