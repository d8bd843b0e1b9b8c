"""MARC21, UNIMARC and RUSMARC files in every encoding and state."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from pymarc import Field, Indicators, Record, Subfield

from catalogue_client.catalogue.marc.description import Undescribed, describe
from catalogue_client.catalogue.marc.encodings import encoding_of
from catalogue_client.catalogue.marc.marc_reader import read_records
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS

LEADER = "00000nam a2200000 i 4500"


def record(*fields: tuple[str, ...], number: str = "1", leader: str = LEADER) -> Record:
    """A record of fields told as ("245", "a", "title", "b", "rest")."""
    told = [Field(tag="001", data=number)]
    for tag, *parts in fields:
        subfields = [Subfield(code, value) for code, value in zip(parts[::2], parts[1::2], strict=True)]
        told.append(Field(tag=tag, indicators=Indicators(" ", " "), subfields=subfields))
    return Record(fields=told, leader=leader)


def iso2709(one: Record, encoding: str = "utf-8") -> bytes:
    """The record's bytes, its texts in `encoding`; lengths and directory fit them."""
    base, directory, body = 0, b"", b""
    for field in one.fields:
        subfields = "".join(f"\x1f{one.code}{one.value}" for one in field.subfields)
        data = field.data if field.is_control_field() else "  " + subfields
        coded = data.encode(encoding) + b"\x1e"
        directory += f"{field.tag}{len(coded):04}{len(body):05}".encode()
        body += coded
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    flag = "a" if encoding == "utf-8" else " "
    leader = f"{length:05}nam {flag}22{base:05} i 4500"
    return leader.encode() + directory + b"\x1e" + body + b"\x1d"


RUSMARC = record(
    ("100", "a", "20050101d2005    u  y0rusy50      ca"),
    ("101", "a", "rus"),
    ("200", "a", "Модная книга", "e", "роман", "f", "Л. А. Караччоли"),
    ("210", "a", "Алматы", "c", "Мектеп", "d", "2005"),
    ("454", "1", "2001 ", "a", "Le livre à la mode"),
    ("606", "a", "Французская литература"),
    ("700", "a", "Караччоли", "b", "Л.А.", "g", "Луи Антуан", "4", "070"),
    ("700", "6", "z01", "7", "ba", "a", "Caraccioli", "g", "Louis-Antoine"),
    ("899", "a", "no-14", "j", "84(4Фр)"),
    ("899", "a", "no-14", "j", "84(4Фр)"),
    ("899", "a", "elsewhere"),
)
MARC21 = record(
    ("041", "a", "kaz"),
    ("100", "a", "Әуезов, Мұхтар,", "d", "1897-1961."),
    ("245", "a", "Абай жолы :", "b", "роман-эпопея /", "c", "М. Әуезов."),
    ("246", "a", "Путь Абая"),
    ("264", "a", "Алматы :", "b", "Жазушы,", "c", "[2013]"),
    ("650", "a", "Қазақ әдебиеті."),
    ("852", "a", "chekhov"),
)


def test_rusmarc_is_described() -> None:
    told = describe(RUSMARC)
    assert (told.title, told.author) == ("Модная книга: роман", "Луи Антуан Караччоли")
    assert (told.language, told.year, told.formats) == ("ru", 2005, ("print",))
    assert told.subjects == ("Французская литература",)
    assert told.aliases == ("Le livre à la mode", "Louis-Antoine Caraccioli")
    assert [copy.code for copy in told.copies] == ["no-14", "no-14", "elsewhere"]


def test_marc21_is_described() -> None:
    told = describe(MARC21)
    assert (told.title, told.author) == ("Абай жолы: роман-эпопея", "Мұхтар Әуезов")
    assert (told.language, told.year, told.aliases) == ("kk", 2013, ("Путь Абая",))
    assert told.subjects == ("Қазақ әдебиеті",)


def test_record_without_title_says_nothing() -> None:
    with pytest.raises(Undescribed, match="no title"):
        describe(record(("100", "a", "Әуезов")))


def test_talking_and_braille_books_are_told_from_print() -> None:
    talking = record(("245", "a", "Абай"), leader="00000nim a2200000 i 4500")
    braille = record(("245", "a", "Абай"))
    braille.add_ordered_field(Field(tag="008", data="050101s2005    kz      f    000 0 kaz d"))
    assert (describe(talking).formats, describe(braille).formats) == (("audio",), ("braille",))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp866"])
def test_encoding_is_guessed(tmp_path: Path, encoding: str) -> None:
    plain = record(("200", "a", "Модная книга о жизни"), ("700", "a", "Караччоли", "g", "Луи"))
    raw = iso2709(plain, encoding)
    assert encoding_of(raw).encoding == encoding
    path = tmp_path / "one.mrc"
    path.write_bytes(raw)
    (piece,) = read_records(path)
    assert piece.record is not None
    assert describe(piece.record).title == "Модная книга о жизни"


def test_marc8_is_read(tmp_path: Path) -> None:
    raw = iso2709(record(("245", "a", "TITLE")), "cp1251")
    longer = b"\x1b(NMIR\x1b(B"
    raw = raw.replace(b"TITLE", longer).replace(b"2450010", f"245{5 + len(longer):04}".encode())
    path = tmp_path / "marc8.mrc"
    path.write_bytes(raw)
    (piece,) = read_records(path)
    assert encoding_of(raw).encoding == "marc-8"
    assert piece.record is not None
    assert describe(piece.record).title == "мир"


def test_marcxml_is_read_and_bombs_are_not(tmp_path: Path) -> None:
    good = tmp_path / "good.xml"
    good.write_text(
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader>'
        '<controlfield tag="001">7</controlfield><datafield tag="245" ind1=" " ind2=" "><subfield code="a">Қан мен тер'
        "</subfield></datafield></record><record><leader>000",
        encoding="utf-8",
    )
    first, second = read_records(good)
    assert first.record is not None and describe(first.record).title == "Қан мен тер"
    assert second.record is None and "damaged" in second.problem
    bomb = tmp_path / "bomb.xml"
    bomb.write_text('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><collection>&c;</collection>', encoding="utf-8")
    (piece,) = read_records(bomb)
    assert piece.record is None and "not allowed" in piece.problem


async def test_import_takes_what_is_whole_and_reports_the_rest(library: OpenedLibrary, tmp_path: Path) -> None:
    logging.getLogger("pymarc").setLevel(logging.CRITICAL)
    path = tmp_path / "mixed.mrc"
    good, other = iso2709(RUSMARC, "utf-8"), iso2709(record(("200", "a", "Совсем другое"), number="2"), "cp1251")
    untitled = iso2709(record(("700", "a", "Никто"), number="3"))
    path.write_bytes(good + b"\r\n" + b"rubbish\x1d" + other + untitled + good[: len(good) // 2])
    report = await library.staff.importer.import_files([path, tmp_path / "missing.mrc"])
    assert (report.new, report.changed, report.copies_new, report.cut) == (2, 0, 3, ["mixed.mrc"])
    reasons = {refusal.number: refusal.reason for refusal in report.refusals}
    assert "damaged" in reasons[2] and "no title" in reasons[4]
    assert report.quality.unknown_codes == {"elsewhere": 1}
    assert "damaged" in reasons[5] and "cannot be read" in reasons[0]
    found = (await library.catalogue.search(Query(words="Louis Antoine Caraccioli"))).records[0]
    assert found.title == "Модная книга: роман"
    assert [(shelf.place_id, shelf.copies) for shelf in found.available] == [("no-14", 2)]
    again = await library.staff.importer.import_files([path])
    assert (again.new, again.changed, again.unchanged, again.read) == (0, 0, 2, 5)


async def test_changed_file_changes_records_and_keeps_their_copies(library: OpenedLibrary, tmp_path: Path) -> None:
    path = tmp_path / "one.mrc"
    path.write_bytes(iso2709(MARC21))
    await library.staff.importer.import_files([path])
    found = (await library.catalogue.search(Query(title="Абай жолы роман-эпопея"))).records[0]
    hold = await library.circulation.place_hold("100001", found.id, "chekhov", key="k")
    changed = record(("245", "a", "Абай жолы. Бірінші кітап"), ("852", "a", "chekhov"))
    path.write_bytes(iso2709(changed))
    assert (await library.staff.importer.import_files([path])).changed == 1
    assert (await library.catalogue.record(found.id)).title == "Абай жолы. Бірінші кітап"
    assert (await library.circulation.holds("100001"))[0].id == hold.id
    assert (await library.catalogue.search(Query(words="Бірінші кітап"))).records[0].id == found.id


async def test_old_editions_stay_in_the_reading_room(library: OpenedLibrary, tmp_path: Path) -> None:
    path = tmp_path / "old.mrc"
    path.write_bytes(iso2709(record(("200", "a", "Редкая книга"), ("210", "d", "1871"), ("899", "a", "no-6"))))
    await library.staff.importer.import_files([path])
    found = (await library.catalogue.search(Query(words="Редкая книга"))).records[0]
    assert found.reading_room_only
    with pytest.raises(Exception, match="reading_room_only"):
        await library.circulation.place_hold("100001", found.id, "chekhov", key="k")


async def test_broken_off_import_goes_on(home: Path, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "long.mrc"
    raws = [iso2709(record(("245", "a", f"Том {count}"), number=str(count))) for count in range(1200)]
    path.write_bytes(b"".join(raws))

    class Enough(Exception):
        pass

    def stop(_: str, read: int) -> None:
        if read >= 1000:
            raise Enough

    async with open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        with pytest.raises(Enough):
            await library.staff.importer.import_files([path], progress=stop)
    async with open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        report = await library.staff.importer.import_files([path])
        assert (report.unchanged, report.new) == (1000, 200)
        assert (await library.catalogue.search(Query(words="Том 1199"))).records[0].title == "Том 1199"
        with pytest.raises(NotFound):
            await library.catalogue.record("none")


async def test_only_copies_that_nothing_is_said_against_stand_on_the_shelf(
    library: OpenedLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "koha.mrc"
    one = record(
        ("245", "a", "Екі данасы бар"),
        ("952", "b", "no-6", "p", "1"),
        ("952", "b", "no-6", "q", "2026-12-01", "p", "2"),
        ("952", "b", "chekhov", "1", "1", "p", "3"),
        ("952", "b", "chekhov", "4", "0", "7", "1", "p", "4"),
        ("910", "a", "no copy in MARC21"),
    )
    path.write_bytes(iso2709(one))
    report = await library.staff.importer.import_files([path])
    assert (report.copies_new, report.refusals) == (4, [])
    (found,) = (await library.catalogue.search(Query(title="Екі данасы бар"))).records
    assert [(shelf.place_id, shelf.copies) for shelf in found.available] == [("no-6", 1)]
