"""Key codes and what they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import DeskError
from devices.keys import Chord, NamedKey, RoutingKey, bindings, decode


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (0x20010000, RoutingKey(0)),
        (0x20010027, RoutingKey(39)),
        (0x20220003, Chord(0b11)),
        (0x20220000, Chord(0)),
        (0x20000017, NamedKey("FWINLT")),
        (0x20000018, NamedKey("FWINRT")),
        (0x20000001, NamedKey("LNUP")),
        (0x2000001D, NamedKey("HOME")),
        (0x10020000028, NamedKey("CSRTRK")),
        (0xFF0D, NamedKey("Return")),
        (0xFF08, NamedKey("Backspace")),
        (0x62, None),
        (0x200001FF, None),
        (0x20990000, None),
    ],
)
def test_codes(code: int, key: object) -> None:
    assert decode(code) == key


@given(st.integers(0, 2**64 - 1))
def test_a_code_that_nobody_knows_is_no_trouble(code: int) -> None:
    key = decode(code)
    assert key is None or isinstance(key, RoutingKey | Chord | NamedKey)


def test_keys_do_what_brltty_users_know() -> None:
    table = bindings()
    assert (table["FWINLT"], table["FWINRT"], table["LNUP"], table["LNDN"]) == (
        "pan_back", "pan_forward", "line_up", "line_down",
    )  # fmt: skip
    assert (table["HOME"], table["RETURN"], table["BACK"], table["HELP"]) == ("start", "enter", "cancel", "help")


def test_a_desk_may_bind_keys_otherwise_but_not_wrongly() -> None:
    assert bindings({"BACK": "help", "TIME": "nothing"})["BACK"] == "help"
    with pytest.raises(DeskError, match="no key 'FOO'"):
        bindings({"FOO": "help"})
    with pytest.raises(DeskError, match="known actions are"):
        bindings({"BACK": "explode"})
