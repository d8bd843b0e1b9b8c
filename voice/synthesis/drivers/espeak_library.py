"""libespeak-ng by ctypes: text in, blocks of PCM out while it is being spoken, abortable between two blocks.

The C library keeps one voice and one callback for the whole process (speak_lib.h), so there is one object for it and
a lock around every utterance. ctypes releases the interpreter while the library works.
"""

from __future__ import annotations

import ctypes
import threading
from functools import cache

from voice.synthesis.drivers.streaming_driver import Sink
from voice.synthesis.errors import NoVoice, SynthesisFailed

LIBRARY = "libespeak-ng.so.1"
SYNCHRONOUS = 2
"""espeak_AUDIO_OUTPUT: espeak_Synth returns when the whole text has gone through the callback."""
BLOCK_MS = 20
DO_NOT_EXIT = 1 << 15
"""espeak_Initialize must not end the process when its data are missing."""
UTF8 = 1
RATE, VOLUME, PITCH = 1, 2, 3
"""espeak_PARAMETER."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class EspeakLibrary:
    """The library, initialised once to hand its audio back."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise NoVoice(
                "espeak-ng is not installed, so nothing can be spoken. Install the package espeak-ng."
            ) from error
        self.rate_hz: int = self._library.espeak_Initialize(SYNCHRONOUS, BLOCK_MS, None, DO_NOT_EXIT)
        if self.rate_hz <= 0:
            raise NoVoice("espeak-ng finds no voice data. Install the package espeak-ng-data.")
        self._lock = threading.Lock()
        self._voice = ""
        self._sink: Sink = lambda block: False
        self._callback = _Callback(self._hand_over)  # the library keeps the pointer, so we keep the object
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, rate: int, volume: int, pitch: int, sink: Sink) -> bool:
        """Speak `text` into `sink`; blocks of `rate_hz`. True when it was spoken to its end.

        `voice` is a file of espeak-ng's voices such as "trk/kk", with a variant such as "trk/kk+f2" if wanted;
        `rate` in words a minute, 80 to 450; `volume` in percent, 0 to 200; `pitch` 0 to 99. Raises NoVoice,
        SynthesisFailed.
        """
        with self._lock:
            self._choose(voice)
            for parameter, value in ((RATE, rate), (VOLUME, volume), (PITCH, pitch)):
                self._library.espeak_SetParameter(parameter, value, 0)
            self._finished, self._sink = True, sink
            data = text.replace("\0", " ").encode()
            if self._library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, UTF8, None, None) != 0:
                raise SynthesisFailed(f"espeak-ng could not speak a text of {len(text)} characters.")
            return self._finished

    def _choose(self, voice: str) -> None:
        if voice == self._voice:
            return
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            self._voice = ""
            raise NoVoice(f"espeak-ng has no voice {voice!r}. Install espeak-ng-data, or choose another voice.")
        self._voice = voice

    def _hand_over(self, samples: int | None, count: int, events: int | None) -> int:
        if not samples or count <= 0:
            return 0
        self._finished = self._finished and self._sink(ctypes.string_at(samples, count * 2))
        return 0 if self._finished else 1


@cache
def espeak_library() -> EspeakLibrary:
    """The one library of this process. Raises NoVoice."""
    return EspeakLibrary()
