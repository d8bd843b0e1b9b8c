"""Slips and run sheets as lines: for paper, for Braille, for a screen reader. Each line stands by itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from catalogue_client.delivery.staff_desk import Job
from languages.codes import Language

SENTENCES = Path(__file__).with_name("run_sheets.toml")

SHORT = 40
"""Longest title on a run sheet; slips have it whole."""


class RunSheets:
    """Writes slips and run sheets in one language."""

    def __init__(self, language: Language, path: Path = SENTENCES) -> None:
        """Raises OSError, tomllib.TOMLDecodeError or KeyError for a file without this language."""
        self._say: Mapping[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))[language]

    def slip(self, job: Job, longest: int | None = None) -> tuple[str, ...]:
        """Return the lines for parcel and reader, the same page: the books, when and how they go back, the number.

        Neither name nor address is on it: it stays with the books. With `longest`, titles are cut to so many letters
        and authors left out, so that it can be made to fit on a page.
        """
        return tuple(self._slip(job, longest))

    def run_sheet(self, jobs: Sequence[Job], day: date) -> tuple[str, ...]:
        """Return the lines for whoever drives the round of one day, in the order of `jobs`.

        They hold addresses: the sheet goes back to the library and is destroyed there.
        """
        return (
            self._line("route", date=_day(day), count=len(jobs)),
            *(line for job in jobs for line in self._stop(job)),
        )

    def gathering(self, jobs: Sequence[Job]) -> tuple[str, ...]:
        """Return what is to be brought from elsewhere before parcels can be packed."""
        return tuple(
            self._line("gather", title=item.title, place=item.place)
            for job in jobs
            for item in job.items
            if item.elsewhere
        )

    def _slip(self, job: Job, longest: int | None) -> Iterator[str]:
        yield self._line(job.delivery.kind, number=job.delivery.id)
        for n, item in enumerate(job.items, 1):
            author = item.author if longest is None else ""
            title = item.title if longest is None else shortened(item.title, longest)
            yield self._line("by" if author else "item", n=n, title=title, author=author)
        due = next((item.due for item in job.items if item.due), None)
        if due is not None:
            yield self._line("due", date=_day(due))
            yield self._line("return")

    def _stop(self, job: Job) -> Iterator[str]:
        slot = job.delivery.slot
        yield self._line(job.delivery.kind, number=job.delivery.id)
        yield self._line("window", starts=f"{slot.starts:%H:%M}", ends=f"{slot.ends:%H:%M}")
        yield self._line("address", address=job.address)
        for key in ("name", "phone", "note"):
            if value := getattr(job, key):
                yield self._line(key, **{key: value})
        if job.signs:
            yield self._line("signs")
        if job.delivery.code:
            yield self._line("code", code=job.delivery.code)
        yield self._line("packed", place=job.packed_at)
        for n, item in enumerate(job.items, 1):
            yield self._line("item", n=n, title=shortened(item.title, SHORT))
        yield self._line("weight", kilograms=f"{job.grams / 1000:.1f}")

    def _line(self, key: str, **values: object) -> str:
        return self._say[key].format(**values)


def shortened(text: str, longest: int) -> str:
    """Return at most `longest` letters of `text`, the last of them … where something was left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
