"""One courier of the rules: the library's own rounds, or an outside courier and the library as it knows it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Phone = Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{9,14})?$")]
Coordinates = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]


class Sender(BaseModel):
    """A table [[couriers]] of the delivery rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["own_route", "yandex"]
    id: str = Field(pattern=r"^[a-z0-9_]{1,16}$")
    """Kept with each delivery; the kind where none is given."""
    districts: tuple[str, ...] = ()
    """Where this courier goes; none named: everywhere."""
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

    @model_validator(mode="before")
    @classmethod
    def _named_by_kind(cls, given: Any) -> Any:
        return {"id": given.get("kind", ""), **given} if isinstance(given, dict) else given

    @property
    def is_library(self) -> bool:
        """Whether the library carries the parcels itself: then a booking is confirmed at once and nobody is asked."""
        return self.kind == "own_route"

    @model_validator(mode="after")
    def _whole(self) -> Sender:
        needed = ("name", "sender_phone", "email", "address", "coordinates")
        missing = [key for key in needed if not getattr(self, key)]
        if self.kind == "yandex" and missing:
            raise ValueError(f'for kind = "yandex" set {", ".join(missing)} in [[couriers]]')
        return self
