"""What a key of a display means: BrlAPI key codes to values, by the tables of keys.toml.

A code has 64 bits: flags above, then three bits of type, then a command with its argument or a keysym.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from devices.errors import DeskError

_TYPE = 0xE000_0000
_COMMAND = 0x2000_0000
_BLOCK = 0x1FFF_0000
_ARGUMENT = 0xFFFF
_ROUTE, _DOTS = 0x1_0000, 0x22_0000


@dataclass(frozen=True, slots=True)
class RoutingKey:
    """A routing key above a cell."""

    cell: int
    """0-BASED, counted through all rows of the display. BrlAPI's cursor is 1-based, its routing keys are not."""


@dataclass(frozen=True, slots=True)
class Chord:
    """Perkins keys pressed together."""

    dots: int
    """Dot n in bit n-1; 0 is the space bar."""


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key with a name in keys.toml."""

    name: str


DisplayKey = RoutingKey | Chord | NamedKey


@functools.cache
def _tables() -> Mapping[str, Mapping[str, int]]:
    return tomllib.loads(files("devices").joinpath("keys.toml").read_text(encoding="utf-8"))


@functools.cache
def _names() -> dict[int, str]:
    """Codes without flags -> names."""
    commands = {_COMMAND | number: name for name, number in _tables()["commands"].items()}
    return commands | {number: name for name, number in _tables()["keysyms"].items()}


def decode(code: int) -> DisplayKey | None:
    """The key of a BrlAPI code; None for one that nobody knows, which is to be left alone."""
    code &= 0xFFFF_FFFF
    if code & _TYPE == _COMMAND:
        block = code & _BLOCK
        if block == _ROUTE:
            return RoutingKey(code & _ARGUMENT)
        if block == _DOTS:
            return Chord(code & 0xFF)
        if block:
            return None
    name = _names().get(code)
    return NamedKey(name) if name else None


def code_of(name: str) -> int:
    """Return the code of a key by its name. Raises DeskError for a key that there is not."""
    for code, known in _names().items():
        if known == name:
            return code
    raise DeskError(
        f"call_key = '{name}': there is no such key. Known are: {', '.join(sorted(set(_names().values())))}."
    )


def bindings(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Key name -> action, with a desk's changes. Raises DeskError for a key or an action that there is not."""
    table = {name: str(action) for name, action in _tables()["bindings"].items()}
    known_actions = set(table.values()) | {"nothing"}
    known_keys = set(_names().values())
    for name, action in (changes or {}).items():
        if name not in known_keys:
            raise DeskError(f"keys: there is no key '{name}'. Known are: {', '.join(sorted(known_keys))}.")
        if action not in known_actions:
            raise DeskError(f"keys.{name} = '{action}': known actions are {', '.join(sorted(known_actions))}.")
        table[name] = action
    return table
