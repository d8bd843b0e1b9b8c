"""The guide to Braille desks says what the program does."""

import ast
import re
from pathlib import Path

from devices.desk import DeskSettings
from devices.keys import bindings

GUIDE = (Path(__file__).parents[2] / "docs" / "braille_desk.md").read_text(encoding="utf-8")


def test_every_setting_is_explained_with_its_default() -> None:
    for name, field in DeskSettings.model_fields.items():
        assert f"`{name}`" in GUIDE, name
        if field.default not in ("", {}, None):
            assert f"`{str(field.default).lower().removesuffix('.0')}`" in GUIDE, (name, field.default)


def test_every_action_of_a_key_is_explained() -> None:
    for action in set(bindings().values()):
        assert f"`{action}`" in GUIDE, action


def test_every_command_of_the_table_is_bound_as_it_says() -> None:
    section = GUIDE.partition("## Keys")[2].partition("##")[0]
    rows = re.findall(r"^\| ([A-Z_, ]+) \| [^|]*\|", section, flags=re.MULTILINE)
    commands = {name for row in rows for name in row.split(", ")}
    assert len(commands) > 15
    assert commands <= set(bindings())


def test_the_programs_can_be_read() -> None:
    programs = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)
    assert len(programs) == 2
    for program in programs:
        ast.parse(program)
