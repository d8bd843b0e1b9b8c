"""An engine that does as it is told, the bad things too: `python -m tests.voice.engines.odd_engine`."""

from __future__ import annotations

import os
import signal
import time

from voice.engines.serving import Deliver, Handle, serve


def load() -> Handle:
    def handle(payload: bytes, deliver: Deliver) -> None:
        order, _, rest = payload.decode().partition(" ")
        match order:
            case "say":
                for word in rest.split():
                    deliver(word.encode())
            case "print":
                print("a library prints", flush=True)
                os.write(1, b"and so does its C part")
                deliver(b"said")
            case "raise":
                raise KeyError(rest)
            case "die":
                deliver(b"begun")
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                deliver(b"begun")
                time.sleep(3600)
            case "forever":
                while deliver(b"more"):
                    pass

    return handle


if __name__ == "__main__":
    serve(load)
