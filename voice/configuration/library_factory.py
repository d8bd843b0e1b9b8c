"""Opens the library that the settings name: the same database, systems and secrets for everybody who opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from catalogue_client.connectors.connected_library import LibrarySystem, SearchSettings, connected_library
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.connectors.z3950.settings import Z3950Settings
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.purpose import Purpose
from voice.configuration.clock import Clock
from voice.configuration.secret_sources import secret
from voice.configuration.settings import CatalogueSettings, LibrarySystemSettings, Settings
from voice.values.errors import SettingsError


@asynccontextmanager
async def library_of(
    settings: Settings, home: Path, clock: Clock, purpose: Purpose | None = None
) -> AsyncIterator[OpenedLibrary]:
    """The library of `settings`, its own files in `home`; the library system behind it need not be there now.
    `purpose` is what a store becomes that nobody has decided about.

    Raises SettingsError, and what open_library raises.
    """
    system = await asyncio.to_thread(library_system, settings.library_system)
    async with (
        store_of(settings.catalogue, home, clock, purpose) as library,
        connected_library(library, system, home, clock) as front,
    ):
        yield front


@asynccontextmanager
async def store_of(
    settings: CatalogueSettings, home: Path, clock: Clock, purpose: Purpose | None = None
) -> AsyncIterator[OpenedLibrary]:
    """Dauys's own store alone, whatever library system stands in front of it. Raises as `library_of` does."""
    pepper = await asyncio.to_thread(secret, "catalogue.pepper_file", settings.pepper_file)
    if pepper == b"":
        raise SettingsError(
            f'catalogue.pepper_file = "{settings.pepper_file}": the file is empty. Restore it from a backup.'
        )
    url = settings.database or None
    async with open_library(home, url=url, clock=clock, pepper=pepper, purpose=purpose) as library:
        yield library


def library_system(settings: LibrarySystemSettings) -> LibrarySystem:
    """What `settings` say of the library's own system. Reads its passwords. Raises SettingsError."""
    places = dict(_place(entry) for entry in settings.places)

    def password(name: str, file: str) -> str:
        return (secret(f"library_system.{name}", file) or b"").decode("utf-8", errors="replace")

    try:
        search: SearchSettings | None = None
        if settings.search == "sru":
            version, schema = settings.sru_version, settings.sru_schema
            search = SruSettings(settings.sru_url, version=version, schema=schema, places=places)
        elif settings.search == "z3950":
            syntax, encoding = settings.z3950_syntax, settings.z3950_encoding
            search = Z3950Settings(settings.z3950_address, syntax=syntax, encoding=encoding, places=places)
        irbis = None
        if "irbis" in (settings.search, settings.circulation):
            irbis = IrbisSettings(
                settings.irbis_host,
                settings.irbis_port,
                user=settings.irbis_user,
                password=password("irbis_password_file", settings.irbis_password_file),
                catalogue=settings.irbis_catalogue,
                readers=settings.irbis_readers,
                requests=settings.irbis_requests,
                pin_field=settings.irbis_pin_field,
                allow_plain_text=settings.irbis_allow_plain_text,
                places=places,
            )
        if settings.search == "irbis":
            search = irbis
        match settings.circulation:
            case "sip2":
                sip2 = Sip2Settings(
                    settings.sip2_host,
                    settings.sip2_port,
                    institution=settings.sip2_institution,
                    user=settings.sip2_user,
                    password=password("sip2_password_file", settings.sip2_password_file),
                    encoding=settings.sip2_encoding,
                    tls=settings.sip2_tls,
                    allow_plain_text=settings.sip2_allow_plain_text,
                    month_first=settings.sip2_month_first,
                    believes_ready=settings.sip2_believes_ready,
                    sends_pin=settings.sip2_sends_pin,
                    places=places,
                )
                return LibrarySystem(search, sip2)
            case "koha":
                key = password("koha_password_file", settings.koha_password_file)
                return LibrarySystem(search, KohaSettings(settings.koha_url, settings.koha_user, key))
            case "irbis":
                return LibrarySystem(search, irbis)
            case _:
                return LibrarySystem(search)
    except ValueError as error:
        raise SettingsError(f"library_system: {error}.") from error


def _place(entry: str) -> tuple[str, str]:
    code, equals, name = entry.partition("=")
    if not equals or not code.strip() or not name.strip():
        raise SettingsError(f'library_system.places: {entry!r} is not "CODE=Name". Example: places = ["KZ=Name"]')
    return code.strip(), name.strip()
