"""Who sends: the library as an outside courier knows it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Phone = Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{9,14})?$")]
Coordinates = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class Sender(BaseModel):
    """Table [courier] of the delivery rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["own_route", "yandex"]
    phone: Phone = ""
    """Reaches whoever drives the library's own route."""
    url: str = "https://b2b.taxi.yandex.net"
    language: Literal["ru", "en"] = "ru"
    name: str = ""
    sender_phone: Phone = ""
    email: str = ""
    address: str = ""
    """Where parcels are fetched, and books brought back."""
    coordinates: Coordinates | None = None
    """Longitude first: Almaty is near [76.945, 43.238]."""
    currency: str = "KZT"
    item_value: Decimal = Decimal("2500.00")
    """What one book is insured for."""
    skip_confirmation: bool = True
    """The courier hands over without the code that is sent by SMS: a blind reader may not be able to read it."""
    timeout_s: float = Field(10.0, gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Sender:
        needed = ("name", "sender_phone", "email", "address", "coordinates")
        missing = [key for key in needed if not getattr(self, key)]
        if self.kind == "yandex" and missing:
            raise ValueError(f'for kind = "yandex" set {", ".join(missing)} in [courier]')
        return self
