"""The process in which speech is made: `python -m voice.synthesis.worker`, started by voice/engines.

A request is JSON: text, driver, voice, rate, volume, pitch, rate_hz. The answer is PCM.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

from voice.engines.serving import Deliver, Handle, serve
from voice.synthesis.errors import SynthesisError
from voice.synthesis.speech import Speech
from voice.synthesis.voices import Prosody, Voice, load_voices


def request(text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> bytes:
    """One text as it is sent to the process."""
    fields = {"rate": prosody.rate, "volume": prosody.volume, "pitch": prosody.pitch, "rate_hz": rate_hz}
    return json.dumps({"text": text, "driver": voice.driver, "voice": voice.name, **fields}).encode()


def load() -> Handle:
    """The engines, warm: each of the shipped voices has said a word, so that no reader waits for its data."""
    speech = Speech()
    for voice in load_voices().values():
        with contextlib.suppress(SynthesisError):  # whoever asks for that voice gets the error
            speech.speak("а", voice, Prosody(), 8000, lambda block: True)

    def handle(payload: bytes, deliver: Deliver) -> None:
        asked: dict[str, Any] = json.loads(payload)
        prosody = Prosody(asked["rate"], asked["volume"], asked["pitch"])
        speech.speak(asked["text"], Voice(asked["driver"], asked["voice"]), prosody, asked["rate_hz"], deliver)

    return handle


if __name__ == "__main__":
    serve(load)
