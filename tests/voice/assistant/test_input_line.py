"""A line being typed: edited at its cursor, read on any display with its question, hidden digit for digit."""

from __future__ import annotations

import pytest

from braille import translate
from devices import DisplayRow
from devices.screen import window
from voice.assistant.desk.input_line import HIDDEN_CELL, InputLine


def typed(cells: bytes) -> InputLine:
    line = InputLine()
    for cell in cells:
        line = line.press(cell)
    return line


def question(width: int) -> list[DisplayRow]:
    return [DisplayRow(b"\x3e" * width, region=2), DisplayRow(b"\x3e")]


def test_cells_come_in_and_go_where_the_cursor_is() -> None:
    line = typed(b"\x01\x03\x09")
    assert line.at(1).press(0x11) == InputLine(b"\x01\x11\x03\x09", 2)
    assert line.at(1).erase() == InputLine(b"\x03\x09", 0)
    assert line.at(0).erase() == line.at(0)
    assert line.at(99).place == 3


@pytest.mark.parametrize("width", [1, 8, 12, 40])
def test_every_cell_of_a_long_line_and_its_question_can_be_read(width: int) -> None:
    line = typed(bytes(range(1, 61)))
    screen = window(line.layout(question), width, 1).at_cursor()
    assert screen.cursor() == 60 % width + 1
    while screen.top:
        screen = screen.back()
    seen = b""
    while True:
        seen += screen.cells()
        if screen.at_end:
            break
        screen = screen.forward()
    assert seen.rstrip(b"\0")[2 * width :] == line.cells
    assert seen[: width + 1] == b"\x3e" * (width + 1)
    assert all(row.region is None for row in line.layout(question)(width))


def test_many_rows_show_question_and_line_together() -> None:
    screen = window(typed(b"\x01\x03").layout(question), 32, 10).at_cursor()
    assert screen.top == 0 and screen.row_at(2 * 32) == (DisplayRow(b"\x01\x03", None, 1, 2, (), 0), 0)


@pytest.mark.parametrize("digits", ["2", "2580", "100001"])
@pytest.mark.parametrize("sign", [True, False])
def test_a_pin_is_as_many_full_cells_as_digits(digits: str, sign: bool) -> None:
    cells = translate(digits, "kk").cells
    shown = typed(cells if sign else cells[1:]).shown(hidden=True)
    assert (shown.cells, shown.place) == (bytes([HIDDEN_CELL]) * len(digits), len(digits))
