"""A program that kills a busy library again and again and lets it go on where it was.

    python killing.py HOME KILLS LAST

Forks, so that each life begins with everything imported. Prints "killed COUNT" when all steps are done.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from tests.catalogue_client.busy_node import main as keep_busy


def life(home: str, first: int, last: int, answers: int, seconds: float) -> tuple[int, bool]:
    """Let a process work from step `first` and kill it `seconds` after so many answers.

    Answers the next step to do, and whether it was killed.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(read_end)
        os.dup2(write_end, 1)
        status = 1
        try:
            keep_busy([home, "-", "node", str(first), str(last)])
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    seen = b""
    while block := os.read(read_end, 4096):
        seen += block
        if answers and seen.count(b"\n") >= answers:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
            answers = 0
    os.close(read_end)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a life ended with an error")
    whole = seen[: seen.rfind(b"\n") + 1].split()
    return (int(whole[-1]) + 1 if whole else first), os.WIFSIGNALED(status)


def main(argv: list[str]) -> None:
    home, kills, last = argv[0], int(argv[1]), int(argv[2])
    chance = random.Random(42)
    first = killed = 0
    while killed < kills and first < last:
        first, was_killed = life(home, first, last, chance.randint(1, 3), chance.random() * 0.01)
        killed += was_killed
    life(home, first, last, 0, 0)
    print("killed", killed)


if __name__ == "__main__":
    main(sys.argv[1:])
