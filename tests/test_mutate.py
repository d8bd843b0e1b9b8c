"""The mutation tool on a policy of four lines: what it changes, what it calls killed, survived, hanging and stale."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
POLICY = """from dataclasses import dataclass


@dataclass(frozen=True)
class Declared:
    kind: "tuple[int, 3]" = ()


LIMIT = 0.05
UNUSED = 7


def may(confidence: float, asked: bool) -> bool:
    assert confidence < 9
    return asked and confidence >= LIMIT


def wait(left: int) -> None:
    while left > 0:
        left -= 1
"""
SHARP = """from policy import LIMIT, may, wait


def test_policy() -> None:
    assert LIMIT == 0.05
    assert may(0.05, True) and not may(0.0499, True) and not may(0.5, False)
    wait(2)
"""
BLUNT = """from policy import may


def test_policy() -> None:
    assert may(0.9, True) and not may(0.01, True)
"""


@pytest.fixture(scope="module")
def mutation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutation", ROOT / "scripts" / "mutation.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutation"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "policy.py").write_text(POLICY)
    (tmp_path / "test_sharp.py").write_text(SHARP)
    (tmp_path / "test_blunt.py").write_text(BLUNT)
    (tmp_path / "test_broken.py").write_text("def test_it() -> None:\n    assert False\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    return tmp_path


def listed(project: Path, text: str) -> Path:
    path = project / "mutants.toml"
    path.write_text(text)
    return path


def test_it_changes_thresholds_boundaries_conditions_and_what_is_returned(mutation: ModuleType) -> None:
    names = [mutant.name for mutant in mutation.mutants(POLICY, ["LIMIT", "may"])]
    assert names == [
        "LIMIT: 0.05 -> 0.051",
        "LIMIT: 0.05 -> 0.049",
        "may: return asked and confidence >= LIMIT -> return None",
        "may: asked and confidence >= LIMIT -> asked or confidence >= LIMIT",
        "may: confidence >= LIMIT -> confidence > LIMIT",
        "may: confidence >= LIMIT -> confidence < LIMIT",
    ]


def test_each_mutant_differs_from_the_file_in_one_place_and_leaves_the_file_alone(mutation: ModuleType) -> None:
    plain = next(iter(mutation.mutants("x = True\n"))).source
    assert plain == "x = False\n"
    sources = [mutant.source for mutant in mutation.mutants(POLICY)]
    assert len(set(sources)) == len(sources)
    assert ast.unparse(ast.parse(POLICY)) + "\n" not in sources


def test_a_change_is_a_change_also_of_nothing(mutation: ModuleType) -> None:
    assert [one.source for one in mutation.mutants("x = 0.0\n")] == ["x = 0.02\n", "x = -0.02\n"]


def test_a_name_that_is_not_there_is_a_mistake_in_the_list(mutation: ModuleType) -> None:
    with pytest.raises(ValueError, match="there is no gone"):
        list(mutation.mutants(POLICY, ["may", "gone"]))


def test_sharp_tests_kill_everything_and_the_working_tree_stays(
    mutation: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = listed(project, '[[mutants]]\nfile = "policy.py"\nnames = ["LIMIT", "may"]\ntests = ["test_sharp.py"]\n')
    assert mutation.main(["--jobs", "2"], project, path) == 0
    assert "policy.py: 6 of 6 killed" in capsys.readouterr().out
    assert (project / "policy.py").read_text() == POLICY


def test_survivors_are_named_unless_explained(
    mutation: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = '[[mutants]]\nfile = "policy.py"\nnames = ["LIMIT"]\ntests = ["test_blunt.py"]\n'
    assert mutation.main([], project, listed(project, entry)) == 1
    said = capsys.readouterr().out
    assert "0 of 2 killed" in said and "policy.py:9: survived: LIMIT: 0.05 -> 0.049" in said
    explained = '[mutants.equivalent]\n"LIMIT: 0.05 -> 0.051" = "why"\n"LIMIT: 0.05 -> 0.049" = "why"\n'
    assert mutation.main([], project, listed(project, entry + explained)) == 0
    stale = explained + '"LIMIT: 0.06 -> 0.07" = "why"\n'
    assert mutation.main([], project, listed(project, entry + stale)) == 1
    assert "no mutant any more: LIMIT: 0.06 -> 0.07" in capsys.readouterr().out


def test_what_hangs_counts_as_noticed_and_is_ended(
    mutation: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = project / "python"
    hanging.write_text("#!/bin/sh\necho $$ >pid\nexec sleep 1000\n")
    hanging.chmod(0o755)
    one = mutation.Copy(project, project / "build")
    entry = mutation.Entry("policy.py", ("test_sharp.py",))
    pid, limit_s = one.folder / "pid", 0.5
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(hanging))
        while not pid.exists():  # a busy machine may need longer to start it
            assert one.noticed(entry, POLICY.replace("0.05", "0.06"), limit_s)
            limit_s *= 2
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not one.noticed(entry, None), "the file is as it was, also for Python's cache"


def test_tests_that_fail_without_a_change_prove_nothing(
    mutation: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = listed(project, '[[mutants]]\nfile = "policy.py"\ntests = ["test_broken.py"]\n')
    assert mutation.main([], project, path) == 1
    assert "its tests fail without any change" in capsys.readouterr().out


def test_the_list_names_files_functions_and_tests_that_exist(mutation: ModuleType) -> None:
    entries = mutation.read_list()
    assert entries
    for entry in entries:
        names = {mutant.name for mutant in mutation.mutants((ROOT / entry.file).read_text("utf-8"), entry.names)}
        assert names and set(entry.equivalent) <= names, entry.file
        for test in entry.tests:
            assert (ROOT / test.split("::")[0]).exists(), test
