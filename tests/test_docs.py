"""The documentation builds, every command in it is one that Dauys has, and those of the operations page work."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pymarc
import pytest
from click.testing import CliRunner

from voice.cli.main import _known_errors, dauys

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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_mentioned_is_there(page: Path) -> None:
    """In code: `dauys WORD …` and `scripts/run WORD …`, with the options that they are given."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```.*?\n(.*?)^ *```", text, re.S | re.M)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M)
    lines += re.findall(r"^ {4,}(.+)$", prose.replace("\\\n", " "), re.M)
    lines += [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose)]
    for line in lines:
        for words in re.findall(r"(?:^|[|;(] *|\$ |^ *)(?:dauys|scripts/run)((?: [^ |;)#]+)*)", line):
            check(words, line)


def test_every_command_that_the_code_mentions_is_there() -> None:
    for folder in CODE:
        for source in (path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".toml", ".html")):
            for words in re.findall(r"`(?:dauys|scripts/run)( [^`\n]+)`", source.read_text(encoding="utf-8")):
                check(re.sub(r"\{\w+\}", "X", words), f"{source}: {words}")


def check(command: str, line: str) -> None:
    """Follow the words through the commands; after the last of them come arguments and options."""
    words = shlex.split(command, comments=True)
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


def leaves(group: click.Group = dauys, path: str = "dauys") -> dict[str, click.Command]:
    """Every command that does something, by its words: "dauys models list"."""
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        words = f"{path} {name}"
        found |= leaves(command, words) if isinstance(command, click.Group) else {words: command}
    return found


def sections() -> dict[str, str]:
    """Command -> its section of the page of commands."""
    parts = re.split(r"^### `(.+)`$|^## .+$", (DOCS / "commands.md").read_text(encoding="utf-8"), flags=re.M)
    return {name: text for name, text in zip(parts[1::2], parts[2::2], strict=True) if name}


def test_the_page_of_commands_has_every_command_and_no_other() -> None:
    assert set(sections()) == set(leaves())


@pytest.mark.parametrize("name", leaves())
def test_a_command_is_explained_with_its_options_an_example_and_its_exit_status(name: str) -> None:
    section = sections()[name]
    examples = [line for kind in ("sh", "console") for line in fenced(section, kind)]
    assert any(re.search(rf"(^|\$ |\| |\d )({name})\b", line) for line in examples)
    assert re.search(r"^Exit status: \d", section, re.M)
    for parameter in leaves()[name].params:
        if isinstance(parameter, click.Option):
            assert any(re.search(rf"{option}\b", section) for option in parameter.opts), parameter.opts


def fenced(text: str, kind: str) -> list[str]:
    blocks = re.findall(rf"^ *```{kind}\n(.*?)^ *```", text, re.S | re.M)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


EXAMPLE = re.compile(
    r"(?:(?:echo|printf) (?P<input>.+?) \| )?dauys (?P<words>.+?)(?: > (?P<file>\S+))?"
    r"(?: +# exit status (?P<status>\d))?"
)


def test_the_examples_of_commands_do_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one process and one folder, in the order of the page: what a shell would do with them, without its start."""
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    Path("state").mkdir(mode=0o700)
    record = pymarc.Record()
    record.add_field(pymarc.Field("245", pymarc.Indicators("0", "0"), [pymarc.Subfield("a", "The Lost Book")]))
    Path("catalogue.mrc").write_bytes(record.as_marc())
    lines = fenced((DOCS / "commands.md").read_text(encoding="utf-8"), "sh")
    assert len(lines) > 40
    for line in lines:
        example = EXAMPLE.fullmatch(line)
        assert example is not None, line
        given = " ".join(shlex.split(example["input"] or "")).replace("\\n", "\n")
        done = CliRunner().invoke(dauys, shlex.split(example["words"]), input=given + "\n")
        status = 1 if isinstance(done.exception, _known_errors()) else done.exit_code
        if done.exception and not isinstance(done.exception, (SystemExit, *_known_errors())):
            raise done.exception
        assert status == int(example["status"] or 0), (line, done.output, done.exception)
        if example["file"]:
            assert done.stdout_bytes, line
        if line.startswith("printf"):
            assert "1001" in done.stdout, done.stdout
