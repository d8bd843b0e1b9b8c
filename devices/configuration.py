"""The files that a brltty needs to serve a desk: its configuration, the key that lets Dauys in, rules for USB."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from devices.desk import DeskSettings, drivers
from devices.errors import DeskError

_KEY_BYTES = 32
_KEY_MODE = 0o640
"""The owner and one group: whoever has the key sees every key that a reader presses."""


def brltty_conf(driver: str, device: str, number: int, key_file: Path | None, *, cursor_blinks: bool = False) -> str:
    """A brltty.conf for a display that serves programs and no screen.

    `driver` is BRLTTY's code or auto, `device` where the display is, `number` that of the server: TCP port
    4101 + number on this machine only. Without `key_file` any local program may use the display.

    Raises DeskError for a path that such a file cannot hold.
    """
    if key_file and any(sign in str(key_file) for sign in " ,#"):
        raise DeskError(
            f"{key_file}: BRLTTY cannot read a key from a path with a space, comma or #. Set another DAUYS_HOME."
        )
    auth = f"keyfile:{key_file}" if key_file else "none"
    blink = "yes" if cursor_blinks else "no"
    return "\n".join(
        (
            "# Written by Dauys; changes are lost. Change the desk with `dauys desks set`.",
            f"braille-driver {driver}",
            f"braille-device {device}",
            "screen-driver no",
            "speech-driver no",
            f"api-parameters Auth={auth},Host=127.0.0.1:{number}",
            f"override-preferences blinking-screen-cursor={blink},blinking-attributes=no,blinking-capitals=no",
            "override-preferences alert-tunes=no,autospeak=no",
            "",
        )
    )


def desk_conf(desk: DeskSettings, number: int, key_file: Path | None) -> str:
    """The brltty.conf of a desk with a real display. Raises DeskError."""
    return brltty_conf(desk.driver, desk.port, number, key_file, cursor_blinks=desk.cursor_blinks)


def write_key_file(path: Path) -> None:
    """Make a key of random signs, unless there is one, readable for its owner and group alone. Raises DeskError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _KEY_MODE), "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    except OSError as error:
        if path.is_file():
            path.chmod(_KEY_MODE)
            return
        raise DeskError(f"The key file {path} cannot be written: {error.strerror}.") from error


def udev_rules(desk: DeskSettings, group: str = "dauys") -> str:
    """Rules that let `group` use the desk's display on USB; "" where none are needed. For /etc/udev/rules.d."""
    if not desk.port.startswith("usb:") or desk.server:
        return ""
    codes = drivers() if desk.driver == "auto" else [desk.driver]
    lines = []
    for code in codes:
        lines += [f"# {drivers()[code]['name']}"] * bool(drivers()[code].get("usb"))
        for numbers in drivers()[code].get("usb", ()):
            vendor, _, product = numbers.partition(":")
            product_rule = f', ATTR{{idProduct}}=="{product}"' if product else ""
            lines.append(f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{vendor}"{product_rule}, GROUP="{group}", MODE="0660"')
    return "\n".join(["# Written by Dauys: lets its group use the Braille display.", *lines, ""]) if lines else ""
