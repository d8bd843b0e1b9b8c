"""The list of known models, read from manifest.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audio_models.errors import UnknownModel

Kind = Literal["starter", "official", "adapted"]
Role = Literal["recognition", "synthesis"]


@dataclass(frozen=True, slots=True)
class Known:
    """A model of the manifest."""

    name: str
    role: Role
    kind: Kind
    languages: tuple[str, ...]
    megabytes: int
    """Size of the download."""
    licence: str
    good_for: str
    measured: str = ""
    """What it was measured at by us; "" where that could not be done."""
    address: str = ""
    """Where to fetch it: a zip, or a Piper voice (.onnx, with its .onnx.json beside it); "" for the starter models."""
    sha256: str = ""
    """Of the download; "" where the maker publishes none."""


def manifest(path: Path | None = None) -> tuple[Known, ...]:
    """All known models in the order of the file."""
    with (path or Path(__file__).parent / "manifest.toml").open("rb") as file:
        entries = tomllib.load(file)["model"]
    return tuple(Known(**{**entry, "languages": tuple(entry["languages"])}) for entry in entries)


def known(name: str, models: tuple[Known, ...]) -> Known:
    """The model of this name. Raises UnknownModel with the names there are."""
    for model in models:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in models)
    raise UnknownModel(f"There is no model '{name}'. Known are: {names}.")
