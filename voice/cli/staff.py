"""`dauys staff`: who may use the staff site."""

from __future__ import annotations

import sys

import click

from voice.configuration.paths import dauys_home
from voice.configuration.staff_accounts import ROLES, StaffAccounts


def accounts() -> StaffAccounts:
    """Return the accounts of this home."""
    return StaffAccounts(dauys_home() / "staff.toml")


@click.group()
def command() -> None:
    """Accounts of the staff site: list, add, remove."""


@command.command("list")
def list_accounts() -> None:
    """Names and roles."""
    known = accounts().all()
    for account in known.values():
        click.echo(f"{account.name:<20} {account.role}")
    if not known:
        click.echo("No accounts yet. Make one: dauys staff add NAME --role administrator")


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), default="branch", show_default=True)
def add(name: str, role: str) -> None:
    """Make the account NAME, or give it a new role and passphrase, which also ends its sessions.

    The passphrase is asked for; where there is no terminal, it is the first line of standard input.
    """
    if sys.stdin.isatty():
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    else:
        passphrase = sys.stdin.readline().rstrip("\r\n")
    accounts().set(name, role, passphrase)
    click.echo(f"{name} may log in as {role}.")


@command.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take the account NAME away; its sessions end at once."""
    accounts().remove(name)
    click.echo(f"{name} is removed.")
