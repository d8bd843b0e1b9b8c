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
"""Exit status 1 is an answer: this machine may have no microphone."""
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
ADR = DOCS / "adr"
CODE = ("audio_models", "braille", "catalogue_client", "devices", "voice", "scripts", "tests", "packaging")
SOURCES = (".py", ".toml", ".md", ".html", ".service", ".sh")


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
    """In pages, and in the code's docstrings, which name them from the root and decisions by their number."""
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)
    for source in (path for folder in CODE for path in (ROOT / folder).rglob("*.*") if path.suffix in SOURCES):
        text = source.read_text(encoding="utf-8")
        for link in re.findall(r"\bdocs/[\w/]+\.md\b", text):
            assert (ROOT / link).exists(), (source, link)
        for number in re.findall(r"\bdocs/adr/(\d+)", text):
            assert len(list(ADR.glob(f"{number}-*.md"))) == 1, (source, number)


def decisions() -> dict[str, str]:
    """File name -> text, in the order of their numbers."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(ADR.glob("[0-9]*.md"))}


def test_decisions_are_numbered_without_gaps_and_all_of_them_are_in_the_index() -> None:
    pages = decisions()
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    index = re.findall(r"^- \[(\d{4})\]\((\S+)\) (.+?)(?: \(superseded\))?$", (ADR / "README.md").read_text(), re.M)
    assert {name: f"# {number}. {title}" for number, name, title in index} == {
        name: text.splitlines()[0] for name, text in pages.items()
    }


@pytest.mark.parametrize(("name", "text"), decisions().items(), ids=decisions())
def test_a_decision_has_status_date_context_and_decision(name: str, text: str) -> None:
    head = re.match(r"# \d{4}\. .+\n\n- Status: (.+)\n- Date: \d{4}-\d\d-\d\d\n\n## Context\n\n\S", text)
    assert head is not None
    assert "\n## Decision\n\n" in text
    assert re.match(r"(accepted|proposed|superseded by \[)", head[1]), head[1]


def test_a_superseded_decision_and_its_successor_link_to_each_other() -> None:
    old, new = set(), set()
    for name, text in decisions().items():
        status = re.findall(r"^- Status: (.+)$", text, re.M)[0]
        old |= {(name, other) for other in re.findall(r"superseded by \[\d+\]\(([^)]+)\)", status)}
        new |= {(other, name) for other in re.findall(r"supersedes \[\d+\]\(([^)]+)\)", status)}
    assert old == new
    assert old
    index = (ADR / "README.md").read_text(encoding="utf-8")
    marked = set(re.findall(r"\]\((\S+)\) .+ \(superseded\)$", index, re.M))
    assert marked == {name for name, _ in old}


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
