"""Settings of desks, and the files that brltty needs."""

import stat
from pathlib import Path

import pytest

from devices.configuration import brltty_conf, desk_conf, udev_rules, write_key_file
from devices.desk import DeskSettings, desk, drivers
from devices.desk_file import load_desks, one_desk, set_desk
from devices.display_supervisor import test_line as dots_in_turn
from devices.errors import DeskError


def test_no_file_is_no_desks(tmp_path: Path) -> None:
    assert load_desks(tmp_path / "desks.toml") == {}
    with pytest.raises(DeskError, match="Known desks: none yet"):
        one_desk(tmp_path / "desks.toml", "abai-1")


def test_a_desk_is_made_changed_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "desks.toml"
    set_desk(path, "abai-1", {"name": 'Абай "1" \\', "status_cells": "4", "capitals": "yes", "keys.BACK": "help"})
    set_desk(path, "abai-1", {"message_s": "2.5", "keys.TIME": "nothing"})
    set_desk(path, "metro", {"port": "bluetooth:address=00:11:22:33:44:55", "driver": "bm"})
    desks = load_desks(path)
    assert list(desks) == ["abai-1", "metro"]
    assert one_desk(path, "abai-1") == DeskSettings(
        name='Абай "1" \\', status_cells=4, capitals=True, message_s=2.5, keys={"BACK": "help", "TIME": "nothing"}
    )
    assert desks["abai-1"].display.message_s == 2.5
    assert desk({"message_stays": True}).display.message_s is None
    assert desk({"port": "emulated:20"}).emulated_cells == 20
    assert desks["metro"].emulated_cells == 0


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("port", "usb", "Allowed: usb:"),
        ("port", "emulated:81", "Allowed: usb:"),
        ("port", "serial:a b", "Allowed: usb:"),
        ("driver", "zz", "known codes are auto, al"),
        ("status_cells", "5", "less than or equal to 4"),
        ("cells", "many", "valid integer"),
        ("capitals", "perhaps", "valid boolean"),
        ("name", "a\nbraille-driver no", "not in a form"),
        ("wrap", "never", "'words', 'syllables'"),
        ("colour", "red", "there is no such setting"),
        ("keys.NOPE", "help", "no key 'NOPE'"),
        ("keys.BACK", "explode", "known actions"),
        ("server", "somewhere", "not in a form"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed_and_changes_nothing(
    tmp_path: Path, key: str, value: str, sentence: str
) -> None:
    path = tmp_path / "desks.toml"
    set_desk(path, "abai-1", {"name": "Abai"})
    with pytest.raises(DeskError, match=sentence):
        set_desk(path, "abai-1", {key: value})
    assert load_desks(path) == {"abai-1": DeskSettings(name="Abai")}


def test_every_mistake_of_a_file_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "desks.toml"
    path.write_text("[a]\nport = 'x'\ngrade = 3\n[B]\n[c]\ncolour = 1\n", encoding="utf-8")
    with pytest.raises(DeskError) as mistakes:
        load_desks(path)
    lines = str(mistakes.value).splitlines()
    assert [line.split("]")[0].strip() for line in lines[1:]] == ["[a", "[a", "[B", "[c"]
    path.write_text("a = ", encoding="utf-8")
    with pytest.raises(DeskError, match="cannot be read"):
        load_desks(path)
    path.write_text("name = 'x'", encoding="utf-8")
    with pytest.raises(DeskError, match="needs mending"):
        load_desks(path)


def test_the_configuration_of_brltty(tmp_path: Path) -> None:
    key = tmp_path / "brlapi.key"
    text = desk_conf(desk({"driver": "fs", "port": "usb:", "cursor_blinks": True}), 17, key)
    settings = [line.split(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    assert ["braille-driver", "fs"] in settings
    assert ["braille-device", "usb:"] in settings
    assert ["api-parameters", f"Auth=keyfile:{key},Host=127.0.0.1:17"] in settings
    assert "blinking-screen-cursor=yes" in text
    assert "Auth=none" in brltty_conf("bm", "serial:x", 1, None)
    assert "blinking-screen-cursor=no" in brltty_conf("bm", "serial:x", 1, None)
    with pytest.raises(DeskError, match="DAUYS_HOME"):
        brltty_conf("bm", "usb:", 1, Path("/home/a b/key"))


def test_the_key_is_random_and_not_for_everybody(tmp_path: Path) -> None:
    one, other = tmp_path / "new" / "one", tmp_path / "other"
    write_key_file(one)
    write_key_file(other)
    assert one.read_text() != other.read_text()
    assert len(one.read_text().strip()) == 64
    assert stat.S_IMODE(one.stat().st_mode) == 0o640
    before = one.read_text()
    one.chmod(0o666)
    write_key_file(one)
    assert one.read_text() == before
    assert stat.S_IMODE(one.stat().st_mode) == 0o640
    with pytest.raises(DeskError, match="cannot be written"):
        write_key_file(one / "below-a-file")


def test_rules_for_usb() -> None:
    rules = udev_rules(desk({"driver": "fs"}), "library").splitlines()
    assert rules[-1] == 'SUBSYSTEM=="usb", ATTR{idVendor}=="0f4e", GROUP="library", MODE="0660"'
    assert all(line.startswith(("#", "SUBSYSTEM==")) for line in rules)
    assert 'ATTR{idProduct}=="fe77"' in udev_rules(desk({"driver": "bm"}))
    assert udev_rules(DeskSettings()).count("SUBSYSTEM") > 30
    for values in ({"port": "serial:ttyS0"}, {"server": ":0"}, {"driver": "ts"}):
        assert udev_rules(desk(values)) == ""


def test_every_driver_has_a_name_and_sound_usb_numbers() -> None:
    for code, family in drivers().items():
        assert len(code) == 2
        assert family["name"]
        for numbers in family.get("usb", ()):
            assert all(len(part) == 4 and int(part, 16) >= 0 for part in numbers.split(":"))


def test_the_test_line_raises_every_dot_alone_and_all_together() -> None:
    cells = dots_in_turn(12)[0].cells
    assert cells[:9] == bytes([1, 2, 4, 8, 16, 32, 64, 128, 255])
    assert len(cells) == 12
    assert len(dots_in_turn(0)[0].cells) == 0
