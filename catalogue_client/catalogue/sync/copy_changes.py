"""What has to change in the store so that a record's copies are those that its source has now. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue_client.catalogue.marc.holdings import CopyNote
from catalogue_client.circulation.items import GONE, UNPLACED

ITEM_LENGTH = 96


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """A copy as the store has it."""

    id: int
    item: str
    code: str
    place_id: str
    format: str
    status: str
    reported: str
    """What its source said last; "" before the first synchronisation."""
    bound: bool
    """A reader of ours has it, or it is set aside or on its way for one: what becomes of it is not the source's."""


@dataclass(slots=True)
class CopyChanges:
    """What to do with the copies of one record."""

    new: list[dict[str, Any]] = field(default_factory=list)
    """Rows without the record."""
    changed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """Copy id, columns to set."""
    gone: int = 0
    """Of `changed`, those that the source has no more."""
    bound: int = 0
    """Of `changed`, those whose status waits until a reader's loan or hold is over."""


def compare_copies(
    known: Sequence[KnownCopy], wanted: Mapping[str, CopyNote], form: str, place_of: Callable[[str], str | None]
) -> CopyChanges:
    """Return what makes `known` what `wanted` says, see `with_items`. `form` is the record's format; `place_of` gives a
    code's place id."""
    changes = CopyChanges()
    left = {copy.item: copy for copy in known if copy.item}
    nameless = [copy for copy in known if not copy.item]  # of a store that knew no bar codes
    for item, note in wanted.items():
        place_id = place_of(note.code) or ""
        copy = left.pop(item, None) or _nameless(nameless, place_id)
        if copy is None:
            status = note.status if place_id else UNPLACED
            row = {"item": item, "code": note.code, "place_id": place_id, "format": form}
            changes.new.append(row | {"status": status, "reported": note.status})
            continue
        values = _differences(copy, item, note, form, place_id)
        if values:
            changes.changed.append((copy.id, values))
            changes.bound += copy.bound and "reported" in values
    for copy in (*left.values(), *nameless):
        if copy.reported != GONE:
            changes.changed.append((copy.id, {"reported": GONE} | ({} if copy.bound else {"status": GONE})))
            changes.gone += 1
            changes.bound += copy.bound
    return changes


def with_items(notes: Sequence[CopyNote]) -> dict[str, CopyNote]:
    """Return the copies by what tells them apart: bar code or number, else their count at their place.

    A number that two copies share, as a bar code of "0" does, is counted too, so that none is lost.
    """
    wanted: dict[str, CopyNote] = {}
    counted: Counter[str] = Counter()
    for note in notes:
        name = (f"={note.item}" if note.item else f"@{note.code}")[: ITEM_LENGTH - 6]
        counted[name] += 1
        item = name if note.item and counted[name] == 1 else f"{name}#{counted[name]}"
        while item in wanted:  # a bar code may end in "#2" itself
            counted[name] += 1
            item = f"{name}#{counted[name]}"
        wanted[item] = note
    return wanted


def _nameless(copies: list[KnownCopy], place_id: str) -> KnownCopy | None:
    """Take the copy without a name that fits best out of `copies`."""
    if not copies:
        return None
    best = next((copy for copy in copies if copy.place_id == place_id), copies[0])
    copies.remove(best)
    return best


def _differences(copy: KnownCopy, item: str, note: CopyNote, form: str, place_id: str) -> dict[str, Any]:
    """The source's word counts where it is news; between two words of it the copy is where our readers have put it."""
    values: dict[str, Any] = {}
    for name, now in (("item", item), ("code", note.code), ("format", form), ("reported", note.status)):
        if getattr(copy, name) != now:
            values[name] = now
    if copy.bound:
        return values
    if place_id != copy.place_id and ("code" in values or not copy.place_id or not place_id):
        values["place_id"] = place_id
    status = note.status if place_id else UNPLACED
    news = "reported" in values or copy.status in (UNPLACED, GONE) or not place_id
    if news and status != copy.status:
        values["status"] = status
    return values
