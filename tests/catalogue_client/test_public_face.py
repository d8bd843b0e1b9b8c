"""What the package shows to other programs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import catalogue_client

README = Path(catalogue_client.__file__).with_name("README.md")


def test_every_exported_name_exists_and_is_documented() -> None:
    for name in catalogue_client.__all__:
        exported = getattr(catalogue_client, name)
        assert inspect.getdoc(exported), name


def test_nothing_else_is_public() -> None:
    public = {
        name
        for name, value in vars(catalogue_client).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public <= set(catalogue_client.__all__)
    assert not hasattr(catalogue_client, "Database")
    assert sorted(catalogue_client.__all__) == catalogue_client.__all__


def test_values_and_errors_come_without_the_database() -> None:
    seen = "import sys, catalogue_client; catalogue_client.Query; print('sqlalchemy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", seen], text=True, cwd=README.parents[1]) == "False\n"


def test_the_example_of_the_readme_does_what_it_says() -> None:
    text = README.read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], text=True, capture_output=True, cwd=README.parents[1])
    assert (done.stdout, done.returncode) == (printed, 0), done.stderr
