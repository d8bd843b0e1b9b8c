"""Delivery rules change without a restart; a mistake in the file changes nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from catalogue_client.delivery.delivery_policy import OWN_FILE, RULES, delivery_rules_in_force, load_delivery_policy
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.values.bibliographic import Query

SHIPPED = RULES.read_text("utf-8")
DAYS = load_delivery_policy().limits.days_ahead


def with_days(days: int) -> str:
    return SHIPPED.replace(f"days_ahead = {DAYS}", f"days_ahead = {days}", 1)


def test_a_changed_file_is_in_force_at_the_next_look(tmp_path: Path) -> None:
    rules = delivery_rules_in_force(tmp_path, load_delivery_policy)
    assert rules().limits.days_ahead == DAYS
    (tmp_path / OWN_FILE).write_text(with_days(3), "utf-8")
    assert rules().limits.days_ahead == 3
    (tmp_path / OWN_FILE).unlink()
    assert rules().limits.days_ahead == DAYS


@pytest.mark.parametrize("text", ["days_ahead = ", "no = 1", "\x00", with_days(0)])
def test_a_file_with_a_mistake_is_named_once_and_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / OWN_FILE).write_text(with_days(5), "utf-8")
    rules = delivery_rules_in_force(tmp_path, load_delivery_policy)
    (tmp_path / OWN_FILE).write_text(f"{text}\n# now", "utf-8")
    with caplog.at_level(logging.ERROR):
        assert [rules().limits.days_ahead for _ in range(3)] == [5, 5, 5]
    assert len(caplog.records) == 1 and OWN_FILE in caplog.text


def test_other_couriers_need_a_restart_and_that_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rules = delivery_rules_in_force(tmp_path, load_delivery_policy)
    before = rules()
    courier = before.couriers[0].model_copy(update={"id": "yandex", "kind": "yandex"})
    outside = delivery_rules_in_force(tmp_path, lambda home: before.model_copy(update={"couriers": (courier,)}))
    assert not courier.is_library and outside().couriers == (courier,)
    answers = iter([before, before.model_copy(update={"couriers": (courier,)})])
    changing = delivery_rules_in_force(tmp_path, lambda home: next(answers))
    (tmp_path / OWN_FILE).write_text("x", "utf-8")
    assert changing() is before and "next start" in caplog.text


async def test_an_open_library_offers_the_windows_of_the_new_rules(library: OpenedLibrary, home: Path) -> None:
    record = (await library.catalogue.search(Query(words="Абай жолы"))).records[0].id
    before = await library.deliveries.delivery_slots("100001", [record])
    (home / OWN_FILE).write_text(with_days(2), "utf-8")
    after = await library.deliveries.delivery_slots("100001", [record])
    assert 0 < len(after) < len(before) and after == before[: len(after)]
    assert (await library.knowledge.answer("delivery_when")).rules.days_ahead == 2
