"""A slip is one page, whatever the books are called."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, get_args

import pytest

from catalogue_client.delivery.staff_desk import Job, ParcelLine
from catalogue_client.values.shipments import Delivery, Slot
from languages.codes import Language
from voice.operations.delivery_slips import HEIGHT, WIDTH, as_brf, as_pef, slip_lines

LONG = {
    "kk": "Қазақ халқының дәстүрлері мен әдет-ғұрыптары туралы ғылыми еңбектердің толық жинағы",
    "ru": "Полное собрание сочинений и писем в тридцати томах с примечаниями и указателями",
    "en": "The collected letters and papers of the expedition, with notes and an index of names",
}


def job(count: int, title: str, kind: Literal["delivery", "collection"] = "delivery") -> Job:
    starts, ends = datetime(2026, 11, 25, 9, tzinfo=UTC), datetime(2026, 11, 25, 13, tzinfo=UTC)
    items = [ParcelLine(n, f"{title} {n}", "Мұхтар Әуезов", "Chekhov", False, date(2026, 12, 10)) for n in range(count)]
    titles = tuple(item.title for item in items)
    delivery = Delivery("1001", kind, "confirmed", (), titles, Slot("s", starts, ends), "")
    return Job(delivery, tuple(items), "Chekhov", "", 500, "", "", "", "", False)


@pytest.mark.parametrize("language", get_args(Language))
def test_ten_long_titles_fit_on_one_page(language: Language) -> None:
    lines = slip_lines(job(10, LONG[language]), language)
    for n, line in enumerate(lines[1:11], 1):
        assert line.startswith(f"{n}. {LONG[language][:12]}")
    assert "1001" in lines[0] and "10.12.2026" in lines[11] and len(lines) == 13
    rows = as_brf(lines, language).decode("ascii").replace("\f", "").splitlines()
    assert len(rows) <= HEIGHT and max(map(len, rows)) <= WIDTH
    assert as_pef(lines, language, "slip 1001", date(2026, 11, 25)).count(b"<page>") == 1


@pytest.mark.parametrize("language", get_args(Language))
def test_a_few_titles_stand_in_full(language: Language) -> None:
    lines = slip_lines(job(2, LONG[language]), language)
    assert [line for line in lines if LONG[language] in line and "Мұхтар Әуезов" in line] == list(lines[1:3])
