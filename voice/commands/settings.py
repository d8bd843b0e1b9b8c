"""`dauys settings`: the settings file, in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click
from pydantic.fields import FieldInfo

from voice.errors import SettingsError
from voice.settings import Section, Settings, load_settings, settings_path, toml_value


def _fields() -> Iterator[tuple[str, str, FieldInfo]]:
    for section, field in Settings.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, Section)
        for key, inner in model.model_fields.items():
            yield section, key, inner


def settings_text(settings: Settings) -> str:
    """The settings as a TOML file with every key explained."""
    lines = ["# Settings of Dauys. Delete a line to get its default back. `dauys settings explain KEY` tells more."]
    current = ""
    for section, key, field in _fields():
        if section != current:
            lines += ["", f"[{section}]"]
            current = section
        lines += textwrap.wrap(field.description or "", 110, initial_indent="# ", subsequent_indent="# ")
        lines.append(f"{key} = {toml_value(getattr(getattr(settings, section), key))}")
    return "\n".join(lines) + "\n"


@click.group()
def command() -> None:
    """The settings file: init, show, explain."""


@command.command()
def init() -> None:
    """Write a settings file with every key explained. An existing one is left alone."""
    path = settings_path()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(settings_text(Settings()))
    except FileExistsError:
        raise SettingsError(f"There is a settings file already: {path}. Nothing was changed.") from None
    click.echo(f"Written: {path}")


@command.command()
def show() -> None:
    """Print every setting as it is in force now."""
    click.echo(settings_text(load_settings(settings_path())), nl=False)


@command.command()
@click.argument("key")
def explain(key: str) -> None:
    """Explain one KEY, such as telephone.port."""
    settings = load_settings(settings_path())
    for section, name, field in _fields():
        if key == f"{section}.{name}":
            click.echo(f"{key}: {field.description}")
            click.echo(f"Now: {toml_value(getattr(getattr(settings, section), name))}")
            click.echo(f"Default: {toml_value(field.default)}")
            return
    raise SettingsError(f"There is no setting '{key}'. `dauys settings show` lists all.")
