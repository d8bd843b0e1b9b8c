"""The file desks.toml: a table for every desk, written only by Dauys, readable by everybody who looks after it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.desk import DESK_ID, DeskSettings, desk
from devices.errors import DeskError, SameDisplay


def load_desks(path: Path) -> dict[str, DeskSettings]:
    """Desk id -> settings, in the order of the file; {} when there is no file.

    Raises DeskError with a line for every mistake.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DeskError(f"The file of desks {path} cannot be read: {error}. Mend it or move it away.") from error
    desks: dict[str, DeskSettings] = {}
    mistakes: list[str] = []
    for desk_id, values in tables.items():
        try:
            if not isinstance(values, dict):
                raise DeskError("settings stand below the name of a desk in brackets, such as [abai-1], not before it.")
            desks[_checked(desk_id)] = desk(values)
        except DeskError as error:
            mistakes += [f"  [{desk_id}] {line}" for line in str(error).splitlines()]
    if mistakes:
        raise DeskError(f"The file of desks {path} needs mending:\n" + "\n".join(mistakes))
    return desks


def set_desk(path: Path, desk_id: str, changes: Mapping[str, str]) -> DeskSettings:
    """Change settings of a desk, or make it, and write the file. The new settings are checked before.

    `changes` are texts as a person types them: "true", "4", "bm"; keys.NAME binds a key, "" lets it go.

    Raises DeskError, and SameDisplay when another desk has the display.
    """
    desks = load_desks(path)
    current = desks.get(_checked(desk_id), DeskSettings())
    values = current.model_dump()
    for key, text in changes.items():
        group, _, name = key.partition(".")
        if group == "keys" and name:
            others = {key: action for key, action in values["keys"].items() if key != name}
            values["keys"] = {**others, name: text} if text else others
        else:
            values[key] = _typed(values.get(key), text)
    new = desk(values)
    for other, taken in desks.items():
        if other != desk_id and new.may_share_display_with(taken):
            raise SameDisplay(desk_id, new.server or new.port, other)
    desks[desk_id] = new
    _write(path, desks)
    return desks[desk_id]


def remove_desk(path: Path, desk_id: str) -> None:
    """Forget a desk. Raises DeskError when there is none of that id."""
    one_desk(path, desk_id)
    _write(path, {other: values for other, values in load_desks(path).items() if other != desk_id})


def one_desk(path: Path, desk_id: str) -> DeskSettings:
    """The settings of a desk. Raises DeskError when there is none of that id."""
    desks = load_desks(path)
    if desk_id not in desks:
        known = ", ".join(desks) or "none yet; make one with `dauys desks set ID port=usb:`"
        raise DeskError(f"There is no desk '{desk_id}'. Known desks: {known}.")
    return desks[desk_id]


def _checked(desk_id: str) -> str:
    if not re.fullmatch(DESK_ID, desk_id):
        raise DeskError(
            f"'{desk_id}' cannot name a desk: use up to 40 small letters, digits and hyphens, such as abai-1."
        )
    return desk_id


def _typed(current: Any, text: str) -> Any:
    """The text as a value of the kind that the setting has; as it is where that cannot be, for the check to name it."""
    if isinstance(current, bool):
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if isinstance(current, int | float):
        try:
            return type(current)(text)
        except ValueError:
            return text
    return text


def _write(path: Path, desks: Mapping[str, DeskSettings]) -> None:
    """Replace the file as a whole, so that a crash leaves the old one."""
    lines = ["# Braille desks of Dauys. Change them with `dauys desks set ID KEY=VALUE`."]
    for desk_id, values in desks.items():
        lines += ["", f"[{desk_id}]"]
        for key, value in values.model_dump(exclude_defaults=True).items():
            if key == "keys":
                lines += [f"keys.{name} = {_toml(action)}" for name, action in value.items()]
            else:
                lines.append(f"{key} = {_toml(value)}")
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(new, path)
    except OSError as error:
        raise DeskError(
            f"The file of desks {path} cannot be written: {error.strerror}. Nothing was changed."
        ) from error


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
