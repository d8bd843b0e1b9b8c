"""What is set for one desk: the display that stands on it, and how it shows text to the readers who sit there."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from devices.errors import DeskError
from devices.keys import bindings, code_of
from devices.session import DisplaySettings
from languages.codes import Language

DESK_ID = r"[a-z0-9][a-z0-9-]{0,39}"
_ADDRESS = r"([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"
_PORT = (
    rf"usb:(serialNumber=[\w.-]+)?|hid:((serialNumber|name)=[\w.-]+|address={_ADDRESS})?|"
    rf"bluetooth:(address={_ADDRESS}|name=[\w.-]+)?|serial:[\w./-]+|emulated:(8|9|[1-7]\d|80)"
)
_SERVER = r"|([\w.-]*|\[[0-9A-Fa-f:.]+\]):\d{1,3}"
_THIS_MACHINE = frozenset({"", "localhost", "127.0.0.1", "[::1]"})
_PLAIN = r"[^\x00-\x1f\x7f]*"

Text = Annotated[str, Field(max_length=100, pattern=f"^{_PLAIN}$")]


class DeskSettings(BaseModel):
    """One desk. Every field has a default: a display on USB is found by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text = Field("", description="What staff call the desk, such as: Abai branch, left of the door.")
    branch: Text = Field("", description="Id of the branch or station, as the catalogue has it.")
    driver: str = Field("auto", description="BRLTTY's code of the display's family, such as bm or fs; auto finds it.")
    port: str = Field(
        "usb:",
        pattern=f"^({_PORT})$",
        description="Allowed: usb: hid: bluetooth:address=00:11:22:33:44:55 bluetooth:name=NAME serial:ttyS0, or "
        "emulated:40 for a display of 40 cells without hardware.",
    )
    server: str = Field(
        "",
        pattern=f"^({_SERVER})$",
        description="A BRLTTY that runs already and that a screen reader shares, such as :0 or [::1]:0; "
        "the number is added to port 4101. Empty: one of our own.",
    )
    key_file: str = Field(
        "",
        pattern=rf"^(|/{_PLAIN})$",
        description="File with the key of that BRLTTY, by its full path; empty: /etc/brlapi.key.",
    )
    call_key: str = Field(
        "HELP", description="At a display shared with a screen reader, the key that calls Dauys, by BRLTTY's name."
    )
    tty: int = Field(
        1, ge=1, le=63, description="Console on which the display is taken when a screen reader shares it."
    )
    cells: int = Field(0, ge=0, le=80, description="Cells in a row, to notice a wrong display; 0: whatever it has.")
    language: Language = Field("kk", description="Language of the first greeting at this desk.")
    capitals: bool = Field(False, description="Show capital signs in Kazakh and Russian.")
    grade: Literal[1, 2] = Field(1, description="English Braille: 1 every letter, 2 contracted.")
    wrap: Literal["words", "syllables", "marked", "anywhere"] = Field("words", description="Where a row may end.")
    message_s: float = Field(4.0, ge=0, le=60, description="Seconds that a message stays; 0: none are shown.")
    message_stays: bool = Field(False, description="A message stays until a key is pressed.")
    scroll_cells_per_s: float = Field(10.0, ge=1, le=80, description="Speed of automatic scrolling, cells a second.")
    pan_stops_speech: bool = Field(False, description="Moving the display's window stops what is being said.")
    cursor_blinks: bool = Field(False, description="The cursor blinks; slow displays cannot follow.")
    status_cells: int = Field(
        0, ge=0, le=4, description="Cells at the left for what Dauys does and the result's number."
    )
    marks: bool = Field(True, description="Dots 7 and 8 mark what can be chosen.")
    idle_s: int = Field(300, ge=120, le=7200, description="Seconds without a key after which a visit ends.")
    keys: Mapping[str, str] = Field({}, description="Changes to what keys do, by BRLTTY's names: BACK = cancel.")

    @field_validator("driver")
    @classmethod
    def _known_driver(cls, value: str) -> str:
        if value != "auto" and value not in drivers():
            raise ValueError(f"known codes are auto, {', '.join(drivers())}")
        return value

    @field_validator("keys")
    @classmethod
    def _known_keys(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        try:
            bindings(value)
        except DeskError as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("call_key")
    @classmethod
    def _known_call_key(cls, value: str) -> str:
        try:
            code_of(value)
        except DeskError as error:
            raise ValueError(str(error)) from error
        return value

    @property
    def emulated_cells(self) -> int:
        """Cells of an emulated display; 0 for a real one."""
        kind, _, cells = self.port.partition(":")
        return int(cells) if kind == "emulated" else 0

    def may_share_display_with(self, other: DeskSettings) -> bool:
        """Whether both would take one display: the same port, or one of them takes any on USB or Bluetooth."""
        if self.server or other.server:
            return (_server(self.server), self.tty) == (_server(other.server), other.tty)
        if self.emulated_cells or other.emulated_cells:
            return False
        (kind, _, where), (other_kind, _, other_where) = self.port.partition(":"), other.port.partition(":")
        same_place = kind == other_kind and (where == other_where or not where or not other_where)
        return same_place and (self.driver == other.driver or "auto" in (self.driver, other.driver))

    @property
    def display(self) -> DisplaySettings:
        """How its display behaves."""
        return DisplaySettings(
            status_cells=self.status_cells,
            message_s=None if self.message_stays else self.message_s,
            scroll_cells_per_s=self.scroll_cells_per_s,
            pan_stops_speech=self.pan_stops_speech,
        )


def _server(address: str) -> str:
    """One address for all names of a server on this machine."""
    host, _, number = address.rpartition(":")
    return f":{int(number)}" if number and host.lower() in _THIS_MACHINE else address.lower()


def desk(values: Mapping[str, Any]) -> DeskSettings:
    """A desk from its settings. Raises DeskError with a line for every mistake: key, value, what is allowed."""
    try:
        return DeskSettings.model_validate(dict(values))
    except ValidationError as error:
        raise DeskError("\n".join(_sentence(dict(mistake)) for mistake in error.errors())) from error


def _sentence(mistake: Mapping[str, Any]) -> str:
    key = str(mistake["loc"][0]) if mistake["loc"] else "desk"
    field = DeskSettings.model_fields.get(key)
    if field is None:
        return f"{key}: there is no such setting. There are: {', '.join(DeskSettings.model_fields)}."
    pattern = mistake["type"] == "string_pattern_mismatch"
    reason = "not in a form that is known" if pattern else str(mistake["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{key} = {mistake['input']!r}: {reason}. {field.description}"


@functools.cache
def drivers() -> dict[str, dict[str, Any]]:
    """BRLTTY's driver codes with the makers' names and USB numbers."""
    return tomllib.loads(files("devices").joinpath("drivers.toml").read_text(encoding="utf-8"))
