"""Zebra, the engine of many library systems, asked over SRU by the connector that ships.

Its words are folded in the index (Ауэзов, Әуезов), as a careful library would set it up.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pymarc import Field, Indicators, Record, Subfield

from catalogue_client.connectors.sru.catalogue import sru_catalogue
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.errors import LibraryError
from catalogue_client.values.bibliographic import Query
from engines import Engine, Row

sys.path.insert(0, str(Path(__file__).parents[3]))  # the server that the tests start is used here too

from tests.rig.zebra_server import Zebra

LANGUAGES = {"kk": "kaz", "ru": "rus", "en": "eng"}
ANSWER_S = 30.0
"""A slow answer shall be measured, not given up."""


def zebra(rows: Sequence[Row], folder: Path) -> Engine:
    """Raises FileNotFoundError where Zebra is not installed."""
    server = Zebra(_marc(rows), folded=True)
    loop = asyncio.new_event_loop()
    opened = sru_catalogue(SruSettings(server.url, page=100, answer_s=ANSWER_S))
    catalogue = loop.run_until_complete(opened.__aenter__())

    def search(text: str) -> list[int]:
        try:
            found = loop.run_until_complete(catalogue.search(Query(words=text, limit=10)))
        except LibraryError:
            return []
        return [int(record.id) for record in found.records]

    def stop() -> None:
        loop.run_until_complete(opened.__aexit__(None, None, None))
        loop.close()
        server.stop()

    return Engine(search, server.folder, server.pid, stop)


def _marc(rows: Sequence[Row]) -> Iterator[Record]:
    for number, row in enumerate(rows):
        sent = (
            ("041", "a", LANGUAGES[row["language"]]),
            ("100", "a", ", ".join(reversed(row["author"].rsplit(" ", 1)))),
            ("245", "a", row["title"]),
            ("260", "c", str(row["year"])),
        )
        fields = [Field(tag, Indicators(" ", " "), [Subfield(code, value)]) for tag, code, value in sent]
        yield Record(fields=[Field("001", data=str(number)), *fields], leader="00000nam a2200000 i 4500")
