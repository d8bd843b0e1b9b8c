"""What is left for the staff: a person on the line, a line on their list."""

from __future__ import annotations

from dataclasses import dataclass

from voice.dialogue.commands.command import RING_DEADLINE_S, Command
from voice.values.intents import IntentName


@dataclass(frozen=True, slots=True)
class LeaveForStaff(Command[None]):
    """A line on the staff's list, with what they read as `context`; `about` is said back. Answered with None."""

    outlives_deadline = True
    kind: IntentName
    context: str
    ticket: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class HandOver(Command[bool]):
    """Bring a person on the line, or leave a call-back request with the context. Answered with bool: True when the call
    was transferred, False when a call-back request was left."""

    outlives_deadline = True
    deadline_s = RING_DEADLINE_S
    context: str
    ticket: str = ""
