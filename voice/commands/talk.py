"""`dauys talk`: a conversation here and now, typed where there is no microphone."""

from __future__ import annotations

import click

from voice.channels.call import ChannelKind
from voice.commands.converse import lines_of_standard_input, show
from voice.commands.running import run
from voice.commands.trying import open_trial
from voice.desk_conversation import DeskConversation


@click.command()
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), help="Language of the greeting.")
def command(language: str | None) -> None:
    """Talk with Dauys. Type what you would say; a line of telephone keys such as 1 or 100001# is keyed."""

    async def main() -> None:
        async with open_trial() as app:
            conversation = DeskConversation(app, ChannelKind.TYPED, language=language)
            show(await conversation.begin())
            async for line in lines_of_standard_input():
                typed = line.strip()
                keyed = bool(typed) and all(character in "0123456789*#" for character in typed)
                show(await conversation.take("key" if keyed else "text", typed))
                if conversation.is_over:
                    break
            await conversation.finish()

    run(main())
