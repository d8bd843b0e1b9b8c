"""What the ear listens for at each place of the conversation."""

from __future__ import annotations

from voice.dialogue.turn import ExpectedInput
from voice.recognition.recognition_mode import RecognitionMode

EXPECTATIONS = {
    ExpectedInput.SPEECH: RecognitionMode.OPEN,
    ExpectedInput.ADDRESS: RecognitionMode.OPEN,
    ExpectedInput.NUMBER: RecognitionMode.COMMAND,
    ExpectedInput.SLOT: RecognitionMode.COMMAND,
    ExpectedInput.TICKET: RecognitionMode.NUMBER,
    ExpectedInput.PIN: RecognitionMode.NUMBER,
    ExpectedInput.PHONE: RecognitionMode.NUMBER,
    ExpectedInput.LETTERS: RecognitionMode.LETTERS,
    ExpectedInput.CONFIRMATION: RecognitionMode.CONFIRMATION,
    ExpectedInput.NOTHING: RecognitionMode.COMMAND,
}
"""What the ear listens for when the conversation expects this."""
