"""Places: what they are called, when they exist, which are near."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from catalogue_client.errors import NotFound, StorageError
from catalogue_client.places.place_directory import load_places
from tests.catalogue_client.clock import ALMATY

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ALMATY)
BEFORE = datetime(2025, 11, 13, 10, 0, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("said", "place_id"),
    [
        ("Чехов кітапханасы", "chekhov"),
        ("библиотека чехова", "chekhov"),
        ("Chekhov library", "chekhov"),
        ("Жамбыл кітапханасында", "jambyl"),
        ("Абай метросы", "metro-abay"),
        ("метро абая", "metro-abay"),
        ("станция метро жибек жолы", "metro-jibek-joly"),
        ("Мәскеу метро станциясы", "metro-moskva"),
        ("азия парк", "mall-asia-park"),
        ("спутник", "mall-sputnik"),
        ("четырнадцатая библиотека", "no-14"),
        ("қырық бесінші кітапхана", "no-45"),
        ("цон медеуского района", "service-medeu"),
        ("Түрксіб жастар орталығы", "youth-turksib"),
        ("алатау хаб", "alatau-hub"),
        ("центральная", "chekhov"),
        ("орталық", "chekhov"),
        ("central", "chekhov"),
        ("алмалы", "metro-almaly"),
        ("ауэзова", "auezov"),
        ("юношеская", "jambyl"),
        ("медеу", "service-medeu"),
        ("хаб", "alatau-hub"),
        ("креативный хаб", "alatau-hub"),
        ("Алатау хабында", "alatau-hub"),
        ("алатау кітапханасы", "alatau-hub"),
        ("чехов", "chekhov"),
        ("Чехов кітапханасында", "chekhov"),
        ("Чехов кітапханасынан", "chekhov"),
        ("чеховта", "chekhov"),
        ("в чехова", "chekhov"),
        ("номер четыре", "no-4"),
        ("библиотека номер 14", "no-14"),
    ],
)
async def test_place_is_found_as_it_is_said(said: str, place_id: str) -> None:
    assert (await load_places().find_place(said, NOW))[0].id == place_id


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("алатау", {"metro-alatau", "alatau-hub"}),
        ("алатауда", {"metro-alatau", "alatau-hub"}),
        ("алатау метросында", {"metro-alatau"}),
        ("ауэзова", {"auezov", "metro-auezov", "service-auezov"}),
        ("метро ауэзова", {"metro-auezov"}),
        ("әуезов кітапханасында", {"auezov"}),
        ("молодежный центр", {"youth-medeu", "youth-turksib"}),
        ("youth center", {"youth-medeu", "youth-turksib"}),
        ("хаб", {"alatau-hub"}),
        ("библиотека номер 14", {"no-14"}),
    ],
)
async def test_a_name_of_several_places_brings_them_all_and_its_kind_tells_them_apart(
    said: str, places: set[str]
) -> None:
    assert {place.id for place in await load_places().find_place(said, NOW)} == places


async def test_the_kind_of_place_may_stand_elsewhere_in_the_wish_or_alone() -> None:
    (found,) = await load_places().find_place("әуезов", NOW, "әуезов кітапханасы қашан ашық")
    assert found.id == "auezov"
    assert {one.kind for one in await load_places().find_place("библиотека", NOW)} == {"branch"}
    assert all(one.id.startswith("metro-") for one in await load_places().find_place("станция метро", NOW))


@pytest.mark.parametrize("said", ["", "марс планетасы", "!!!", "қонақүй"])
async def test_what_is_no_place_is_not_found(said: str) -> None:
    assert await load_places().find_place(said, NOW) == ()


async def test_places_come_and_change_with_time() -> None:
    directory = load_places()
    before = {place.id: place for place in await directory.places(BEFORE)}
    now = {place.id: place for place in await directory.places(NOW)}
    assert now.keys() - before.keys() == {"rozybakiev", "belger"}
    assert {one for one, place in before.items() if place.round_the_clock} == {"alatau-hub", "auezov", "jambyl"}
    assert {one for one, place in now.items() if place.round_the_clock} > {"writers", "chekhov", "belger", "rozybakiev"}
    assert sum(place.equipped for place in now.values()) == 7
    assert sum(place.kind == "station" for place in now.values()) == 15


async def test_every_place_can_be_spoken_of_in_three_languages() -> None:
    for place in await load_places().places(NOW):
        assert set(place.names) == set(place.located) == {"kk", "ru", "en"}, place.id
        assert place.located["kk"][-2:] in ("да", "де"), place.id
        assert all(0 <= hours.opens < hours.closes <= 1440 for hours in place.hours)
        assert len(place.hours) in (0, 7)


def test_near_is_what_is_known_to_be_near() -> None:
    directory = load_places()
    assert directory.distance("metro-abay", "metro-abay") == 0
    assert directory.distance("metro-abay", "metro-almaly") < directory.distance("metro-abay", "metro-alatau")
    assert directory.distance("service-medeu", "youth-medeu") < directory.distance("service-medeu", "chekhov")
    with pytest.raises(NotFound):
        directory.place("none")
    assert directory.by_code("Библиотека № 14") == directory.by_code("no-14") == "no-14"
    assert directory.by_code("RU-RKP") is None


def test_a_library_has_places_of_its_own_in_the_state_folder(tmp_path: Path) -> None:
    own = tmp_path / "places.toml"
    table = '[[place]]\nid = "{}"\nkind = "branch"\nnames = {{ kk = "{}", ru = "{}", en = "{}" }}\n'
    own.write_text(table.format("chekhov", *["Жаңа атау"] * 3) + table.format("own", *["Өз кітапханам"] * 3))
    directory = load_places(tmp_path)
    assert (directory.name("chekhov"), directory.by_code("Өз кітапханам")) == ("Жаңа атау", "own")
    assert directory.by_code("no-14") == "no-14"
    own.write_text("only_these = true\n" + own.read_text())
    assert load_places(tmp_path).by_code("no-14") is None
    own.write_text("[[place]]\nid = 1\n")
    with pytest.raises(StorageError, match="cannot be used"):
        load_places(tmp_path)
