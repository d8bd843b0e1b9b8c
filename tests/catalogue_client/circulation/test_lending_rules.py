"""The rules of loans change without a restart; a mistake in the library's own file changes nothing."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue_client.circulation.policy import OWN_FILE, RULES, lending_rules_in_force, load_circulation_policy
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import StorageError
from tests.catalogue_client.clock import Clock

SHIPPED = RULES.read_text("utf-8")
DAYS = load_circulation_policy().category("adult").loan_days


def with_days(days: object) -> str:
    assert f"loan_days = {DAYS}" in SHIPPED
    return SHIPPED.replace(f"loan_days = {DAYS}", f"loan_days = {days}")


NO_ADULTS = SHIPPED.replace("[categories.adult]", "[categories.man]")


@pytest.mark.parametrize("text", ["[pins", "no = 1", "\x00", with_days(0), with_days('"many"'), NO_ADULTS])
def test_a_file_with_a_mistake_is_named_and_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    rules = lending_rules_in_force(tmp_path, load_circulation_policy)
    (tmp_path / OWN_FILE).write_text(text, "utf-8")
    with caplog.at_level(logging.ERROR):
        assert [rules().category("adult").loan_days for _ in range(3)] == [DAYS] * 3
    assert len(caplog.records) == 1 and OWN_FILE in caplog.text
    with pytest.raises(StorageError, match=OWN_FILE):
        lending_rules_in_force(tmp_path, load_circulation_policy)


async def test_an_open_library_lends_by_the_new_rules_and_says_them(
    library: OpenedLibrary, home: Path, clock: Clock
) -> None:
    loan = next(loan for loan in await library.circulation.loans("100003") if loan.renewable and not loan.overdue_days)
    (home / OWN_FILE).write_text(with_days(3), "utf-8")
    renewed = await library.circulation.renew("100003", loan.id, key="r")
    assert loan.due and renewed.due == loan.due + timedelta(days=3)
    assert (await library.knowledge.answer("loan_period")).rules.loan_days == 3
    (home / OWN_FILE).unlink()
    assert (await library.knowledge.answer("loan_period")).rules.loan_days == DAYS
