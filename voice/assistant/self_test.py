"""A call of Dauys to itself, without a line: a greeting, a key, a search. Nothing is changed and nobody is named."""

from __future__ import annotations

from voice.assistant.app import App
from voice.assistant.dialogue_session import Understood
from voice.dialogue.events import Began, Pressed
from voice.values.audio import ChannelKind

SOUGHT = "найди абай"
MENU_KEY = "3"


async def answers_itself(app: App) -> bool:
    """Return whether each of greeting, key and search was answered with words, and nothing broke."""
    session = app.new_session(ChannelKind.TELEPHONE, private=True)
    before = session.context.faults
    try:
        acts = (Understood(Began()), Understood(Pressed(MENU_KEY)), session.understand_text(SOUGHT))
        answers = [await session.exchange(act) for act in acts]
    finally:
        await session.finish()
    return all(answer.lines for answer in answers) and session.context.faults == before
