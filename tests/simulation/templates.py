"""A small library as it is on the morning of every simulated day: made once for a process, copied for each seed."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import argon2
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import catalogue_client.delivery.delivery_policy as delivery_policy
import catalogue_client.embedded_library as embedded
import catalogue_client.store.database as database
import catalogue_client.store.encryption as encryption
import voice.synthesis.language_segments as language_segments
from catalogue_client.embedded_library import open_library
from catalogue_client.seed.works import WORKS
from catalogue_client.store.purpose import Purpose
from voice.nlu.phrasebook import Phrasebook

MORNING = datetime.fromisoformat("2026-11-24T09:00:00+05:00")
TITLES = 12
COPIES = (1, 1, 1, 2, 2, 3)
"""Copies of one title after another: few, so that readers get into each other's way."""
YANDEX = """[[couriers]]
kind = "yandex"
name = "Library"
sender_phone = "+77012223344"
email = "library@example.kz"
address = "Абай даңғылы, 14"
coordinates = [76.945, 43.238]
"""


def _parsed(home: Path) -> delivery_policy.DeliveryPolicy:
    own = home / delivery_policy.OWN_FILE
    return _policy(own.read_text(encoding="utf-8") if own.exists() else "")


@cache
def _policy(own: str) -> delivery_policy.DeliveryPolicy:
    rules = own or delivery_policy.RULES.read_text(encoding="utf-8")
    return delivery_policy.DeliveryPolicy.model_validate(tomllib.loads(rules))


ENGINES: dict[str, AsyncEngine] = {}
make_engine = create_async_engine


def _engine(url: str, **more: Any) -> AsyncEngine:
    """One engine for all lives with one file, which so compiles each statement once; its connections are new."""
    if url in ENGINES:
        ENGINES[url].sync_engine.dispose(close=False)
    else:
        ENGINES[url] = make_engine(url, **more)
    return ENGINES[url]


READ_ONCE: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (embedded, "load_places", cache(embedded.load_places)),
    (embedded, "load_circulation_policy", cache(embedded.load_circulation_policy)),
    (embedded, "load_delivery_policy", _parsed),
    (database, "create_async_engine", _engine),
    (language_segments, "normalise", cache(language_segments.normalise)),
)
"""What is read from files of the program, and what it makes of one text: the same for every seed."""


@contextmanager
def cheaply() -> Iterator[None]:
    """Hashes of PINs without their price, and rules that do not change read once: seeds are many."""

    def hasher(**cost: Any) -> argon2.PasswordHasher:
        return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(encryption, "PasswordHasher", hasher))
        for module, name, read_once in READ_ONCE:
            stack.enter_context(mock.patch.object(module, name, read_once))
        yield


class Template:
    """The folders of a library, with the library's own route and with an outside courier."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.works = folder / "works"
        self.titles: tuple[str, ...] = ()

    def make(self) -> None:
        """Make the template in its folder."""
        self.works.mkdir(parents=True)
        header, *lines = (Path(WORKS) / "english.tsv").read_text(encoding="utf-8").splitlines()
        chosen = lines[:TITLES]
        (self.works / "english.tsv").write_text("\n".join((header, *chosen, "")), encoding="utf-8")
        self.titles = tuple(line.split("\t")[0].lower() for line in chosen)
        home = self.folder / "home"
        with cheaply():
            asyncio.run(self._opened(home, lambda: MORNING))
        with closing(sqlite3.connect(home / "library.sqlite")) as connection:
            lent = "SELECT copy_id FROM loans WHERE returned IS NULL"
            connection.execute(f"UPDATE copies SET status = 'shelf' WHERE id NOT IN ({lent})")
            for n, (record_id,) in enumerate(connection.execute("SELECT id FROM records ORDER BY id").fetchall()):
                lent_out = connection.execute(f"{lent} AND record_id = ?", (record_id,)).fetchone()
                count = 0 if lent_out else COPIES[n % len(COPIES)]
                keep = f"SELECT id FROM copies WHERE record_id = ? ORDER BY id LIMIT {count}"
                doomed = f"record_id = ? AND id NOT IN ({keep}) AND id NOT IN (SELECT copy_id FROM loans)"
                connection.execute(f"DELETE FROM copies WHERE {doomed}", (record_id, record_id))
            sought = "SELECT lower(title) FROM records WHERE id IN (SELECT record_id FROM loans WHERE returned IS NULL)"
            self.titles += 3 * tuple(title for (title,) in connection.execute(f"{sought} ORDER BY id"))
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")

    async def _opened(self, home: Path, clock: Callable[[], datetime]) -> None:
        async with open_library(home, clock=clock, works=self.works, purpose=Purpose.DEMONSTRATION):
            pass

    def phrasebook(self) -> Phrasebook:
        """Return the real phrasebook, which reads each text once."""
        book = Phrasebook.load()
        book.understand = cache(book.understand)  # type: ignore[method-assign]
        return book

    def copy(self, home: Path, *, courier: bool) -> None:
        """Make a fresh library in `home`."""
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for name in ("library.sqlite", "search.sqlite", "pepper", "node"):
            shutil.copyfile(self.folder / "home" / name, home / name)
        if courier:
            rules, _, rest = delivery_policy.RULES.read_text(encoding="utf-8").partition("[[couriers]]")
            (home / delivery_policy.OWN_FILE).write_text(f"{rules}{YANDEX}{rest[rest.index('[[rounds]]') - 1 :]}")
            (home / "courier_token").write_text("token")
