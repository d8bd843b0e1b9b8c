"""`dauys recordings`: calls whose readers agreed to be recorded."""

from __future__ import annotations

import click

from voice.assistant.call_recordings import TERM, CallRecordings
from voice.configuration.paths import dauys_home
from voice.values.errors import VoiceError


def recordings() -> CallRecordings:
    """Return the recordings of this home."""
    return CallRecordings(dauys_home() / "recordings", TERM)


@click.group()
def command() -> None:
    """Calls whose readers agreed to be recorded: list, delete. Each is deleted by itself after thirty days."""


@command.command("list")
def list_recordings() -> None:
    """Id, time and file, oldest first."""
    kept = recordings().kept()
    for recording in kept:
        click.echo(f"{recording.id} {recording.when:%Y-%m-%d %H:%M} {recording.path}")
    if not kept:
        click.echo("There are no recordings.")


@command.command()
@click.argument("id")
def delete(id: str) -> None:
    """Delete the recording ID, or `all`."""
    store = recordings()
    if id == "all":
        for recording in store.kept():
            store.delete_one(recording.id)
        click.echo("No recording is left.")
    elif store.delete_one(id):
        click.echo(f"Recording {id} is deleted.")
    else:
        raise VoiceError(f"There is no recording {id}. `dauys recordings list` names all.")
