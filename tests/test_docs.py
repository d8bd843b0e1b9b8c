"""The commands of the operations page do what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
MAY_FIND_TROUBLE = "dauys check"
"""Exit status 1 is an answer: this machine may have no microphone."""


def commands() -> list[str]:
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", (DOCS / "operations.md").read_text(encoding="utf-8"), re.S | re.M)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.real
def test_the_commands_of_the_operations_page_work_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DAUYS_HOME": str(tmp_path / "state")}
    run = ["dauys ask 'сәлем'", *(line for line in commands() if line != MAY_FIND_TROUBLE)]
    assert len(run) > 8
    for line in run:
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout, done.stderr)


def test_links_lead_to_pages_that_exist() -> None:
    for page in DOCS.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)
