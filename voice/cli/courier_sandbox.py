"""`dauys courier-sandbox`: a courier's server on this machine, to try deliveries against."""

from __future__ import annotations

import asyncio

import click
from aiohttp import web

from catalogue_client.couriers.yandex.sandbox import TOKEN, Sandbox
from voice.values.errors import VoiceError


@click.command()
@click.option("--port", default=8089, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--speed", default=60.0, show_default=True, type=click.FloatRange(0), help="Its seconds in a real one.")
@click.option("--faults", default=0.0, show_default=True, type=click.FloatRange(0, 1), help="Share of calls that fail.")
def command(port: int, speed: float, faults: float) -> None:
    """Serve Yandex Delivery's cargo API as a sandbox until Ctrl+C. No parcel moves."""
    sandbox = Sandbox(speed=speed)
    sandbox.faults.rate = faults
    try:
        asyncio.run(_serve(sandbox, port))
    except OSError as error:
        raise VoiceError(f"Port {port} cannot be used: {error}. Choose another with --port.") from error
    except KeyboardInterrupt:
        pass


async def _serve(sandbox: Sandbox, port: int) -> None:
    runner = web.AppRunner(sandbox.app(), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        host, real_port = runner.addresses[0][:2]
        click.echo(f"The courier's sandbox answers at http://{host}:{real_port} with the token '{TOKEN}'.")
        click.echo(
            f'In delivery.toml: [[couriers]] kind = "yandex", url = "http://{host}:{real_port}". Ctrl+C ends it.'
        )
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
