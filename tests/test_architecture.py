"""The page of the architecture says what holds, and every path that a page names is there."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from tests import test_house as house
from voice.configuration.settings import Settings

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
"""Without the decisions, which name what there was on their day."""
TOPS = "|".join((*house.PACKAGES, "scripts", "tests", "packaging", "docs"))
ROW = re.compile(r"^\| `([\w/]+)` \| [^|]+ \| ([^|]+) \|$", re.M)
"""A room, what it is, what it may import."""


def quoted(text: str) -> frozenset[str]:
    return frozenset(name.replace("/", ".") for name in re.findall(r"`([\w/*]+)`", text))


def groups(page: str) -> dict[str, frozenset[str]]:
    """Name of a group of rooms -> its rooms; a group may name another."""
    found: dict[str, frozenset[str]] = {}
    for name, members in reversed(re.findall(r"^- ([\w/*`]+): ((?:`[\w/*]+`(?:,\s+)?)+)$", page, re.M)):
        rooms = quoted(members)
        found[name.strip("`").replace("/", ".")] = frozenset().union(*(found.get(room, {room}) for room in rooms))
    return found


def allowed(cell: str, known: dict[str, frozenset[str]]) -> frozenset[str]:
    """The rooms of a cell such as "leaves, `voice/assistant`" or "`catalogue_client/*` but `catalogue_client/seed`"."""
    most, _, but = cell.partition(" but ")
    words = {word.strip("`").replace("/", ".") for word in most.split(", ")} - {"nothing more"}
    return frozenset().union(*(known.get(word, {word}) for word in words)) - quoted(but)


def test_the_table_of_rooms_is_the_one_that_is_enforced() -> None:
    page = PAGE.read_text(encoding="utf-8")
    known = groups(page)
    assert {"leaves", "sentence", "catalogue_client.*"} <= set(known)
    table = {room.replace("/", "."): allowed(cell, known) for room, cell in ROW.findall(page)}
    assert table == house.MAY_IMPORT


def named_paths(text: str) -> set[str]:
    """Paths from the root of the repository, without what a sentence puts after them."""
    return set(re.findall(rf"(?<![\w/.-])((?:{TOPS})/[\w./-]*[\w/])", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    missing = {path for path in named_paths(page.read_text(encoding="utf-8")) if not (ROOT / path).exists()}
    rooms = {room.replace(".", "/") for room in house.MAY_IMPORT}  # written without .py where one is a module
    assert missing - rooms == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_module_that_a_page_names_is_there(page: Path) -> None:
    """Dotted names in code: `python -m audio_models.training`, `braille.cells.to_unicode`; [voice] is a setting too."""
    settings = {f"voice.{key}" for key in type(Settings().voice).model_fields}
    for code in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
        for name in re.findall(rf"(?<![\w/.-])((?:{'|'.join(house.PACKAGES)})(?:\.\w+)+)(?![\w/])", code):
            assert name in settings or exists(name), (page.name, name)


def exists(name: str) -> bool:
    """Whether this is a module, or a public name of one."""
    try:
        if importlib.util.find_spec(name):
            return True
    except ModuleNotFoundError:
        pass
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), attribute)
    except ImportError:
        return False


def test_the_tree_of_the_readme_names_the_rooms_that_there_are() -> None:
    """Each room of the assistant once, each folder a folder."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Where to look in the code")[2].partition("\n## ")[0]
    tops = re.findall(r"^    (\w+)/ ", section, re.M)
    rooms = re.findall(r"^      (\w+)/ ", section, re.M)
    assert {*house.PACKAGES, "docs", "scripts", "tests"} <= set(tops)
    assert all((ROOT / top).is_dir() for top in tops)
    assert sorted(rooms) == sorted(path.parent.name for path in (ROOT / "voice").glob("*/__init__.py"))


def test_the_worked_example_of_a_feature_is_in_the_code() -> None:
    example = PAGE.read_text(encoding="utf-8").partition("### An example")[2]
    rows = re.findall(r"^\| \d \| `([^`]+)` \| `([^`]+)` \| .+ \|$", example, re.M)
    assert {"tests", "voice", "catalogue_client"} <= {path.partition("/")[0] for path, _ in rows}
    assert not [(path, word) for path, word in rows if word not in (ROOT / path).read_text(encoding="utf-8")]
