"""What became of a synchronisation, and how good what it read is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from catalogue_client.catalogue.marc.description import Description
from catalogue_client.catalogue.marc.marc_reader import Piece
from catalogue_client.catalogue.marc.placing import is_designation

MOST_COMPARED = 400_000
"""Records among which doubles are looked for: each takes some memory."""
EXAMPLES = 200
"""Lines of one kind in the report; the number of all is always there."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not taken, or a file that could not be read."""

    file: str
    number: int
    """1-based in its file; 0 for the file itself."""
    reason: str


@dataclass(slots=True)
class SyncReport:
    """What one run did, or would do."""

    read: int = 0
    """Records that the source had, refused ones too."""
    new: int = 0
    changed: int = 0
    """Records of which something else is kept now, copies aside."""
    unchanged: int = 0
    deleted: int = 0
    copies_new: int = 0
    copies_changed: int = 0
    copies_gone: int = 0
    copies_bound: int = 0
    """Of copies changed or gone, those that wait until a loan or hold of a reader is over."""
    held_back: int = 0
    """Records that the source has no more, and that stay until somebody says yes."""
    why_held_back: str = ""
    cut: list[str] = field(default_factory=list)
    """Files that end or break in the middle."""
    refusals: list[Refusal] = field(default_factory=list)
    unidentified: int = 0
    """Refused records of which not even the number is known: which ones are missing then cannot be said."""
    fruitless: list[str] = field(default_factory=list)
    """Files of which nothing could be taken: missing, empty, or not of records at all."""
    overtaken: bool = False
    """A newer run of the same source has begun: this one has stopped."""
    good: set[str] = field(default_factory=set)
    """Files of which something was understood, or had been."""
    quality: Quality = field(default_factory=lambda: Quality())

    @property
    def is_partial(self) -> bool:
        """Whether part of the source was not read, so that what is missing may be there all the same."""
        whole = any(refusal.file and refusal.number == 0 for refusal in self.refusals)
        return whole or bool(self.cut or self.unidentified or self.fruitless)

    def refuse_whole(self, name: str, reason: str) -> None:
        """Note a file, folder or server of which nothing can be taken."""
        self.refusals.append(Refusal(name, 0, reason))
        self.fruitless.append(name)

    def summary(self) -> dict[str, Any]:
        """Return the figures, for JSON: lists by their length."""
        whole = {part.name: getattr(self, part.name) for part in fields(self) if part.name != "quality"}
        figures = {name: value if isinstance(value, int | str) else len(value) for name, value in whole.items()}
        return figures | {"odd": dict(self.quality.counts), "encodings": dict(self.quality.encodings)}


@dataclass(slots=True)
class Quality:
    """What is odd in records that were taken; of a run that is no dry one, in new and changed ones only."""

    encodings: Counter[str] = field(default_factory=Counter)
    unknown_codes: Counter[str] = field(default_factory=Counter)
    """Code of a place that is not mapped -> copies there."""
    counts: Counter[str] = field(default_factory=Counter)
    """Kind of what is odd -> records."""
    examples: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    """The same kind -> file, number, what is odd; the first EXAMPLES."""
    _seen: dict[int, tuple[str, int]] = field(default_factory=dict)

    def note(self, file: str, piece: Piece, described: Description) -> None:
        """Look at one record that was understood."""
        self.encodings[piece.encoding] += 1
        if piece.doubtful:
            self._odd("doubtful encoding", file, piece.number, f"{described.title} ({piece.encoding})")
        if is_designation(described.title):
            self._odd("volume without a set", file, piece.number, described.title)
        if described.year is None:
            self._odd("no year", file, piece.number, described.title)
        if described.language == "und":
            self._odd("no language", file, piece.number, described.title)
        if not described.copies:
            self._odd("no copy", file, piece.number, described.title)
        same = hash((described.title, described.author, described.year, described.formats, described.place.volume))
        if len(self._seen) < MOST_COMPARED:
            first = self._seen.setdefault(same, (file, piece.number))
            if first != (file, piece.number):
                what = f"{described.title}, as in {first[0]} record {first[1]}"
                self._odd("suspected double", file, piece.number, what)

    def _odd(self, kind: str, file: str, number: int, what: str) -> None:
        self.counts[kind] += 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < EXAMPLES:
            examples.append((file, number, what))


def lines_of(report: SyncReport) -> list[tuple[str, str, str, str]]:
    """Return the report as rows: kind, file, record, what; refusals first."""
    rows = [("refused", refusal.file, str(refusal.number), refusal.reason) for refusal in report.refusals]
    rows += [("cut in the middle", name, "", "") for name in report.cut]
    quality = report.quality
    rows += [
        ("unknown place", "", "", f"{code!r}: {count} copies") for code, count in quality.unknown_codes.most_common()
    ]
    rows += [("encoding", "", "", f"{name}: {count} records") for name, count in quality.encodings.most_common()]
    for kind, examples in sorted(quality.examples.items()):
        rows += [(kind, file, str(number), what) for file, number, what in examples]
        if (left := quality.counts[kind] - len(examples)) > 0:
            rows.append((kind, "", "", f"and {left} more"))
    return rows
