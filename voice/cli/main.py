"""The `dauys` command. Subcommands are loaded only when they are called, so that each starts fast."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import io
import sys

import click

from voice.values.errors import VoiceError

COMMANDS = {
    "demo": "A whole call held on this machine, through the real parts.",
    "talk": "Talk with Dauys: with your microphone, or typed where there is none.",
    "ask": "One question, one answer.",
    "converse": "Turns from standard input, one JSON object a line.",
    "serve": "Answer telephone, stations, desks and the staff site.",
    "check": "What works on this machine and what does not.",
    "models": "Speech models: list, install, verify, test.",
    "braille": "Text to Braille.",
    "catalogue": "Import, search and measure the catalogue.",
    "demonstration": "Invented readers and works: show, remove, keep.",
    "books": "Books of the reading room: add, list, show, remove.",
    "library-system": "Try the library's own system with a test ticket.",
    "desks": "Braille desks: list, show, set, test.",
    "deliveries": "Deliveries: list, show, advance.",
    "courier-sandbox": "A courier's server to try deliveries against.",
    "recordings": "Calls whose readers agreed to be recorded: list, delete.",
    "settings": "The settings file: init, show, explain.",
    "staff": "Staff accounts of the staff site.",
    "backup": "Save all state into one archive.",
    "restore": "Bring a saved state back.",
}
"""Name -> one line of help. The module is voice/cli/<name>.py, its attribute `command`."""

OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""A start makes some 400,000 objects that all stay; searching them for garbage every 700 takes a sixth of its time."""


class LazyGroup(click.Group):
    """A group that imports a subcommand's module when the subcommand is first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands, in the order of the help."""
        return [name for name in COMMANDS if importlib.util.find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a subcommand; None for a name that there is not."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(_module(cmd_name)).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help without importing a subcommand."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _module(name: str) -> str:
    return f"voice.cli.{name.replace('-', '_')}"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dauys", prog_name="dauys")
def dauys() -> None:
    """The voice and Braille service of a city library."""


def main() -> None:
    """Run the command; a known error becomes one sentence on standard error and exit status 1."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of koi8-r shows what it can, instead of nothing
    try:
        dauys()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if not isinstance(error, _known_errors()):
            raise
        click.echo(f"dauys: {error}", err=True)
        sys.exit(1)
    finally:
        gc.freeze()  # the interpreter would search all that stayed once more before it ends: a quarter of `dauys ask`


def _known_errors() -> tuple[type[Exception], ...]:
    """The base error of every package: its text is a sentence for people. Imported only when something went wrong."""
    from audio_models.errors import ModelError
    from braille.errors import BrailleError
    from catalogue_client.errors import LibraryError
    from devices.errors import DeviceError

    return (VoiceError, ModelError, BrailleError, LibraryError, DeviceError)
