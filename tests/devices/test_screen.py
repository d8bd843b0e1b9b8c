"""The window on a text that is longer than the display."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.screen import DisplayRow, Screen, window
from devices.status import Mode, status_cells


def rows(*lengths: int) -> list[DisplayRow]:
    """Lines of so many rows each; every row shows its line's number + 1 and is about that result."""
    return [DisplayRow(bytes([line + 1]), line, line) for line, length in enumerate(lengths) for _ in range(length)]


screens = st.builds(
    lambda lengths, columns, lines, status: window(lambda width: rows(*lengths), columns, lines, bytes(status)),
    st.lists(st.integers(1, 4), max_size=6),
    st.integers(0, 80),
    st.integers(0, 4),
    st.integers(0, 4),
)
moves = st.lists(
    st.sampled_from([Screen.forward, Screen.back, Screen.line_down, Screen.line_up, Screen.start, Screen.end]),
    max_size=12,
)


@given(screens, moves)
def test_forward_and_back_is_the_same_window(screen: Screen, path: list) -> None:
    for move in path:
        screen = move(screen)
    there = screen.forward()
    assert there.back() == screen or there == screen


@given(screens, moves)
def test_wherever_one_goes_the_window_is_on_the_text_and_full_of_cells(screen: Screen, path: list) -> None:
    for move in path:
        screen = move(screen)
        assert 0 <= screen.top < max(1, len(screen.rows))
        assert len(screen.cells()) == screen.columns * screen.lines


@given(screens, moves, st.integers(0, 400))
def test_a_routing_key_means_a_row_that_is_there(screen: Screen, path: list, cell: int) -> None:
    for move in path:
        screen = move(screen)
    found = screen.row_at(cell)
    if found is not None:
        row, column = found
        assert row in screen.rows[screen.top : screen.top + screen.lines]
        assert 0 <= column < screen.width


def test_every_cell_of_a_row_means_its_result() -> None:
    screen = window(lambda width: rows(1, 2), 40, 2)
    assert [screen.row_at(cell)[0].region for cell in (0, 39, 40, 79)] == [0, 0, 1, 1]
    assert screen.row_at(80) is None


def test_line_keys_go_from_line_to_line() -> None:
    screen = window(lambda width: rows(2, 3, 1), 40, 1)
    down = [screen := screen.line_down() for _ in range(3)]
    assert [one.top for one in down] == [2, 5, 5]
    assert screen.line_up().top == 2
    assert screen.line_up().forward().line_up().top == 2
    assert screen.at_line(1).top == 2
    assert screen.at_line(99).top == 5


def test_the_end_is_the_last_window_that_panning_reaches() -> None:
    screen = window(lambda width: rows(5), 40, 2)
    assert screen.end() == screen.forward().forward()
    assert screen.end().at_end
    assert screen.end().forward() == screen.end()
    assert window(lambda width: [], 40, 1).end().cells() == bytes(40)


def test_status_cells_take_their_place_from_the_text_and_choose_nothing() -> None:
    screen = window(lambda width: [DisplayRow(b"\xff" * width, 3)], 12, 2, bytes(4))
    assert screen.width == 8
    assert screen.cells() == bytes(4) + b"\xff" * 8 + bytes(12)
    assert screen.row_at(3) is None
    assert screen.row_at(4) == (screen.rows[0], 0)
    assert window(lambda width: [], 10, 1, bytes(4)).width == 10


def test_the_cursor_is_counted_from_one_through_all_cells() -> None:
    layout = [DisplayRow(b"\x01"), DisplayRow(b"\x01\x03", cursor=1)]
    assert window(lambda width: layout, 20, 2, bytes(2)).cursor() == 20 + 2 + 1 + 1
    assert window(lambda width: layout, 20, 1).cursor() == 0


@pytest.mark.parametrize("columns", [0, 1, 3])
def test_a_display_of_hardly_any_cells_is_no_trouble(columns: int) -> None:
    screen = window(lambda width: rows(2), columns, 1, bytes(4))
    assert len(screen.forward().cells()) == columns


@pytest.mark.parametrize(
    ("count", "region", "cells"),
    [
        (0, 2, ""),
        (1, 2, "07"),
        (2, 2, "0700"),
        (3, 2, "000900"),
        (4, 11, "07010300"),
        (4, None, "07000000"),
        (3, 104, "001100"),
    ],
)
def test_status_cells(count: int, region: int | None, cells: str) -> None:
    assert status_cells(count, Mode.LISTENING, region).hex() == cells
