"""What a newcomer would write in an evening: Vosk says when speech is over, pyttsx3 saves a file, the file is played.

Run as a program: answers SIP calls with it. `loop.py FOLDER_OF_MODEL`; prints its port when it listens.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import wave
from ipaddress import IPv4Network
from pathlib import Path

import numpy as np
import pyttsx3
import soxr
import vosk

from voice.channels.call import Call, Frame
from voice.channels.sip.listener import listen


def synthesise(text: str, path: Path) -> bytes:
    """The text as PCM at 8000 Hz, by way of a file."""
    engine = pyttsx3.init()
    engine.setProperty("voice", "zle/ru")
    engine.save_to_file(text, str(path))
    engine.runAndWait()
    with wave.open(str(path)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
        return bytes(soxr.resample(samples, sound.getframerate(), 8000).tobytes())


async def answer(call: Call, model: vosk.Model) -> None:
    recogniser = vosk.KaldiRecognizer(model, call.rate)
    playing = bytearray()

    def next_frame() -> bytes:
        frame = bytes(playing[:320]).ljust(320, b"\0")
        del playing[:320]
        return frame

    call.speak_from(next_frame)
    with tempfile.TemporaryDirectory() as folder:
        async for event in call.events():
            if isinstance(event, Frame) and recogniser.AcceptWaveform(event.pcm):
                text = json.loads(recogniser.Result())["text"]
                if text:
                    print("HEARD", text, flush=True)
                    playing[:] = synthesise(f"Вы сказали: {text}", Path(folder) / "answer.wav")


async def main(folder: str) -> None:
    vosk.SetLogLevel(-2)
    model = vosk.Model(folder)

    async def one(call: Call) -> None:
        await answer(call, model)

    async with listen(
        "127.0.0.1", 0, one, rtp_ports=(34000, 35999), max_calls=500, allow=[IPv4Network("127.0.0.0/8")]
    ) as line:
        print(f"PORT {line.port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
