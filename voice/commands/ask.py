"""`dauys ask`: one question, one answer."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from voice.channels.call import ChannelKind
from voice.commands.converse import object_of, show
from voice.commands.running import clock_option, run
from voice.commands.trying import open_trial
from voice.desk_conversation import DeskConversation


@click.command()
@click.argument("text", nargs=-1)
@click.option("--audio", type=click.Path(path_type=Path), help="Ask with a recorded sentence instead of TEXT.")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), help="Language of the answer when in doubt.")
@click.option("--json", "as_json", is_flag=True, help="The answer as one JSON object.")
@clock_option
def command(
    text: tuple[str, ...], audio: Path | None, language: str | None, as_json: bool, now: datetime | None
) -> None:
    """Ask once: TEXT, or a recording with --audio, and print the answer in words and Braille."""
    words = " ".join(text).strip()
    if bool(words) == bool(audio):
        raise click.UsageError("Say what you ask, as TEXT or as --audio FILE, one of the two.")

    async def main() -> None:
        async with open_trial(now) as app:
            conversation = DeskConversation(app, ChannelKind.TYPED, language=language)
            await conversation.begin()
            reply = await (conversation.take("audio", str(audio)) if audio else conversation.take("text", words))
            if as_json:
                click.echo(json.dumps(object_of(reply), ensure_ascii=False))
            else:
                show(reply)
            await conversation.finish()

    run(main())
