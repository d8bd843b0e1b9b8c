"""The dialogue as a pure function of state and event; no input or output happens here."""

from voice.conversation.conversation import step
from voice.conversation.state import Profile, State, begin

__all__ = ["Profile", "State", "begin", "step"]
