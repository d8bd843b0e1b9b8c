"""The public face of each package: what it exports is there, documented and all there is; its README's example runs."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import io
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import test_house as house
from tests.rig.brlapi_server import fake_server

ROOT = Path(__file__).parent.parent
FACES = ("audio_models", "braille", "devices")
ROUTE = 0x20010000
"""BrlAPI's command of the first routing key."""


@pytest.mark.parametrize("package", FACES)
def test_what_is_public_is_exported_and_in_order(package: str) -> None:
    face = importlib.import_module(package)
    public = {name for name, value in vars(face).items() if name[0] != "_" and not isinstance(value, ModuleType)}
    assert face.__all__ == sorted(public)


@pytest.mark.parametrize("package", FACES)
def test_what_is_exported_is_documented(package: str) -> None:
    face = importlib.import_module(package)
    exported = {name: getattr(face, name) for name in face.__all__}
    bare = {
        name
        for name, value in exported.items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and not (value.__doc__ or "").strip()
    }
    assert bare == set()


def blocks(package: str, kind: str) -> list[str]:
    return re.findall(
        rf"^```{kind}\n(.*?)^```", (ROOT / package / "README.md").read_text(encoding="utf-8"), re.S | re.M
    )


def run(package: str) -> tuple[dict[str, Any], str]:
    """The names that the README's example makes, and what it prints."""
    (example,) = blocks(package, "python")
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(example, f"{package}/README.md", "exec"), names)
    return names, printed.getvalue()


@pytest.mark.parametrize("package", ["audio_models", "braille", "voice"])
def test_the_example_prints_what_the_readme_says(package: str) -> None:
    (said,) = blocks(package, "text")
    assert run(package)[1] == said


async def test_the_example_of_the_displays_returns_the_line_that_is_chosen() -> None:
    names, _ = run("devices")
    async with fake_server(40, 2) as (server, address):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            task = asyncio.create_task(names["choose"](address))
            await server.until(lambda: server.shown == b"\x01" * 40 + b"\x03" * 40)
            server.press(ROUTE + 40)
            assert await asyncio.wait_for(task, 15) == 1
        assert printed.getvalue() == "Fake: 40 cells, 2 lines\n"


@pytest.mark.parametrize("package", FACES)
def test_every_module_in_the_table_of_the_readme_is_there(package: str) -> None:
    rows = re.findall(r"^\| (`.+?`) \| ", (ROOT / package / "README.md").read_text(encoding="utf-8"), re.M)
    named = {name for row in rows for name in re.findall(r"`([\w/]+)`", row)}
    assert named
    assert {
        name for name in named if not (ROOT / package / name).exists() and not (ROOT / package / f"{name}.py").exists()
    } == set()


READMES = [path for package in house.PACKAGES for path in sorted((ROOT / package).rglob("README.md"))]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_readme_names_is_in_its_package(readme: Path) -> None:
    package = ROOT / readme.relative_to(ROOT).parts[0]
    there = {path.name for path in package.rglob("*.*")}
    assert set(re.findall(r"`(\w+\.(?:py|toml))`", readme.read_text(encoding="utf-8"))) <= there
