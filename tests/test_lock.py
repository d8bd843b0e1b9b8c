"""The lock files say what pyproject.toml asks for, with checksums for every processor, and do not name an index."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = {"": ROOT / "requirements.lock"} | {
    extra: ROOT / f"requirements-{extra}.lock" for extra in ("embeddings", "test", "bench")
}
BESIDE = {
    "": [""],
    "embeddings": ["", "embeddings"],
    "test": ["", "test"],
    "bench": ["", "test", "bench"],
    "station": ["", "station"],
}
"""Extra -> the files that are installed together for it."""
NOT_LOCKED = {"training"}
COMPILED = ("vosk", "numpy", "cryptography", "webrtcvad-wheels", "rapidfuzz", "soxr", "aec-audio-processing")
"""With wheels for x86-64 and aarch64, besides others."""


def locked(extra: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Name -> what is required of it, one version, and its checksums."""
    text = FILES[extra].read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=sha256:", line)
            parsed = Requirement(requirement)
            found[canonicalize_name(parsed.name)] = (parsed, [one.strip() for one in hashes])
    return found


def asked_for(extra: str) -> list[Requirement]:
    project = PROJECT["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(line) for line in (lines if extra else [*lines, *PROJECT["build-system"]["requires"]])]


def version_of(requirement: Requirement) -> Version:
    [only] = requirement.specifier
    assert only.operator == "=="
    return Version(only.version)


@pytest.mark.parametrize("extra", FILES)
def test_what_pyproject_asks_for_is_locked_at_a_version_that_it_allows(extra: str) -> None:
    for wanted in asked_for(extra):
        found, _ = locked(extra)[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version_of(found)), wanted
        for python in ("3.11", "3.13"):
            there = {"python_version": python, "python_full_version": f"{python}.0"}
            markers = [one.marker is None or one.marker.evaluate(there) for one in (wanted, found)]
            assert markers[0] == markers[1], (wanted, python)


def test_every_extra_is_locked_but_the_one_that_depends_on_the_machine() -> None:
    assert set(PROJECT["project"]["optional-dependencies"]) == {*FILES, *NOT_LOCKED} - {""}


@pytest.mark.parametrize("extra", FILES)
def test_every_line_has_one_version_and_checksums(extra: str) -> None:
    for requirement, hashes in locked(extra).values():
        assert version_of(requirement)
        assert hashes and all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes), requirement


@pytest.mark.parametrize("extra", FILES)
def test_files_that_are_installed_together_name_nothing_twice(extra: str) -> None:
    names = [name for beside in BESIDE[extra] for name in locked(beside)]
    assert sorted(names) == sorted(set(names))


def test_compiled_packages_have_more_than_one_file() -> None:
    everything = {name: hashes for extra in FILES for name, (_, hashes) in locked(extra).items()}
    for name in COMPILED:
        assert len(everything[name]) >= 3, name


def test_no_lock_file_names_an_index_or_an_address() -> None:
    for path in FILES.values():
        assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|@ ", path.read_text(encoding="utf-8"))


def test_set_up_installs_from_the_lock_files_and_notices_when_they_change() -> None:
    script = (ROOT / "scripts" / "set-up").read_text(encoding="utf-8")
    for extra in ("", "test", "bench"):
        names = " ".join(FILES[beside].name for beside in BESIDE[extra])
        assert f"locks='{names}'" in script
    assert "--require-hashes" in script
    assert re.search(r"sha256sum scripts/debian-packages.txt pyproject.toml \$locks", script)


def test_nothing_but_locked_files_is_installed(tmp_path: Path) -> None:
    """set-up with a pip that notes its arguments: each call is held by checksums or installs no dependency."""
    for name in ("set-up", "debian-packages.txt"):
        (tmp_path / "scripts").mkdir(exist_ok=True)
        (tmp_path / "scripts" / name).write_bytes((ROOT / "scripts" / name).read_bytes())
    (tmp_path / "scripts" / "set-up").chmod(0o755)
    (tmp_path / "scripts" / "debian-packages.txt").write_text("[run]\n[test]\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for path in FILES.values():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{tmp_path}/asked\n')
    python.chmod(0o755)

    def asked() -> list[str]:
        subprocess.run([tmp_path / "scripts" / "set-up", "bench"], check=True, capture_output=True)
        return (tmp_path / "asked").read_text().splitlines()

    first = asked()
    assert len(first) == 2
    assert "--require-hashes" in first[0] and all(FILES[each].name in first[0] for each in BESIDE["bench"])
    assert "--no-deps" in first[1] and "--no-build-isolation" in first[1]
    assert asked() == first, "nothing changed, so nothing is to be done"
    with (tmp_path / "requirements-test.lock").open("a") as lock:
        lock.write("# changed\n")
    assert len(asked()) == 4
