"""`dauys demo`: a whole call held on this machine, through the real parts."""

from __future__ import annotations

import statistics

import click

from voice.cli.event_loop import run
from voice.configuration.paths import dauys_home
from voice.operations.demo_call import Outcome, Spoken, demonstrate


def tell(spoken: Spoken) -> None:
    """One turn, in plain lines."""
    exchange = spoken.exchange.exchange
    understood = exchange.understood
    if spoken.step:
        click.echo(f"Reader {'keys' if spoken.step.keys else 'says'}: {spoken.step.keys or spoken.step.say}")
        if understood.confidence is not None:
            click.echo(f"  heard: {understood.text} ({understood.confidence:.0%})")
        if understood.intent:
            slots = "".join(f", {name} = {value}" for name, value in understood.intent.slots.items())
            click.echo(f"  understood: {understood.intent.name}{slots}")
    for line in exchange.lines:
        click.echo(f"Dauys: {line.text}")
    for row in spoken.rows:
        click.echo(f"  Braille: {row}")
    if spoken.latency_ms is not None:
        click.echo(f"  first sound of the answer after {spoken.latency_ms:.0f} ms")
    click.echo()


def sum_up(outcome: Outcome) -> None:
    """What stays: the booking, the recording, what to try next."""
    if delivery := outcome.booking:
        click.echo(f"In the books: {delivery.kind} {delivery.id}, {delivery.status}, {', '.join(delivery.titles)},")
        click.echo(f"  {delivery.slot.starts:%Y-%m-%d %H:%M} to {delivery.slot.ends:%H:%M}, {delivery.address_hint}")
    if outcome.latencies_ms:
        click.echo(f"Answers began after {statistics.median(outcome.latencies_ms):.0f} ms, the median of the call.")
    click.echo(f"The call, reader left and Dauys right: {outcome.recording}")
    click.echo("Try next:")
    click.echo("  scripts/run ask найди книгу абай жолы")
    click.echo("  scripts/run talk")
    click.echo("  scripts/run check")


@click.command()
def command() -> None:
    """Hold a whole call on this machine, without telephone or sound card: SIP, speech, keys, a delivery, Braille."""

    click.echo("This is a demonstration, in a library of its own: readers, works and copies are invented.", err=True)

    async def main() -> None:
        sum_up(await demonstrate(dauys_home(), tell, lambda sentence: click.echo(sentence + "\n")))

    run(main())
