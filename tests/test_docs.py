"""The documentation builds, every command in it is one that Dauys has, and those of the operations page work."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from voice.cli import dauys

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MAY_FIND_TROUBLE = "dauys check"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
"""Exit status 1 is an answer: this machine may have no microphone."""


def commands() -> list[str]:
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", (DOCS / "operations.md").read_text(encoding="utf-8"), re.S | re.M)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.real
def test_the_commands_of_the_operations_page_work_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DAUYS_HOME": str(tmp_path / "state")}
    sure = [line for line in commands() if not line.startswith(MAY_FIND_TROUBLE)]
    run = ["dauys ask 'сәлем'", *sure]
    assert len(run) > 8
    for line in run:
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stdout, done.stderr)


def test_links_lead_to_pages_that_exist() -> None:
    for page in DOCS.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)


@pytest.mark.real
def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for page in DOCS.glob("*.md"):
        assert list((tmp_path / "site").rglob(f"{page.stem}*")), page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_told_of_is_there(page: Path) -> None:
    """In code: `dauys WORD …` and `scripts/run WORD …`, with the options that they are given."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```.*?\n(.*?)^ *```", text, re.S | re.M)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M))
    for line in lines:
        for told in re.findall(r"(?:^|[|;(] *|\$ |^ *)(?:dauys|scripts/run)((?: [^ |;)#]+)*)", line):
            check(told, line)


def check(told: str, line: str) -> None:
    """Follow the words through the commands; after the last of them come arguments and options."""
    words = shlex.split(told, comments=True)
    here: click.Command = dauys
    while words and isinstance(here, click.Group) and not words[0].startswith("-"):
        if re.fullmatch(r"[A-Z]+|…|\.\.\.", words[0]) or "|" in words[0]:
            return
        known = here.get_command(click.Context(here), words[0])
        assert known is not None, line
        here, words = known, words[1:]
    options = {name for parameter in here.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("--"):
            assert word.split("=")[0] in {*options, "--help"}, line
