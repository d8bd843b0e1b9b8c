"""Secrets never stand in the settings file: they come from a file that it names, or from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from voice.values.errors import SettingsError


def variable(key: str) -> str:
    """The environment variable that may hold the secret of a setting: telephone.trunk_password_file ->
    DAUYS_TELEPHONE_TRUNK_PASSWORD."""
    return "DAUYS_" + key.removesuffix("_file").replace(".", "_").upper()


def secret(key: str, file: str) -> bytes | None:
    """The secret of the setting `key` whose value is `file`, without the line end that an editor leaves.

    The environment goes before the file; None when there is neither. Blocks. Raises SettingsError.
    """
    if given := os.environ.get(variable(key)):
        return given.strip().encode()
    try:
        return Path(file).read_bytes().strip() if file else None
    except OSError as error:
        raise SettingsError(
            f'{key} = "{file}": {error.strerror or error}. Name a file that Dauys may read, such as '
            f'"/etc/dauys/secret", or put the secret into the environment as {variable(key)}.'
        ) from error
