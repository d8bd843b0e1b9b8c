"""Frames: what is sent to the byte, what a real Evergreen server sent back, what must be refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysip2 import calculate_checksum, verify_checksum

from catalogue_client.connectors.sip2.answers import date_of, item_of, refusal
from catalogue_client.connectors.sip2.messages import FIXED, Damaged, checksum, decode, encode
from catalogue_client.connectors.sip2.settings import Sip2Settings

EVERGREEN_LOGIN = b"941AY0AZFDFD\r\n"
EVERGREEN_STATUS = b"98YNNYNN60000320261123    0532342.00AOUWOLS|BXYYYYYYYYYNYNYYYY|AY1AZEDDE\r"


def test_frames_recorded_from_evergreen_are_read() -> None:
    login = decode(EVERGREEN_LOGIN, "utf-8")
    assert (login.code, login.fixed, login.sequence, login.checked) == ("94", "1", 0, True)
    status = decode(EVERGREEN_STATUS, "utf-8")
    assert (status.fixed[:6], status.get("AO"), status.get("BX")) == ("YNNYNN", "UWOLS", "YYYYYYYYYNYNYYYY")


def test_a_checksum_counts_bytes_not_letters() -> None:
    frame = encode("15+20261124    100000", [("BS", "Филиал 1")], 4, "utf-8")
    assert verify_checksum(frame[:-1])
    assert checksum(b"97AZ") == b"FEF5"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="|"), max_size=60), st.integers(0, 9))
def test_any_text_is_sent_with_the_checksum_that_another_implementation_counts(text: str, sequence: int) -> None:
    frame = encode("17", [("AB", text)], sequence, "utf-8")
    assert frame[-5:-1].decode() == calculate_checksum(frame[:-5])


@given(st.binary(max_size=200), st.sampled_from(sorted(FIXED)))
def test_any_bytes_are_read_or_told_to_be_damaged(noise: bytes, code: str) -> None:
    for frame in (noise, code.encode() + noise):
        try:
            decode(frame, "utf-8")
        except Damaged:
            continue


def test_a_changed_byte_is_noticed() -> None:
    with pytest.raises(Damaged):
        decode(EVERGREEN_STATUS.replace(b"UWOLS", b"UWOLT"), "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp866"])
def test_titles_come_in_the_encoding_of_the_settings(encoding: str) -> None:
    title = "Путь Абая"
    answer = decode(b"18030001" + b"20261124    100000" + b"ABB1|AJ" + title.encode(encoding) + b"|", encoding)
    item = item_of(answer)
    assert item is not None and item.title == title


def test_text_that_the_server_encoded_twice_is_repaired() -> None:
    twice = "Филиал".encode().decode("latin-1").encode()
    answer = decode(b"161N20261124    100000BS" + twice + b"|AFa&#124;b|", "utf-8")
    assert (answer.get("BS"), answer.get("AF")) == ("Филиал", "a|b")


@pytest.mark.parametrize("value", ["a|b", "a\rb", "\x00", "қ" * 128])
def test_what_sip2_cannot_write_is_not_sent(value: str) -> None:
    with pytest.raises(ValueError, match="field AB"):
        encode("17", [("AB", value)], 0, "utf-8")


@pytest.mark.parametrize(
    "text",
    ["20261204    235900", "2026-12-04 23:59:00", "04.12.2026", "04/12/2026 23:59", "04-12-2026 23:59", "04.12.26",
     "4 December 2026", "December 4, 2026", "04-Dec-2026", "4 декабря 2026"],
)  # fmt: skip
def test_due_dates_are_read_in_the_forms_that_servers_use(text: str) -> None:
    assert date_of(text) == date(2026, 12, 4)


@pytest.mark.parametrize("text", ["", "tomorrow", "20261341", "31/02/2026", "15 Brumaire 2026", "2026"])
def test_other_dates_are_none(text: str) -> None:
    assert date_of(text) is None


@pytest.mark.parametrize(
    ("text", "month_first", "due"),
    [("12/05/2026", False, date(2026, 5, 12)), ("12/05/2026", True, date(2026, 12, 5)),
     ("12/15/2026,23:59", False, date(2026, 12, 15)), ("15-12-2026 23:59", True, date(2026, 12, 15))],
)  # fmt: skip
def test_the_settings_say_which_of_two_numbers_is_the_month(text: str, month_first: bool, due: date) -> None:
    assert date_of(text, month_first) == due


def test_a_refusal_is_told_by_words_then_flags() -> None:
    answer = decode(b"300NUN20261124    100000AFRenewal limit reached|", "utf-8")
    assert refusal(answer, " " * 14, "not_renewable").rule == "no_renewals_left"
    silent = decode(b"300NUN20261124    100000", "utf-8")
    assert refusal(silent, " " * 6 + "Y" + " " * 7, "not_renewable").rule == "overdue"
    assert refusal(silent, " " * 14, "not_renewable").rule == "not_renewable"


def test_plain_text_to_a_foreign_host_needs_leave() -> None:
    with pytest.raises(ValueError, match="set tls = true"):
        Sip2Settings("library.example")
    assert Sip2Settings("library.example", tls=True).port == Sip2Settings("127.0.0.1").port
    assert Sip2Settings("library.example", allow_plain_text=True).context() is None


def test_secrets_of_the_settings_are_not_shown() -> None:
    assert "secret" not in repr(Sip2Settings("localhost", password="secret", terminal_password="secret"))
