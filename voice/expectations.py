"""What the ear listens for at each place of the conversation."""

from __future__ import annotations

from voice.conversation.turn import Expects
from voice.hearing.expectation import Expectation

EXPECTATIONS = {
    Expects.SPEECH: Expectation.OPEN,
    Expects.ADDRESS: Expectation.OPEN,
    Expects.NUMBER: Expectation.COMMAND,
    Expects.SLOT: Expectation.COMMAND,
    Expects.TICKET: Expectation.NUMBER,
    Expects.PIN: Expectation.NUMBER,
    Expects.PHONE: Expectation.NUMBER,
    Expects.LETTERS: Expectation.LETTERS,
    Expects.CONFIRMATION: Expectation.CONFIRMATION,
    Expects.NOTHING: Expectation.COMMAND,
}
"""What the ear listens for when the conversation expects this."""
