"""Questions for which staff have given examples: they are understood by those, whatever else the words might mean."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from catalogue_client.errors import LibraryError
from voice.dialogue.commands import READ_DEADLINE_S
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Event, NotUnderstood, Said, TurnedDown, Unsure
from voice.dialogue.registry import ANSWERED
from voice.values.intents import Intent, IntentName

log = logging.getLogger(__name__)

TopicOf = Callable[[str], Awaitable[str]]
"""Words -> the topic that they are an example of; "" for none. Raises LibraryError."""


async def no_topic(text: str) -> str:
    """Where staff have written nothing."""
    return ""


async def as_own_question(event: Event, context: DialogueContext, topic_of: TopicOf) -> Event:
    """Return `event`, or the question that its words are an example of.

    Looked up are words that came to nothing, that may mean one of two things, or of which no feature could do what they
    ask, and questions about the library, which staff know better than a guess. Where any words are an answer they are
    left alone.
    """
    match event:
        case NotUnderstood(text, confidence) | TurnedDown(_, text, confidence):
            language = context.language
        case Said(Intent(name, _, language, text), confidence) if (
            name == IntentName.LIBRARY_QUESTION or name not in ANSWERED
        ):
            pass
        case Unsure(intents, text, confidence):
            language = intents[0].language
        case _:
            return event
    if not text.strip() or context.state.takes_words or context.state.takes_digits:
        return event
    try:
        async with asyncio.timeout(READ_DEADLINE_S):
            topic = await topic_of(text)
    except (LibraryError, TimeoutError) as error:
        log.info("no topic is looked for: %s", type(error).__name__)
        return event
    return Said(Intent(IntentName.LIBRARY_QUESTION, {"topic": topic}, language, text), confidence) if topic else event
