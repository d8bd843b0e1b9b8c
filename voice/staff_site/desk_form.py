"""The form of a desk: which fields it has, what may stand in them, and what a mistake in one is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from catalogue_client.values.opening_hours import Place
from devices.desk import DeskSettings, drivers
from voice.staff_site.pages import Mistake
from voice.staff_site.words import Say

GROUPS = {
    "desk": ("name", "branch"),
    "connection": ("driver", "port", "server", "key_file", "tty", "call_key", "cells"),
    "showing": ("language", "capitals", "grade", "wrap", "marks", "cursor_blinks", "status_cells"),
    "visit": ("idle_s",),
    "message": ("message_s", "message_stays", "scroll_cells_per_s", "pan_stops_speech"),
    "keys": ("keys",),
}
"""Legend of a group (its word is desks.LEGEND) -> the settings in it."""
Choice = tuple[str, str]
"""Value and label."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field."""

    key: str
    value: str
    choices: tuple[Choice, ...] = ()
    """Empty for free text."""
    hint: str = ""


def groups(
    values: Mapping[str, str], say: Say, knows: Mapping[str, str], places: Sequence[Place], language: str
) -> dict[str, list[Setting]]:
    """The form's groups; a field shows what was typed, or else its default. `knows` are the site's words."""
    return {
        group: [
            Setting(
                key,
                values.get(key, usual(key)),
                _choices(key, values.get(key, ""), say, places, language),
                knows.get(f"setting.{key}_hint", ""),
            )
            for key in keys
        ]
        for group, keys in GROUPS.items()
    }


def usual(key: str) -> str:
    """The default of a setting, as it stands in the form."""
    return "" if key == "keys" else text(DeskSettings.model_fields[key].default)


def text(value: Any) -> str:
    """Return a setting as a form writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def values_of(desk: DeskSettings) -> dict[str, str]:
    """What a desk is set to, as it stands in the form."""
    values = {key: text(value) for key, value in desk.model_dump().items() if key != "keys"}
    return {**values, "keys": "\n".join(f"{name} = {action}" for name, action in desk.keys.items())}


def changes_of(typed: Mapping[str, str], before: DeskSettings) -> dict[str, str]:
    """What `set_desk` is to be given: a key that was bound before and stands in no line any more is let go."""
    changes = {key: value for key, value in typed.items() if key != "keys"}
    if "keys" in typed:
        changes |= {f"keys.{name}": "" for name in before.keys}
        for line in typed["keys"].splitlines():
            name, _, action = line.partition("=")
            if line.strip():
                changes[f"keys.{name.strip()}"] = action.strip() or "?"
    return changes


def mistake(line: str, typed: Mapping[str, str], say: Say) -> Mistake:
    """The sentence of a DeskError as one of ours: it begins with the key of the setting."""
    key = line.strip().split(" ")[0].rstrip(":")
    if key not in DeskSettings.model_fields:
        key = "id"
    words = "name" if key == "branch" else key
    allowed = say(f"allowed.{words}")
    label = say(f"setting.{key}")
    return Mistake(key, say("desks.not_allowed", label=label, value=typed.get(key, ""), allowed=allowed))


def _choices(key: str, value: str, say: Say, places: Sequence[Place], language: str) -> tuple[Choice, ...]:
    annotation = DeskSettings.model_fields[key].annotation
    if key == "driver":
        families = ((code, f"{family['name']} ({code})") for code, family in sorted(drivers().items()))
        return (("auto", say("desks.auto")), *families)
    if key == "branch":
        known = [(place.id, place.name(language)) for place in places]
        other = [(value, value)] if value and value not in dict(known) else []
        return (("", say("desks.no_branch")), *other, *known)
    if get_origin(annotation) is Literal:
        return tuple((str(choice), say(f"choice.{key}_{choice}")) for choice in get_args(annotation))
    if annotation is bool:
        return (("true", say("desks.true")), ("false", say("desks.false")))
    return ()
