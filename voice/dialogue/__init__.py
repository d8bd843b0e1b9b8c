"""The dialogue as a pure function of state and event; no input or output happens here."""

from voice.dialogue.context import DialogueContext, Profile, begin
from voice.dialogue.step import step

__all__ = ["DialogueContext", "Profile", "begin", "step"]
