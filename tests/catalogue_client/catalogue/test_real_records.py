"""Records as real files have them: lying encodings, damage, roles, carriers, original scripts, wrapped XML, ИРБИС."""

from __future__ import annotations

from pathlib import Path

import pytest
from pymarc import Field, Record

from catalogue_client.catalogue.marc.description import describe
from catalogue_client.catalogue.marc.encoding_names import EIGHT_BIT
from catalogue_client.catalogue.marc.marc_reader import Piece, read_records
from catalogue_client.catalogue.sync.files import from_files
from catalogue_client.catalogue.sync.source import Source
from catalogue_client.catalogue.sync.sync_report import SyncReport, lines_of
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from tests.catalogue_client.catalogue.test_marc import iso2709, record

KAZAKH = ("Қан мен тер", "Әке мен бала", "Өмір мектебі", "Ғасырдан да ұзақ күн", "Үркер", "Ақбілек", "Еңлік-Кебек")
RUSSIAN = ("Преступление и наказание", "Модная книга о жизни", "Горе от ума", "Ель и берёза")


def pieces(path: Path, raw: bytes, encoding: str | None = None) -> list[Piece]:
    path.write_bytes(raw)
    return list(read_records(path, encoding))


def titles(found: list[Piece]) -> list[str]:
    return [describe(piece.record).title if piece.record else piece.problem for piece in found]


@pytest.mark.parametrize("encoding", ["utf-8", *EIGHT_BIT])
def test_every_encoding_is_found_by_its_letters(tmp_path: Path, encoding: str) -> None:
    there = KAZAKH + RUSSIAN if encoding in ("utf-8", "kz1048", "ptcp154") else RUSSIAN
    raw = b"".join(iso2709(record(("245", "a", title), number=str(n)), encoding) for n, title in enumerate(there))
    found = pieces(tmp_path / "a.mrc", raw)
    assert titles(found) == list(there)
    assert not any(piece.doubtful for piece in found)


def test_an_encoding_can_be_forced(tmp_path: Path) -> None:
    raw = iso2709(record(("245", "a", "Ель")), "cp866")
    assert titles(pieces(tmp_path / "a.mrc", raw, "cp866")) == ["Ель"]


def test_garbage_is_called_doubtful(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path / "a.mrc", iso2709(record(("245", "a", "ÕÖ×ØÙ ÚÛÜÝÞ ãäåæç")), "latin-1"))
    assert piece.doubtful


def test_one_bad_byte_does_not_change_what_the_rest_is(tmp_path: Path) -> None:
    raw = iso2709(record(("245", "a", "Новый камал", "b", "x")))
    damaged = raw.replace(b"\x1fbx", b"\x1f\xe2x")
    assert titles(pieces(tmp_path / "a.mrc", damaged)) == ["Новый камал"]


def test_composed_and_decomposed_letters_are_one(tmp_path: Path) -> None:
    raw = iso2709(record(("245", "a", "И\u0306од, е\u0308ж")))
    assert titles(pieces(tmp_path / "a.mrc", raw)) == ["Йод, ёж"]


def test_lengths_that_lie_lose_no_record(tmp_path: Path) -> None:
    """Of a file whose text was put into another encoding after its directory was made."""
    raw = iso2709(record(("300", "a", "ка 200 с."), ("245", "a", "Қан мен тер"), ("700", "a", "Нүрпейісов")))
    body = raw[24:]
    longer = raw[:24] + body.replace("ка 200".encode(), "кабинет 200".encode())
    assert titles(pieces(tmp_path / "a.mrc", longer)) == ["Қан мен тер"]


def test_wrapped_marcxml_counts_each_record_once(tmp_path: Path) -> None:
    wrapped = (
        "<OAI><ListRecords><record><header><identifier>1</identifier></header><metadata>"
        '<record xmlns="http://www.loc.gov/MARC21/slim"><datafield tag="245"><subfield code="a">Бірінші</subfield>'
        "</datafield></record></metadata></record></ListRecords></OAI>"
    )
    assert titles(pieces(tmp_path / "a.xml", wrapped.encode())) == ["Бірінші"]


def test_irbis_text_is_read(tmp_path: Path) -> None:
    text = (
        "#920: PAZK\n#101: kaz\n#200: ^AҚан мен тер^Eроман^FӘ. Нүрпейісов\n#210: ^D1970^CЖазушы\n"
        "#700: ^AНүрпейісов^BӘ.^GӘбдіжәміл\n#903: 84/Н90-1\n#910: ^A0^B1001^DАБ\n#910: ^A6^B1002^DАБ\n*****\n"
        "#200: ^VТ. 2\n#461: ^CАбай жолы^FМ. Әуезов\n#903: 84/Ә-2\n*****\n"
    )
    for encoding in ("utf-8", "kz1048"):
        first, second = pieces(tmp_path / "irbis.txt", text.encode(encoding))
        assert first.record is not None and second.record is not None
        found = describe(first.record)
        assert (found.title, found.author, found.language) == ("Қан мен тер: роман", "Әбдіжәміл Нүрпейісов", "kk")
        assert [(copy.code, copy.status) for copy in found.copies] == [("АБ", "shelf"), ("АБ", "written_off")]
        assert describe(second.record).title == "Абай жолы. Т. 2"


def test_authors_are_those_who_wrote() -> None:
    sense = record(
        ("100", "a", "Austen, Jane,"),
        ("245", "a", "Sense and Sensibility"),
        ("700", "a", "Peters, Donada.", "4", "nrt"),
        ("700", "a", "Brock, C. E.", "e", "illustrator."),
    )
    assert (describe(sense).author, describe(sense).narrator) == ("Jane Austen", "Donada Peters")
    rusmarc = record(
        ("200", "a", "Гамлет"),
        ("700", "a", "Шекспир", "g", "Уильям", "4", "070"),
        ("701", "a", "Пастернак", "4", "730"),
    )
    assert describe(rusmarc).author == "Уильям Шекспир"
    assert describe(record(("200", "a", "Абай жолы", "f", "Мұхтар Әуезов ; ред. Қ. Ахмет"))).author == "Мұхтар Әуезов"
    assert describe(record(("200", "a", "Жинақ", "f", "құраст. Қ. Ахмет"))).author == ""


def carrier(leader: str, *fields: tuple[str, ...], controls: tuple[tuple[str, str], ...] = ()) -> str:
    one = record(("245", "a", "x"), *fields, leader=f"00000n{leader}a2200000 i 4500")
    for tag, data in controls:
        one.add_ordered_field(Field(tag=tag, data=data))
    return describe(one).formats[0]


@pytest.mark.parametrize(
    ("leader", "fields", "controls", "form"),
    [
        ("am ", (), (), "print"),
        ("gm ", (), (("007", "vd cvaizq"),), "video"),
        ("jm ", (), (), "music"),
        ("im ", (("338", "a", "audio disc", "b", "sd"),), (), "audio"),
        ("cm ", (), (), "score"),
        ("em ", (), (), "map"),
        ("as ", (), (), "periodical"),
        ("am ", (), (("008", "050101s2005    kz      o    000 0 kaz d"),), "electronic"),
        ("am ", (("338", "a", "online resource", "b", "cr"),), (), "electronic"),
        ("am ", (("337", "a", "unmediated", "b", "n"), ("338", "a", "volume", "b", "nc")), (), "print"),
        ("am ", (("655", "a", "Braille books"),), (), "braille"),
        ("am ", (("655", "a", "Large type books"),), (), "large_print"),
        ("am ", (("655", "a", "Audiobooks"),), (), "audio"),
    ],
)
def test_carriers_are_what_they_are(
    leader: str, fields: tuple[tuple[str, ...], ...], controls: tuple[tuple[str, str], ...], form: str
) -> None:
    assert carrier(leader, *fields, controls=controls) == form


def test_unimarc_says_its_carrier_in_words() -> None:
    assert describe(record(("200", "a", "Абай", "b", "Звукозапись"), ("203", "a", "Устная речь"))).formats == ("audio",)
    assert describe(record(("200", "a", "Абай", "b", "Электронный ресурс"))).formats == ("electronic",)


def test_the_original_script_is_spoken_and_the_other_is_found() -> None:
    both = record(
        ("100", "6", "880-01", "a", "Kabakov, Aleksandr"),
        ("245", "6", "880-02", "a", "Vor, shpion i ubiĭt͡sa :", "b", "roman"),
        ("880", "6", "100-01/(N", "a", "Кабаков, Александр"),
        ("880", "6", "245-02/(N", "a", "Вор, шпион и убийца :", "b", "роман"),
    )
    found = describe(both)
    assert (found.title, found.author) == ("Вор, шпион и убийца: роман", "Александр Кабаков")
    assert "Aleksandr Kabakov" in found.aliases and any(name.startswith("Vor, shpion i ubi") for name in found.aliases)


def edition(year: str) -> Record:
    one = record(("245", "a", "Аңыз"), ("100", "a", "Ертаев, Серик"), ("264", "a", "Алматы", "c", year))
    one.remove_fields("001")
    return one


async def test_editions_without_numbers_are_told_apart(library: OpenedLibrary, tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    path.write_bytes(b"".join(iso2709(edition(year)) for year in ("1976", "1998", "2004")))
    assert (await library.staff.importer.import_files([path])).new == 3
    assert (await library.staff.importer.import_files([path])).unchanged == 3


async def test_a_dry_run_changes_nothing_and_says_what_is_odd(library: OpenedLibrary, tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    odd = record(("245", "a", "Т. 1"), ("952", "b", "KZ-9", "p", "1"), number="7")
    same = record(("245", "a", "Т. 1"), ("952", "b", "KZ-9", "p", "1"), number="8")
    path.write_bytes(iso2709(odd) + iso2709(same) + b"rubbish\x1d")
    before = await library.staff.stock.counts()
    report = SyncReport()
    await library.staff.new_synchroniser().run(Source("a"), from_files([path], report), report=report, dry=True)
    assert (report.new, report.copies_new) == (2, 2) and await library.staff.stock.counts() == before
    kinds = {kind for kind, *_ in lines_of(report)}
    assert kinds == {
        "refused",
        "unknown place",
        "encoding",
        "volume without a set",
        "suspected double",
        "no year",
        "no language",
    }


def test_hostile_xml_is_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><collection>&c;</collection>'
    (piece,) = pieces(tmp_path / "a.xml", bomb)
    assert piece.record is None and "not allowed" in piece.problem
