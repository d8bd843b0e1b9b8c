"""The rules of home delivery: delivery_policy.toml, or the library's own delivery.toml, as values."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from catalogue_client.couriers.sender import Sender
from catalogue_client.errors import StorageError
from catalogue_client.store.rules_in_force import RulesInForce

RULES = Path(__file__).with_name("delivery_policy.toml")
OWN_FILE = "delivery.toml"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class PolicySection(BaseModel):
    """A table of the file. Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeliveryLimits(PolicySection):
    """Limits of one delivery and of one reader. Numbers count what names them, or are minutes or days."""

    items: int = Field(ge=1)
    grams: int = Field(ge=1)
    open: int = Field(ge=1)
    undo_minutes: int = Field(ge=0)
    notice_minutes: int = Field(ge=0)
    days_ahead: int = Field(ge=1)
    offered: int = Field(ge=1)
    late_minutes: int = Field(ge=0)
    address_days: int = Field(ge=0)
    attempts: int = Field(ge=1)
    new_readers_sign_at_door: bool


class CopyWeights(PolicySection):
    """Grams of one copy, by format, for want of scales."""

    print: int
    large_print: int
    braille: int
    audio: int


class City(PolicySection):
    """Where couriers go: names of districts, and names in addresses that lie outside."""

    districts: tuple[str, ...]
    outside: tuple[str, ...]


class NoteRules(PolicySection):
    """Parts of a note that say why a reader has deliveries: not for the courier unless the reader agrees."""

    private: tuple[str, ...]


class PickingRules(PolicySection):
    """Where parcels are packed when no branch has most of the books, and formats that never travel."""

    place_id: str
    stays: tuple[Literal["print", "large_print", "braille", "audio"], ...]


class Round(PolicySection):
    """One window of a week. No district named: every district."""

    weekdays: tuple[Weekday, ...]
    starts: Clock
    ends: Clock
    capacity: int = Field(ge=1)
    districts: tuple[str, ...] = ()


class Blackout(PolicySection):
    """Days without a round, the first and the last included."""

    first: date
    last: date
    why: str = ""


class DeliveryPolicy(PolicySection):
    """The whole file."""

    limits: DeliveryLimits
    weights: CopyWeights
    city: City
    notes: NoteRules
    gathering: PickingRules
    couriers: tuple[Sender, ...] = Field(min_length=1)
    """In the order in which they are asked."""
    rounds: tuple[Round, ...]
    blackouts: tuple[Blackout, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_courier(cls, given: Any) -> Any:
        """Take the table [courier] of files from before there could be several."""
        if not isinstance(given, dict) or "courier" not in given:
            return given
        if "couriers" in given:
            raise ValueError("name the couriers in [[couriers]] only, without [courier]")
        return {key: value for key, value in given.items() if key != "courier"} | {"couriers": [given["courier"]]}

    @model_validator(mode="after")
    def _known_districts(self) -> DeliveryPolicy:
        for what, tables in (("rounds", self.rounds), ("couriers", self.couriers)):
            unknown = {district for table in tables for district in table.districts} - set(self.city.districts)
            if unknown:
                raise ValueError(f"{what} go to {', '.join(sorted(unknown))}, not named in city.districts")
        ids = [courier.id for courier in self.couriers]
        if len(set(ids)) < len(ids):
            raise ValueError("two couriers have one id")
        if left := [district for district in self.city.districts if not self.couriers_to(district)]:
            raise ValueError(f"no courier goes to {', '.join(left)}")
        return self

    def courier(self, courier_id: str) -> Sender | None:
        """Return the courier of this id; None for one that is no longer in the rules."""
        return next((courier for courier in self.couriers if courier.id == courier_id), None)

    def couriers_to(self, district: str) -> tuple[Sender, ...]:
        """Return who goes to a district, in the order in which they are asked; "" where the district is not known."""
        return tuple(
            courier
            for courier in self.couriers
            if not district or not courier.districts or district in courier.districts
        )

    def courier_after(self, courier_id: str, district: str) -> Sender | None:
        """Return who is asked when this courier does not bring it; None when nobody is left."""
        ids = [courier.id for courier in self.couriers]
        if courier_id not in ids:
            return None
        later = set(ids[ids.index(courier_id) + 1 :])
        return next((courier for courier in self.couriers_to(district) if courier.id in later), None)


def load_delivery_policy(home: Path | None = None) -> DeliveryPolicy:
    """Return the rules of the library's own file `delivery.toml` in `home` when there is one, else the shipped ones.

    Raises StorageError with a line for every mistake.
    """
    own = home / OWN_FILE if home else RULES
    path = own if own.exists() else RULES
    try:
        return DeliveryPolicy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StorageError(f"the delivery rules {path} cannot be read: {error}") from error
    except ValidationError as error:
        lines = "\n".join(f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise StorageError(f"the delivery rules {path} need mending:\n{lines}") from error


def delivery_rules_in_force(home: Path, load: Callable[[Path], DeliveryPolicy]) -> RulesInForce[DeliveryPolicy]:
    """Return the rules of `home`, read again when its file changes. Who carries for the library is connected at the
    start, so other couriers need a new one. Raises StorageError."""

    def hindrance(before: DeliveryPolicy, after: DeliveryPolicy) -> str:
        same = _outside(before) == _outside(after)
        return "" if same else "they name other couriers and come into force with the next start"

    return RulesInForce(home / OWN_FILE, lambda: load(home), hindrance)


def _outside(rules: DeliveryPolicy) -> tuple[object, ...]:
    return tuple(courier for courier in rules.couriers if not courier.is_library)
