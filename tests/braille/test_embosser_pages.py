"""Pages and files: BRF and PEF that other programs accept."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from braille import brf, from_unicode, paginate, passage, pef, translate
from braille.cards import Card, Fact, slip
from braille.errors import BadBrailleFile, BadSize, NotSixDots

BOOKING = Card(
    "Абай жолы", "kk", (Fact("author", "Мұхтар Әуезов"), Fact("date", "25.11.2026"), Fact("number", "10482"))
)
TEXT = "Әуезов М. Абай жолы. 5 дана"


def test_braille_ascii_of_a_record() -> None:
    assert brf.to_ascii(translate(TEXT, "kk").cells) == ">UEZOW M4 ABA& JOL!4 #E DANA"


def test_a_booking_slip_is_one_page_without_a_number() -> None:
    assert brf.write(paginate(slip(BOOKING, "kk"))).removesuffix(b"\f") == (
        b"ABA& JOL!\r\nAWTOR!3 M+HTAR >UEZOW\r\nK)N!3 #BE4#AA4#BJBF\r\nN(M!R!3 #AJDHB\r\n".replace(
            b"K)N!", brf.to_ascii(translate("күні", "kk").cells).encode()
        ).replace(b"N(M!R!", brf.to_ascii(translate("нөмірі", "kk").cells).encode())
    )


def test_long_texts_take_numbered_pages_with_a_hanging_indent() -> None:
    pages = paginate([passage(TEXT * 12, "kk")], 20, 5)
    assert len(pages) > 2
    assert all(len(page) == 5 and all(len(row) <= 20 for row in page) for page in pages)
    assert [brf.to_ascii(page[-1]).strip() for page in pages[:2]] == ["#A", "#B"]
    assert pages[0][1].startswith(b"\0\0")
    assert all(cell <= 0x3F for page in pages for row in page for cell in row)


def test_an_empty_text_is_one_empty_page() -> None:
    assert paginate([]) == [()]
    assert brf.read(brf.write([()])) == [()]


@pytest.mark.parametrize(("width", "height"), [(7, 25), (40, 2), (0, 0)])
def test_too_small_a_page_is_refused_with_a_sentence(width: int, height: int) -> None:
    with pytest.raises(BadSize, match="at least 8 cells and 3 rows"):
        paginate([passage("а", "kk")], width, height)


def test_dots_seven_and_eight_are_refused() -> None:
    with pytest.raises(NotSixDots, match="Cell 2"):
        brf.write([[b"\x01\xc0"]])
    with pytest.raises(NotSixDots, match="Page 1"):
        pef.write([[b"\x40"]], 40, 25, title="", language="kk", identifier="x", made=date(2026, 1, 1))


cells = st.binary(max_size=12).map(lambda row: bytes(cell & 0x3F for cell in row).rstrip(b"\0"))


@given(st.lists(st.lists(cells, min_size=1, max_size=4).map(tuple), min_size=1, max_size=4))
def test_brf_comes_back(pages: list[tuple[bytes, ...]]) -> None:
    assert brf.read(brf.write(pages)) == pages


def test_brf_of_other_programs_is_read() -> None:
    assert brf.read(b"abc\nd\x0ce\r\n\x1a") == [(b"\x01\x03\x09", b"\x19"), (b"\x11",)]
    with pytest.raises(BadBrailleFile, match="Byte 2"):
        brf.read("aш".encode())
    with pytest.raises(BadBrailleFile, match=r"Row 1 holds U\+0007"):
        brf.read(b"\x07")


@pytest.mark.parametrize(
    "data",
    [
        b"ABC]\r\n\x0cD\r\n\x0c",
        b"abc}\nd\n".replace(b"\nd", b"\n\x0cd"),
        b"\xef\xbb\xbfABC]\r\x0cD\r",
        b"ABC]\r\n\x0c\r\nD\r\n\x0c\r\n",
        b"ABC]\n\x0cD\n\x1a",
    ],
)
def test_a_file_of_two_pages_is_read_however_it_was_written(data: bytes) -> None:
    assert brf.read(data) == [(from_unicode("⠁⠃⠉⠻"),), (from_unicode("⠙"),)]


def test_signs_have_a_lower_case_too() -> None:
    assert brf.read(b"`{|}~") == brf.read(b"@[\\]^")


def test_a_form_feed_ends_the_last_page() -> None:
    assert brf.write([(b"\x01",), (b"",)]) == b"A\r\n\x0c \r\n\x0c"


def pef_faults(data: bytes) -> list[str]:
    """What breaks the PEF 1.0 specification: structure, metadata, attributes, cells, sizes."""
    space, dc = "{http://www.daisy.org/ns/2008/pef}", "{http://purl.org/dc/elements/1.1/}"
    root = ET.fromstring(data)
    faults = [] if (root.tag, root.get("version")) == (f"{space}pef", "2008-1") else ["root"]
    if [child.tag for child in root] != [f"{space}head", f"{space}body"]:
        return [*faults, "head and body"]
    meta = {child.tag: child.text or "" for child in root[0][0]}
    faults += [] if root[0][0].tag == f"{space}meta" and len(meta) == len(root[0][0]) else ["meta"]
    faults += [] if meta.get(f"{dc}format") == "application/x-pef+xml" else ["format"]
    faults += [] if meta.get(f"{dc}identifier") else ["identifier"]
    faults += [] if re.fullmatch(r"\d{4}-\d\d-\d\d", meta.get(f"{dc}date", "")) else ["date"]
    faults += [] if re.fullmatch(r"[a-z]{2,3}(-\w+)*", meta.get(f"{dc}language", "")) else ["language"]
    faults += [] if len(root[1]) else ["no volume"]
    for volume in root[1]:
        cols, height = int(volume.get("cols", "0")), int(volume.get("rows", "0"))
        faults += [] if cols > 0 and height > 0 and volume.tag == f"{space}volume" else ["volume"]
        faults += [] if (volume.get("rowgap"), volume.get("duplex")) == ("0", "false") else ["volume attributes"]
        faults += [] if len(volume) else ["no section"]
        for section in volume:
            faults += [] if len(section) and section.tag == f"{space}section" else ["section"]
            for page in section:
                faults += [] if page.tag == f"{space}page" and len(page) <= height else ["page"]
                for row in page:
                    whole = re.fullmatch("[\u2800-\u28ff]*", row.text or "")
                    faults += [] if row.tag == f"{space}row" and whole and len(row.text or "") <= cols else ["row"]
    return faults


@pytest.mark.parametrize("passages", [slip(BOOKING, "kk"), [passage(TEXT * 40, "kk")], []])
def test_pef_is_what_the_specification_says(passages: list) -> None:
    data = pef.write(
        paginate(passages, 30, 20),
        30,
        20,
        title="Абай <жолы> & \x01",
        language="kk",
        identifier="10482",
        made=date(2026, 11, 24),
    )
    assert pef_faults(data) == []


def test_the_check_itself_finds_faults() -> None:
    data = pef.write([[b"\x01" * 9]], 8, 25, title="", language="kk", identifier="", made=date(2026, 1, 1))
    assert pef_faults(data) == ["identifier", "row"]
