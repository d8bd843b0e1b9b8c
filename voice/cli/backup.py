"""`dauys backup`: all state in one archive."""

from __future__ import annotations

from pathlib import Path

import click

from voice.configuration.clock import library_clock
from voice.configuration.paths import dauys_home
from voice.operations.backup_archive import save


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False), required=False)
def command(archive: Path | None) -> None:
    """Save all state into ARCHIVE, while Dauys runs or not; it is read again and compared.

    Holds the keys to personal data: keep it as safe as the machine itself.
    """
    now = library_clock()
    target = archive or Path(f"dauys-{now:%Y%m%d-%H%M%S}.tar.gz")
    count = save(dauys_home(), target, now)
    click.echo(f"{target}: {count} files, read again and right.")
