"""How long `dauys ask` takes from the shell and back, beside what any program that loads its libraries takes.

The first run makes the demonstration and is not counted; runs alternate, so that both meet the same machine.

    start.py [RUNS]   so many of each; without a number 9
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

RUNS = 9
ASK = (sys.executable, "-c", "from voice.cli.main import main; main()", "ask", "найди абай жолы")
LIBRARIES = (sys.executable, "-c", "import click, numpy, pydantic, sqlalchemy.ext.asyncio, rapidfuzz")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DAUYS_HOME": home}
        _seconds(ASK, environment)
        asked, loaded = [], []
        for _ in range(runs):
            asked.append(_seconds(ASK, environment))
            loaded.append(_seconds(LIBRARIES, environment))
    print(f"dauys ask, median of {runs}          {median(asked):.2f} s, slowest {max(asked):.2f} s")
    print(f"its libraries alone, median of {runs} {median(loaded):.2f} s, slowest {max(loaded):.2f} s")
    print(f"ratio                        {median(asked) / median(loaded):.1f}")


def _seconds(command: tuple[str, ...], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
