"""Keeps a process that answers calls from stumbling. To be called once, when everything that stays has been loaded."""

from __future__ import annotations

import gc
import sys

SWITCH_S = 0.001
"""Seconds after which a thread that computes must let another run. Every packet sent lets go of the interpreter, so
with Python's own 5 ms a few busy threads would hold up the packets of a hundred calls for half a second."""


def keep_steady() -> None:
    """Let the garbage collector pass over what is there now, phrasebook and catalogue above all: looking through all
    of it takes 180 ms, in which no call gets a packet."""
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)
