"""What broke and was caught, counted for metrics: the reader heard of it, the log has its cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from voice.assistant.call_recorder import RECORDING
from voice.assistant.dialogue_session import COMMAND, HANDLER
from voice.assistant.spoken_session import DECODING, SLOW_ANSWER
from voice.synthesis.prompt_player import SPEECH
from voice.synthesis.speaker import EARCON, OTHER_VOICE

KINDS = (OTHER_VOICE, EARCON, SPEECH, DECODING, SLOW_ANSWER, RECORDING, HANDLER, COMMAND)


class FaultCounts:
    """One for the process."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter(dict.fromkeys(KINDS, 0))

    def count(self, kind: str) -> None:
        """One more of `kind`, one of KINDS."""
        self._counts[kind] += 1

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each kind since the start; every kind is there from the beginning."""
        return dict(self._counts)
