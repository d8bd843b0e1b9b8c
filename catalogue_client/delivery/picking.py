"""Which copies go into a parcel, and at which branch they are gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.items import IN_TRANSIT, KEPT, ON_SHELF
from catalogue_client.delivery.delivery_policy import CopyWeights, DeliveryPolicy
from catalogue_client.errors import NotFound, Refused
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.store.database import for_change
from catalogue_client.store.schema import OPEN_HOLD, USED_HOLD, copies, holds, records


@dataclass(frozen=True, slots=True)
class Picked:
    """A copy for a parcel."""

    record_id: str
    copy_id: int
    place_id: str
    """Where it stands."""
    grams: int
    hold_id: int | None = None
    """The reader's own hold, for which it was set aside already."""


async def pick(
    connection: AsyncConnection, ticket: str, record_ids: Sequence[str], rules: DeliveryPolicy, places: PlaceDirectory
) -> tuple[str, tuple[Picked, ...]]:
    """Return the branch to gather at, and one copy of each record: the reader's own hold, else one that stands at that
    branch, else the lightest that stands anywhere.

    Nothing is changed; rows are locked in a writing transaction.

    Raises Refused (item_taken, may_not_travel, too_heavy).
    """
    candidates = {record_id: await _candidates(connection, ticket, record_id, rules) for record_id in record_ids}
    branch = _branch(candidates, rules, places)
    picked = tuple(
        min(found, key=lambda one: (one.hold_id is None, one.place_id != branch, one.grams, one.copy_id))
        for found in candidates.values()
    )
    if sum(item.grams for item in picked) > rules.limits.grams:
        raise Refused("too_heavy", number=rules.limits.grams // 1000)
    return branch, picked


async def take(connection: AsyncConnection, branch: str, picked: Sequence[Picked]) -> None:
    """Take the copies off the shelf list: kept at the branch, or on the way to it. The reader's own holds on them are
    used up: they stay bound to their copies, so that a delivery that comes to nothing gives them back.

    Raises Refused("item_taken") when a copy was taken since.
    """
    for item in picked:
        status = KEPT if item.place_id == branch else IN_TRANSIT
        mine = copies.c.id == item.copy_id
        if item.hold_id is None:
            mine &= copies.c.status == ON_SHELF
        done = await connection.execute(update(copies).where(mine).values(status=status))
        if not done.rowcount:
            raise Refused("item_taken")
        if item.hold_id is not None:
            await connection.execute(update(holds).where(holds.c.id == item.hold_id).values(status=USED_HOLD))


def weight(format: str, weights: CopyWeights) -> int:
    """Return the grams of one copy of this format."""
    return int(getattr(weights, format, weights.print))


async def _candidates(
    connection: AsyncConnection, ticket: str, record_id: str, rules: DeliveryPolicy
) -> tuple[Picked, ...]:
    own = (
        select(copies, holds.c.id.label("hold_id"))
        .join(holds, holds.c.copy_id == copies.c.id)
        .where(holds.c.ticket == ticket, holds.c.record_id == record_id, holds.c.status.in_(OPEN_HOLD))
    )
    on_shelf = (
        select(copies)
        .where(copies.c.record_id == record_id, copies.c.status == ON_SHELF)
        .order_by(case((copies.c.format.in_(rules.gathering.stays), 1), else_=0), copies.c.id)
        .limit(200)
    )
    rows: list[Row[Any]] = list(await connection.execute(own))
    found = [_picked(row, row.hold_id, rules) for row in rows if row.format not in rules.gathering.stays]
    rows = list(await connection.execute(for_change(connection, on_shelf, skip_locked=True)))
    travels = [row for row in rows if row.format not in rules.gathering.stays]
    found += [_picked(row, None, rules) for row in travels]
    if not found:
        title = await connection.scalar(select(records.c.title).where(records.c.id == record_id))
        if title is None:
            raise NotFound(f"no record {record_id!r}")
        raise Refused("may_not_travel" if rows else "item_taken", title=title)
    return tuple(found)


def _picked(row: Row[Any], hold_id: int | None, rules: DeliveryPolicy) -> Picked:
    return Picked(row.record_id, row.id, row.place_id, weight(row.format, rules.weights), hold_id)


def _branch(candidates: dict[str, tuple[Picked, ...]], rules: DeliveryPolicy, places: PlaceDirectory) -> str:
    """Return the branch where most of the books stand; the rules name one for when none does."""
    count = Counter(place for found in candidates.values() for place in {item.place_id for item in found})
    branches = [place for place in count if _is_branch(places, place)]
    return max(branches, key=lambda place: (count[place], place), default=rules.gathering.place_id)


def _is_branch(places: PlaceDirectory, place_id: str) -> bool:
    try:
        return places.place(place_id).kind == "branch"
    except NotFound:
        return False
