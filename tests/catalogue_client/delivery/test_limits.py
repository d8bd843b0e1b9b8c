"""The least that each limit of delivery.toml may be, and one less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue_client.delivery.delivery_policy import RULES, load_delivery_policy
from catalogue_client.errors import StorageError

LEAST = {
    "items": 1,
    "grams": 1,
    "open": 1,
    "undo_minutes": 0,
    "notice_minutes": 0,
    "days_ahead": 1,
    "offered": 1,
    "late_minutes": 0,
    "address_days": 0,
    "attempts": 1,
    "capacity": 1,
}


def with_limit(folder: Path, key: str, value: int) -> Path:
    text, count = re.subn(rf"^{key} = \d+", f"{key} = {value}", RULES.read_text(encoding="utf-8"), flags=re.M)
    assert count
    (folder / "delivery.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("key", "least"), LEAST.items())
def test_a_limit_has_a_least_value(tmp_path: Path, key: str, least: int) -> None:
    rules = load_delivery_policy(with_limit(tmp_path, key, least))
    assert least in (getattr(rules.limits, key, None), rules.rounds[0].capacity)
    with pytest.raises(StorageError, match=key):
        load_delivery_policy(with_limit(tmp_path, key, least - 1))


def test_rules_cannot_be_changed_while_they_are_in_force() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_delivery_policy().limits.items = 99  # type: ignore[misc]
