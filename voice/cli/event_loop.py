"""What the commands that run the assistant share: clock option, a trial assistant, event loop, who is audited."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

import click

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import App, open_app
from voice.configuration.clock import LIBRARY_TIME

Command = TypeVar("Command", bound=Callable[..., Any])
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A time of day without a day is parsed as one of 1900."""
IS_DEMONSTRATION = (
    "This is a demonstration: its readers, works and copies are invented. `dauys demonstration remove` takes them out."
)


class DateTimeOption(click.ParamType[datetime]):
    """An ISO 8601 time; without an offset it is the library's local time."""

    name = "ISO time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time, or end with a usage error."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no ISO time; write it as 2026-11-24T10:00.", param, ctx)
        return _thinkable(self, moment if moment.tzinfo else moment.replace(tzinfo=LIBRARY_TIME), param, ctx)


class Day(click.DateTime):
    """A day such as 2026-11-24, or whatever else the formats of `click.DateTime` allow."""

    def __init__(self, *formats: str) -> None:
        super().__init__(formats or ("%Y-%m-%d",))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time, or end with a usage error."""
        moment: datetime = super().convert(value, param, ctx)
        return _thinkable(self, moment, param, ctx)


def _thinkable(
    kind: click.ParamType[datetime], moment: datetime, param: click.Parameter | None, ctx: click.Context | None
) -> datetime:
    """The moment, if one can count on and back from it."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        kind.fail(f"'{moment:%Y-%m-%d}' is no day of this library; years go from 2000 to {LAST_YEAR}.", param, ctx)
    return moment


def clock_option(command: Command) -> Command:
    """Add --seed-time, which stops the clock at a moment, for tests."""
    return click.option("--seed-time", "now", type=DateTimeOption(), help="Fix the clock at this time.")(command)


@asynccontextmanager
async def open_trial(now: datetime | None = None) -> AsyncIterator[App]:
    """The assistant for somebody at this keyboard. A home that was never set up becomes a demonstration; that a home
    is one is said on standard error each time. Raises as `open_app` does."""
    async with open_app(now=now, purpose=Purpose.DEMONSTRATION) as app:
        if await app.demonstration.purpose() is Purpose.DEMONSTRATION:
            click.echo(IS_DEMONSTRATION, err=True)
        yield app


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` to its end; Ctrl+C ends it quietly."""
    try:
        asyncio.run(main)
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def actor() -> str:
    """Who does it, for the audit."""
    return f"command line: {getpass.getuser()}"[:64]
