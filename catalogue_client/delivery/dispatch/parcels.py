"""A delivery as the parcel that a courier carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from catalogue_client.couriers.courier import Parcel, ParcelItem
from catalogue_client.delivery.sealed_data import KeptItem, Personal
from catalogue_client.store.encryption import Encryption, opened


def parcel_of(row: Row[Any], items: Sequence[KeptItem], encryption: Encryption) -> Parcel:
    """The parcel of a row of `deliveries`. The courier gets name, telephone, address and note: no titles."""
    personal = opened(encryption, row.sealed, Personal)
    return Parcel(
        number=str(row.number),
        kind=row.kind,
        name=personal.name,
        phone=personal.phone,
        address=personal.address,
        note=personal.note,
        items=tuple(ParcelItem(f"copy-{item.copy_id}", item.grams) for item in items),
        starts=row.starts,
        ends=row.ends,
    )
