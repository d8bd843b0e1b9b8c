"""Keeps a process that answers calls from stumbling."""

from __future__ import annotations

import gc
import sys

SWITCH_S = 0.001
"""Seconds after which a thread that computes must let another run. Every packet sent lets go of the interpreter, so
with Python's own 5 ms a few busy threads would hold up the packets of a hundred calls for half a second."""


def tune_for_realtime() -> None:
    """Once everything that stays has been loaded: let the garbage collector pass over it, phrasebook and catalogue
    above all. Looking through all of it takes 180 ms, in which no call gets a packet."""
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)


def let_go() -> None:
    """At the end: have everything looked at again, so that extension modules can take leave of what they made."""
    gc.unfreeze()
