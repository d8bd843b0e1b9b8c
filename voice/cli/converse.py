"""`dauys converse`: turns from standard input, one JSON object a line, one JSON object a line back."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from languages.codes import LANGUAGES
from voice.assistant.app import App
from voice.assistant.json_schema import reply_object
from voice.assistant.scripted_session import Reply, ScriptedSession
from voice.cli.event_loop import clock_option, open_trial, run
from voice.values.audio import ChannelKind
from voice.values.errors import VoiceError, cause_of

log = logging.getLogger(__name__)

LONGEST_LINE = 1_000_000
"""Bytes of one input line; a longer one is answered with an error."""


class Input(BaseModel):
    """One line of input: exactly one of the keys."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str | None = None
    audio: str | None = None
    key: Annotated[str, Field(pattern=r"^[0-9*#]+$")] | None = None
    cells: Annotated[str, Field(pattern="^[\u2800-\u28ff]+$")] | None = None
    route: Annotated[int, Field(ge=0, le=9999)] | None = None
    silence: Literal[True] | None = None


def parse(line: str) -> tuple[str, Any]:
    """The key and value of one input line. Raises ValueError with a sentence that says what is allowed."""
    if not line.strip():
        raise ValueError('An empty line. Send one JSON object, such as {"text": "кітап іздеу"}.')
    try:
        given = Input.model_validate(json.loads(line)).model_dump(exclude_none=True)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"Not a JSON object: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise ValueError(f"{where}: {first['msg']}. Send one of text, audio, key, cells, route or silence.") from error
    if len(given) != 1:
        raise ValueError("Send exactly one of text, audio, key, cells, route or silence.")
    return next(iter(given.items()))


async def answer(conversation: ScriptedSession, line: str) -> dict[str, Any]:
    """The output object for one input line; a line that cannot be used gets an error and changes nothing."""
    try:
        kind, value = parse(line)
        return object_of(await conversation.take(kind, value))
    except (ValueError, VoiceError) as error:
        return {"error": str(error)}
    except Exception as error:
        log.error("a line of input could not be answered: %s", cause_of(error))
        return {"error": "Something went wrong inside Dauys. Send the next line; the log says what it was."}


def object_of(reply: Reply) -> dict[str, Any]:
    """Return the JSON object of a reply."""
    return reply_object(reply.exchange, reply.rows, reply.timing_ms, reply.audio)


async def lines_of_standard_input() -> AsyncIterator[str]:
    """Lines as they come, without blocking the event loop; undecodable bytes become U+FFFD."""
    loop = asyncio.get_running_loop()
    stream = sys.stdin.buffer
    while raw := await loop.run_in_executor(None, stream.readline, LONGEST_LINE):
        yield raw.decode("utf-8", errors="replace")


def typed(line: str) -> tuple[str, str]:
    """What one line of plain input is: telephone keys such as 1 or 100001#, else words."""
    words = line.strip()
    return ("key" if words and set(words) <= set("0123456789*#") else "text"), words


async def converse(
    app: App,
    as_json: bool,
    language: str | None,
    width: int,
    audio: Path | None,
    channel: ChannelKind = ChannelKind.TYPED,
) -> None:
    """Answer each line of standard input until the conversation or the input ends."""
    private = channel is not ChannelKind.STATION  # a station speaks aloud until headphones are put on
    session = app.new_session(channel, private=private, language=language)
    conversation = ScriptedSession(session, app.hear_file, app.speaker, width=width, audio_folder=audio)
    first = await conversation.begin()
    if not as_json:
        show(first)
    async for line in lines_of_standard_input():
        if as_json:
            click.echo(json.dumps(await answer(conversation, line), ensure_ascii=False))
        else:
            show(await conversation.take(*typed(line)))
    await conversation.finish()


def show(reply: Reply) -> None:
    """An answer in plain lines, for people."""
    for line in reply.exchange.lines:
        click.echo(line.text)
    for row in reply.rows:
        click.echo(row)
    click.echo()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line in, one a line out.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the greeting.")
@click.option("--width", default=40, type=click.IntRange(8, 80), help="Cells of the Braille display.")
@click.option("--audio-folder", type=click.Path(file_okay=False, path_type=Path), help="Write spoken answers there.")
@click.option(
    "--channel",
    type=click.Choice([kind.value for kind in (ChannelKind.TELEPHONE, ChannelKind.STATION, ChannelKind.DESK)]),
    help="Answer as a telephone, a station without headphones or a Braille desk would.",
)
@clock_option
def command(
    as_json: bool,
    language: str | None,
    width: int,
    audio_folder: Path | None,
    channel: str | None,
    now: datetime | None,
) -> None:
    """Converse from standard input, typed or as JSON."""

    async def main() -> None:
        async with open_trial(now) as app:
            await converse(app, as_json, language, width, audio_folder, ChannelKind(channel or ChannelKind.TYPED))

    run(main())
