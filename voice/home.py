"""The one folder in which all state lives."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def dauys_home() -> Path:
    """$DAUYS_HOME, else the platform's own folder for application data. Made when it is missing, for its owner alone.

    Raises OSError when it can be neither found nor made.
    """
    chosen = os.environ.get("DAUYS_HOME")
    home = Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("dauys"))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home
