"""Descriptors of this process: every call needs some, and without one nothing can be opened, not even a file."""

from __future__ import annotations

import os
import resource

FOR_A_CALL = 32
"""Left when a call is answered: its sockets, what the assistant opens for it, and something to end others with."""
FOR_CALLS = 256
"""Left to calls by everything else that comes from the network, as far as the limit of the process allows."""
MOST = 65_536
"""More is never needed, and a process may be slow with a limit of millions."""


def descriptors_left() -> int:
    """How many more the process may open."""
    try:
        open_now = len(os.listdir("/proc/self/fd")) - 1  # the listing itself has one
    except FileNotFoundError:
        open_now = len(os.listdir("/dev/fd")) - 1
    except OSError:
        return 0  # not even one to look with
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] - open_now


def reserved_for_calls() -> int:
    """How many must be left where something else than a call wants one: never more than half of all."""
    return min(FOR_CALLS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


def raise_limit() -> int:
    """Raise the soft limit as far as the system lets this process. Return the limit now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return soft
