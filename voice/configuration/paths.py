"""The one folder in which all state lives, and who may work in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from catalogue_client.store.locking import STATE, InUse, held
from voice.values.errors import VoiceError

SERVING = "serving.lock"
"""Held by `dauys serve` for its life."""


class HomeError(VoiceError):
    """The folder cannot be used, or somebody else works in it."""


def dauys_home() -> Path:
    """$DAUYS_HOME, else the platform's own folder for application data. Made when it is missing, for its owner alone.

    Raises HomeError when it can be neither found nor made.
    """
    chosen = os.environ.get("DAUYS_HOME")
    try:
        home = Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("dauys"))
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HomeError(
            f"The folder for the state cannot be used: {chosen or 'of this user'}: {reason}. Name one that this user "
            "may write to: DAUYS_HOME=FOLDER."
        ) from error
    return home


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """Be the one `dauys serve` of `home` while the context lasts. Raises HomeError."""
    with _alone(home, SERVING, "Another `dauys serve` works in {home} ({who}). Stop it, or choose another folder."):
        yield


@contextmanager
def replacing(home: Path) -> Iterator[None]:
    """Put other files in the place of those of `home`: nobody may have the library open meanwhile. Raises HomeError."""
    busy = "A `dauys` command is at work in {home}. Wait until it has ended, then try again. Nothing was changed."
    with (
        _alone(home, SERVING, "`dauys serve` works in {home} ({who}). Stop it first. Nothing was changed."),
        _alone(home, STATE, busy),
    ):
        yield


@contextmanager
def _alone(home: Path, name: str, refusal: str) -> Iterator[None]:
    lock = held(home / name, note=f"process {os.getpid()}")
    try:
        lock.__enter__()
    except InUse as error:
        raise HomeError(refusal.format(home=home, who=str(error) or "process unknown")) from None
    except OSError as error:
        raise HomeError(f"The folder {home} cannot be used: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
