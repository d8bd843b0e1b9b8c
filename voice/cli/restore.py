"""`dauys restore`: the state of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from voice.configuration.clock import library_clock
from voice.configuration.paths import dauys_home
from voice.operations.backup_archive import restore, verify_archive


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Only look whether ARCHIVE is whole.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(archive: Path, check: bool, yes: bool) -> None:
    """Bring the state in ARCHIVE back. Stop Dauys first. What is there now is kept in a folder beside it."""
    if check:
        click.echo(f"{archive}: {len(verify_archive(archive))} files, whole.")
        return
    home = dauys_home()
    if not yes:
        click.confirm(f"Shall the state in {home} be replaced?", abort=True)
    kept = restore(home, archive, library_clock())
    click.echo(f"{home} is as in the backup. Start Dauys again and run `dauys check`.")
    if kept:
        click.echo(f"What was there before is kept in {kept}; delete it when all is well.")
