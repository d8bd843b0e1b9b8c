"""What the settings say of a library system becomes its parts; a mistake is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.connectors.sip2.bad_line import BadLine
from tests.rig.sip2_server import PIN, TICKET, LibrarySystem
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_of, library_system
from voice.configuration.settings import LibrarySystemSettings, Settings
from voice.values.errors import SettingsError


def test_without_a_word_the_own_store_does_everything() -> None:
    parts = library_system(LibrarySystemSettings())
    assert parts.search is None and parts.circulation is None


def test_a_password_comes_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    file = str(tmp_path / "secret")
    settings = LibrarySystemSettings(circulation="koha", koha_url="https://k.example", koha_password_file=file)
    koha = library_system(settings).circulation
    assert isinstance(koha, KohaSettings) and koha.password == "s3cret"
    settings = LibrarySystemSettings(circulation="sip2", sip2_password_file=file, places=("KZ=Орталық",))
    sip2 = library_system(settings).circulation
    assert isinstance(sip2, Sip2Settings) and (sip2.password, sip2.places) == ("s3cret", {"KZ": "Орталық"})


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"search": "sru"}, "http://"),
        ({"circulation": "sip2", "sip2_host": "far.example"}, "sip2|SIP2"),
        ({"circulation": "koha", "koha_url": "http://far.example"}, "https://"),
        ({"circulation": "sip2", "sip2_password_file": "/nowhere/secret"}, "sip2_password_file"),
        ({"places": ("KZ",)}, "CODE=Name"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(told: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        library_system(LibrarySystemSettings(**told))


async def test_a_library_with_a_sip2_server_knows_its_readers_and_keeps_its_own_catalogue(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret\n")
    async with LibrarySystem().serving() as far, BadLine(far).listening() as port:
        system = LibrarySystemSettings(
            circulation="sip2",
            sip2_port=port,
            sip2_institution="ALM",
            sip2_user="dauys",
            sip2_password_file=str(tmp_path / "secret"),
        )
        settings = Settings(library_system=system)
        async with library_of(settings, tmp_path / "home", library_clock, Purpose.DEMONSTRATION) as library:
            assert (await library.circulation.identify(TICKET, PIN, "line")).name == "Наталья"
            assert {loan.id for loan in await library.circulation.loans(TICKET)} == {"B3", "B4"}
            assert (await library.catalogue.search(Query(words="абай жолы"))).records[0].title == "Абай жолы"
