"""Which rows of home delivery nobody needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, select

from catalogue_client.circulation.expiry import OldRows
from catalogue_client.circulation.policy import RetentionDays
from catalogue_client.delivery.delivery_schema import courier_events, deliveries, outbox, staff_tasks, trips


def old_delivery_rows(kept: RetentionDays, now: datetime) -> tuple[OldRows, ...]:
    """Return the tables with what `kept` lets go at `now`, an aware moment: nothing of a delivery that is open."""

    def older(days: int) -> datetime:
        return now - timedelta(days=days)

    over = select(deliveries.c.number).where(deliveries.c.ended < older(kept.outbox))
    long_over = select(deliveries.c.number).where(deliveries.c.ended < older(kept.trips))
    return (
        (outbox, and_(outbox.c.state == "done", outbox.c.number.in_(over))),
        (trips, and_(trips.c.closed, trips.c.number.in_(long_over))),
        (courier_events, courier_events.c.at < older(kept.courier_events)),
        (staff_tasks, staff_tasks.c.done < older(kept.tasks)),
    )
