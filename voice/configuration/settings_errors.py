"""Says what is wrong in a settings file: the key, the value, what is allowed, an example."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

REASONS = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": 'must be a text in quotation marks, "" for none',
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "tuple_type": "must be a list in square brackets",
    "ip_any_network": 'must be a network, such as "192.168.0.0/16"',
}
"""Kind of mistake, as pydantic names it -> what is allowed. Other kinds say it well themselves."""


def sentence(mistake: Mapping[str, Any], model: type[BaseModel]) -> str:
    """One mistake of pydantic's as `key = value: what is allowed`, with the key's description and an example."""
    path = tuple(part for part in mistake["loc"] if isinstance(part, str))
    if not path:  # of the settings as a whole: it names its keys itself
        return str(mistake["msg"]).removeprefix("Value error, ")
    key = ".".join(path[:2])
    if mistake["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, keys_of(model) if len(path) > 1 else model.model_fields, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"{key}: there is no such setting in this version.{meant} `dauys settings show` lists all."
    field = _field(model, path)
    shown = _shown(key, mistake["input"])
    if field is None:
        return f"{key} = {shown}: must be a table; write [{key}] on a line and its settings below it."
    reason = REASONS.get(mistake["type"]) or str(mistake["msg"]).removeprefix("Value error, ")
    return f"{key} = {shown}: {reason}{_range(field)}. {field.description} Example: {path[1]} = {example(field)}"


def keys_of(model: type[BaseModel]) -> list[str]:
    """Every setting as `section.key`, in the order of the file."""
    return [f"{name}.{key}" for name, section in model.model_fields.items() for key in _fields(section)]


def example(field: FieldInfo) -> str:
    """A value as it may stand in the file."""
    return toml_value(field.examples[0] if field.examples else field.default)


def toml_value(value: object) -> str:
    """A settings value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shown(key: str, value: object) -> str:
    """The value as it stands in the file; an address that may hold a password is not repeated."""
    return '"…"' if key == "catalogue.database" and "@" in str(value) else toml_value(value)


def _range(field: FieldInfo) -> str:
    """` from 80 to 450` where the field has limits."""
    lowest = next((limit.ge for limit in field.metadata if isinstance(limit, Ge)), None)
    highest = next((limit.le for limit in field.metadata if isinstance(limit, Le)), None)
    return "" if lowest is None or highest is None else f" (from {lowest} to {highest})"


def _fields(section: FieldInfo) -> Mapping[str, FieldInfo]:
    return getattr(section.annotation, "model_fields", {})


def _field(model: type[BaseModel], path: tuple[str, ...]) -> FieldInfo | None:
    section = model.model_fields.get(path[0]) if path else None
    return _fields(section).get(path[1]) if section and len(path) > 1 else None
