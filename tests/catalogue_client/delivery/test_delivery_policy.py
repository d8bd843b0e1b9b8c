"""Rules as data: windows, blackout days, the city, weights, what a note may say, mistakes in the file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from catalogue_client.delivery.delivery_policy import RULES, Blackout, Round, load_delivery_policy
from catalogue_client.delivery.eligibility import for_courier, outside
from catalogue_client.delivery.outbox import LONGEST_WAIT_S, wait_s
from catalogue_client.delivery.windows import free, windows
from catalogue_client.errors import StorageError
from tests.catalogue_client.clock import ALMATY

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=ALMATY)


def test_windows_keep_to_weekdays_notice_and_blackouts() -> None:
    rules = load_delivery_policy()
    slots = [slot for slot, _ in windows(rules, TUESDAY, "")]
    assert slots[0].starts == TUESDAY.replace(hour=14)  # ten o'clock is too soon
    assert not [slot for slot in slots if slot.starts.weekday() == 6]
    assert max(slot.starts for slot in slots) <= TUESDAY + timedelta(days=15)
    closed = rules.model_copy(update={"blackouts": (Blackout(first=date(2026, 11, 24), last=date(2026, 11, 26)),)})
    assert next(windows(closed, TUESDAY, ""))[0].starts.date() == date(2026, 11, 27)
    assert len({slot.id for slot in slots}) == len(slots)


def test_windows_by_district_and_room() -> None:
    wednesday = Round(weekdays=("wed",), starts="10:00", ends="12:00", capacity=1, districts=("Медеу",))
    rules = load_delivery_policy().model_copy(update={"rounds": (wednesday,)})
    assert list(windows(rules, TUESDAY, "Түрксіб")) == []
    first, second = [slot for slot, _ in windows(rules, TUESDAY, "Медеу")][:2]
    assert first.starts.weekday() == second.starts.weekday() == 2
    assert next(free(rules, TUESDAY, "Медеу", {first.starts: 1})) == second


@pytest.mark.parametrize(
    ("address", "is_outside"),
    [
        ("Абай даңғылы, 52", False),
        ("Қонаев көшесі, 12", False),
        ("Қарасай батыр көшесі, 8, 3 пәтер", False),
        ("Қаскелең, Абай көшесі, 1", True),
        ("Алматинская область, г. Талгар, улица Абая, 3", True),
        ("Алматы облысы, Қонаев қаласы", True),
    ],
)
def test_streets_named_like_towns_are_in_the_city(address: str, is_outside: bool) -> None:
    assert outside(address, load_delivery_policy().city) is is_outside


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("позвоните за час, я слепая", "позвоните за час"),
        ("Мен зағиппын. Есік алдында күтіңіз", "Есік алдында күтіңіз"),
        ("I am blind; ring twice", "ring twice"),
        ("Сначала позвоните; Подождите у двери.", "Сначала позвоните; Подождите у двери."),
        ("не вижу; подождите у двери", "подождите у двери"),
        ("мен естімеймін, есікті қағыңыз", "есікті қағыңыз"),
        ("я глухая, напишите сообщение", "напишите сообщение"),
        ("I am deaf; send a message", "send a message"),
        ("я на коляске. звоните дольше", "звоните дольше"),
        ("", ""),
    ],
)
def test_a_note_does_not_say_why(note: str, told: str) -> None:
    rules = load_delivery_policy()
    assert for_courier(note, False, rules) == told
    assert for_courier(note, True, rules) == note


def test_own_rules_replace_the_shipped_ones(tmp_path: Path) -> None:
    own = RULES.read_text(encoding="utf-8").replace("items = 10", "items = 4")
    (tmp_path / "delivery.toml").write_text(own, encoding="utf-8")
    assert load_delivery_policy(tmp_path).limits.items == 4


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("items = 10", "items = 0", "limits.items"),
        ('starts = "10:00"', 'starts = "25:00"', "rounds.0.starts"),
        ("[city]", "[town]", "town"),
        ('kind = "own_route"', 'kind = "yandex"', "sender_phone"),
        ("[limits]", "[limits", "delivery.toml"),
        ("capacity = 20", 'capacity = 20\ndistricts = ["Медеуу"]', "Медеуу"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, before: str, after: str, named: str) -> None:
    text = RULES.read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "delivery.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(StorageError, match=named):
        load_delivery_policy(tmp_path)


def test_waits_are_jittered_below_a_doubling_ceiling() -> None:
    assert [wait_s(tries, lambda: 1.0) for tries in range(4)] == [5, 10, 20, 40]
    assert wait_s(1000, lambda: 1.0) == LONGEST_WAIT_S
    assert wait_s(3, lambda: 0.0) == 0 and wait_s(3, lambda: 0.0, 30) == 30
