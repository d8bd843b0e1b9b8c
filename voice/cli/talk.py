"""`dauys talk`: a conversation here and now, typed where there is no microphone."""

from __future__ import annotations

import click

from languages.codes import LANGUAGES
from voice.assistant.scripted_session import ScriptedSession
from voice.cli.converse import lines_of_standard_input, show, typed
from voice.cli.event_loop import open_trial, run
from voice.values.audio import ChannelKind


@click.command()
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the greeting.")
def command(language: str | None) -> None:
    """Talk with Dauys. Type what you would say; a line of telephone keys such as 1 or 100001# is keyed."""

    async def main() -> None:
        async with open_trial() as app:
            session = app.new_session(ChannelKind.TYPED, private=True, language=language)
            conversation = ScriptedSession(session, app.hear_file, app.speaker)
            show(await conversation.begin())
            async for line in lines_of_standard_input():
                show(await conversation.take(*typed(line)))
                if conversation.is_over:
                    break
            await conversation.finish()

    run(main())
