"""`dauys desks`: the Braille desks of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from braille import lay_out, passage
from devices import Connected, DisplayRow
from devices.configuration import desk_conf, udev_rules
from devices.desk import DeskSettings, drivers
from devices.desk_file import load_desks, one_desk, remove_desk, set_desk
from devices.display_supervisor import SupervisedDesk, open_desk
from devices.errors import DeviceError
from voice.configuration.paths import dauys_home

FIRST_OWN_SERVER = 10


def desks_path() -> Path:
    """Where the desks are set, whether the file exists or not."""
    return dauys_home() / "desks.toml"


@contextmanager
def _plainly() -> Iterator[None]:
    """Known errors as one sentence and exit status 1."""
    try:
        yield
    except DeviceError as error:
        raise click.ClickException(str(error)) from error


@click.group()
def command() -> None:
    """Braille desks: list, show, set, test, remove."""


@command.command("list")
def list_desks() -> None:
    """Every desk with its display and its name."""
    with _plainly():
        desks = load_desks(desks_path())
    if not desks:
        click.echo("No desks yet. Make one: dauys desks set abai-1 port=usb: name='Abai branch, left of the door'")
    for desk_id, desk in desks.items():
        click.echo(f"{desk_id:<20} {desk.server or desk.driver + ' ' + desk.port:<30} {desk.name}")


@command.command()
@click.argument("desk_id", metavar="ID")
@click.option("--files", is_flag=True, help="Print the brltty.conf and the udev rules as well.")
def show(desk_id: str, files: bool) -> None:
    """Every setting of a desk, explained."""
    with _plainly():
        desk = one_desk(desks_path(), desk_id)
        for key, field in DeskSettings.model_fields.items():
            click.echo(f"{key} = {getattr(desk, key)!r}    {field.description}")
        if files:
            click.echo("\n" + desk_conf(desk, FIRST_OWN_SERVER, dauys_home() / "brlapi.key"))
            click.echo(udev_rules(desk) or "# No udev rules are needed for this port.")


@command.command("set")
@click.argument("desk_id", metavar="ID")
@click.argument("changes", metavar="KEY=VALUE", nargs=-1, required=True)
def set_values(desk_id: str, changes: tuple[str, ...]) -> None:
    """Change settings of a desk, or make it. keys.NAME=ACTION binds a key of the display."""
    pairs = {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise click.ClickException(f"'{change}' is no KEY=VALUE, such as status_cells=2.")
        pairs[key] = value
    with _plainly():
        set_desk(desks_path(), desk_id, pairs)
    click.echo(f"Desk {desk_id} is set. Try it: dauys desks test {desk_id}")


@command.command()
@click.argument("desk_id", metavar="ID")
def remove(desk_id: str) -> None:
    """Forget a desk and its settings."""
    with _plainly():
        remove_desk(desks_path(), desk_id)
    click.echo(f"Desk {desk_id} is forgotten.")


@command.command("drivers")
def list_drivers() -> None:
    """The families of displays and their codes, for driver=CODE."""
    for code, family in drivers().items():
        click.echo(f"{code}  {family['name']}")


@command.command()
def rules() -> None:
    """Print the udev rules that let the group dauys use every display on USB, for /etc/udev/rules.d."""
    click.echo(udev_rules(DeskSettings()), nl=False)


@command.command()
@click.argument("desk_id", metavar="ID")
@click.option("--identify", is_flag=True, help="Raise and lower all dots three times.")
@click.option("--seconds", default=5.0, show_default=True, help="How long the test line stays; keys are printed.")
def test(desk_id: str, identify: bool, seconds: float) -> None:
    """Show a test line on a desk's display: each dot in turn, then the desk's name."""
    with _plainly():
        desk = one_desk(desks_path(), desk_id)
        working = asyncio.run(_test(desk, identify, seconds))
    if not working:
        raise SystemExit(1)


async def _test(desk: DeskSettings, identify: bool, seconds: float) -> bool:
    async with open_desk(desk, dauys_home()) as kept:
        try:
            async with asyncio.timeout(15):
                while not isinstance(await kept.display.next_event(), Connected):
                    pass
        except TimeoutError:
            click.echo(f"No display within 15 s. {kept.status().problem}", err=True)
            click.echo("If `dauys serve` runs, it holds the display: stop it for the test.", err=True)
            return False
        status = kept.status()
        click.echo(f"A display of {status.columns} x {status.lines} cells. {status.problem}".rstrip())
        kept.show_test_line()
        if identify:
            await kept.identify()
        await _print_keys(kept, seconds / 2)
        name = passage(desk.name or "Дауыс", desk.language)
        kept.display.show(
            lambda width: [DisplayRow(row.cells, line=row.passage) for row in lay_out([name], max(width, 2))]
        )
        await _print_keys(kept, seconds / 2)
        return True


async def _print_keys(kept: SupervisedDesk, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            while True:
                click.echo(str(await kept.display.next_event()))
    except TimeoutError:
        pass
