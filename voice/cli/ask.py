"""`dauys ask`: one question, one answer."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from languages.codes import LANGUAGES
from voice.assistant.scripted_session import ScriptedSession
from voice.cli.converse import object_of, show
from voice.cli.event_loop import clock_option, open_trial, run
from voice.values.audio import ChannelKind


@click.command()
@click.argument("text", nargs=-1)
@click.option("--audio", type=click.Path(path_type=Path), help="Ask with a recorded sentence instead of TEXT.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the answer when in doubt.")
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
            session = app.new_session(ChannelKind.TYPED, private=True, language=language)
            conversation = ScriptedSession(session, app.hear_file, app.speaker)
            await conversation.begin()
            reply = await (conversation.take("audio", str(audio)) if audio else conversation.take("text", words))
            if as_json:
                click.echo(json.dumps(object_of(reply), ensure_ascii=False))
            else:
                show(reply)
            await conversation.finish()

    run(main())
