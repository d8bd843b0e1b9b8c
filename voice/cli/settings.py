"""`dauys settings`: the settings file, in plain words."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator

import click
from pydantic.fields import FieldInfo

from voice.configuration.clock import library_clock
from voice.configuration.settings import Settings, SettingsSection, all_keys, load_settings, settings_path
from voice.configuration.settings_errors import example, toml_value
from voice.values.errors import SettingsError


def _fields() -> Iterator[tuple[str, str, FieldInfo]]:
    for section, field in Settings.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, SettingsSection)
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
    """The settings file: init, show, explain, renew."""


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
def renew() -> None:
    """Write the file of an older Dauys again, with new keys explained. Its values stay; the old file is kept too."""
    path = settings_path()
    settings = load_settings(path)
    if not path.exists():
        raise SettingsError(f"There is no settings file {path} yet. `dauys settings init` writes one.")
    kept = path.with_name(f"settings-{library_clock():%Y%m%d-%H%M%S}.toml")
    new = path.with_suffix(".new")
    new.write_text(settings_text(settings), encoding="utf-8")
    kept.hardlink_to(path)
    new.replace(path)
    click.echo(f"Written: {path}. As it was it is kept in {kept}.")


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
            if field.examples:
                click.echo(f"Example: {name} = {example(field)}")
            return
    near = difflib.get_close_matches(key, all_keys(), 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise SettingsError(f"There is no setting '{key}'.{meant} `dauys settings show` lists all.")
