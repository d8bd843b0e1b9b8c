"""Records one call while its reader agrees, and never at the price of the call."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from voice.assistant.call_recordings import CallRecording, CallRecordings, RecordingFailed
from voice.channels.call import Call, FrameSource
from voice.dialogue.context import DialogueContext
from voice.values.errors import cause_of

log = logging.getLogger(__name__)

RECORDING = "recording"
"""What is counted when a recording that was agreed to is lost."""


class CallRecorder:
    """Stands between a call and what is played to it."""

    def __init__(
        self, call: Call, source: FrameSource, recordings: CallRecordings | None, count: Callable[[str], None]
    ) -> None:
        """`source` gives what is played; without `recordings` nothing is recorded."""
        self._call = call
        self._source = source
        self._recordings = recordings
        self._count = count
        self._recording: CallRecording | None = None
        self._is_lost = False

    def heard(self, pcm: bytes) -> None:
        """A frame of the reader."""
        if self._recording:
            self._recording.heard(pcm)

    def follow(self, context: DialogueContext) -> None:
        """Record from the reader's yes on; when it is taken back nothing of the recording stays."""
        if self._recording and self._recording.failure:
            self._lose(self._recording.failure)
        if not context.recording:
            self._is_lost = False
            if recording := self._take():
                recording.drop()
        elif self._recordings and not self._recording and not self._is_lost:
            # Nobody is named: whose voice it is, the recording itself is all that tells.
            try:
                self._recording = self._recordings.begin(self._call.rate, secrets.token_hex(8), context.now)
            except RecordingFailed as error:
                self._lose(error)
            else:
                self._call.speak_from(self._recording.taped(self._source))

    async def keep(self) -> None:
        """The reader has gone: what she agreed to is kept, and nobody after her is recorded."""
        recording = self._take()
        if recording and self._recordings:
            try:
                await self._recordings.keep(recording)
            except RecordingFailed as error:
                self._lose(error)
        self._is_lost = False

    def _lose(self, error: Exception) -> None:
        log.error("a call that its reader agreed to record is not kept: %s", cause_of(error))
        self._count(RECORDING)
        self._is_lost = True
        if recording := self._take():
            recording.drop()

    def _take(self) -> CallRecording | None:
        """The recording, if there is one; from now on the call is not recorded."""
        recording, self._recording = self._recording, None
        if recording:
            self._call.speak_from(self._source)
        return recording
