"""scripts/install into an empty folder and once more over it: with the real systemctl, without starting anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voice.operations.backup_archive import verify_archive

ROOT = Path(__file__).parent.parent
SET_UP = """#!/usr/bin/env bash
# Stands for the one that installs packages: that one is tried by every scripts/test.
mkdir -p "$(dirname "$0")/../.venv/bin"
ln -sf {dauys} "$(dirname "$0")/../.venv/bin/dauys"
"""

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(os.geteuid() != 0, reason="scripts/install runs as root"),
    pytest.mark.skipif(not shutil.which("systemctl"), reason="systemd is not installed here"),
]


def install(source: Path, root: Path) -> str:
    done = subprocess.run(
        [source / "scripts" / "install"], capture_output=True, text=True, env={**os.environ, "DAUYS_ROOT": str(root)}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_installs_and_an_upgrade_saves_the_state_first(tmp_path: Path) -> None:
    source, root = tmp_path / "source", tmp_path / "root"
    (source / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "install", source / "scripts")
    shutil.copytree(ROOT / "packaging", source / "packaging")
    set_up = source / "scripts" / "set-up"
    set_up.write_text(SET_UP.format(dauys=Path(sys.executable).with_name("dauys")))
    set_up.chmod(0o755)
    assert str(root) in install(source, root)
    state, saved = root / "var/lib/dauys", root / "var/backups/dauys"
    assert state.stat().st_mode & 0o777 == 0o700
    assert saved.stat().st_mode & 0o777 == 0o700
    unit = root / "etc/systemd/system/dauys.service"
    assert unit.read_bytes() == (ROOT / "packaging" / "dauys.service").read_bytes()
    assert (root / "etc/systemd/system/multi-user.target.wants/dauys.service").is_symlink()
    assert 'GROUP="dauys"' in (root / "etc/udev/rules.d/60-dauys.rules").read_text()
    assert not list(saved.iterdir())
    dauys = [root / "opt/dauys/.venv/bin/dauys", "ask", "сәлем"]
    subprocess.run(dauys, env={**os.environ, "DAUYS_HOME": str(state)}, capture_output=True, check=True)
    install(source, root)
    [archive] = saved.iterdir()
    assert "library.sqlite" in verify_archive(archive)
    (state / "library.sqlite").write_bytes(b"no database")
    broken = subprocess.run(
        [source / "scripts" / "install"], capture_output=True, text=True, env={**os.environ, "DAUYS_ROOT": str(root)}
    )
    assert broken.returncode == 1
    assert "nothing was upgraded" in broken.stderr
