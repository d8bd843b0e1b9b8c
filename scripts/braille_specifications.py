"""liblouis's own specifications through the codes of this repository: what is written and read otherwise, and why.

    scripts/braille-specifications              fetches the cases of liblouis 3.38, runs them on the installed liblouis
    scripts/braille-specifications --debian-13  the same, and tests/braille, on the liblouis 3.33 of Debian 13, fetched

The cases are not part of this repository. Differences that are meant stand in braille_differences.toml; the exit status
is 1 when there is another one. --from FOLDER takes the cases of a checkout.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from braille import back, brf, from_unicode, to_unicode, translate
from braille.liblouis import version

RELEASE = "v3.38.0"
ADDRESS = f"https://raw.githubusercontent.com/liblouis/liblouis/{RELEASE}/tests/braille-specs"
FILES = (
    "kk",
    "ru",
    "en-ueb-g1_harness",
    "en-ueb-symbols_harness",
    "en-ueb-g1_backward",
    "en-ueb-g2_backward",
    "en-ueb",
)
POOL = "https://deb.debian.org/debian/pool/main/libl/liblouis"
DEBIAN_13 = {
    "liblouis-data_3.33.0-1_all.deb": "244f96c92ea9eddee53494dbd916dfddbe3f9e665bc79b58873bfdc94caf0b30",
    "liblouis20_3.33.0-1_amd64.deb": "8784e6782e82f2cf5ccfd1277c5c2d30352f382acde726aa4348d6896dff8c34",
    "python3-louis_3.33.0-1_all.deb": "94fe44539578ff8790526298fd876e7b865f9311d603815b8dcc31b35fe45ed2",
}
CODES: dict[str, dict[str, Any]] = {
    "kk.utb": {"language": "kk"},
    "ru-litbrl.ctb": {"language": "ru"},
    "ru-litbrl-detailed.utb": {"language": "ru", "capitals": True},
    "en-ueb-g1.ctb": {"language": "en"},
    "en-ueb-g2.ctb": {"language": "en", "grade": 2},
}
"""liblouis's table -> how this repository is asked for the same code."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a specification."""

    file: str
    table: str
    given: str
    expected: str
    backward: bool

    def got(self) -> str:
        """Return what this repository makes of it."""
        how = CODES[self.table]
        if self.backward:
            return back(from_unicode(self.given), how["language"], grade=how.get("grade", 1))
        return to_unicode(translate(self.given, **how).cells)

    def is_right(self) -> bool:
        """Whether that is what liblouis expects; no-break spaces and capitals that a code does not write aside."""
        got, expected = self.got(), self.expected.replace("\u00a0", " ")
        if self.backward and CODES[self.table]["language"] != "en" and "capitals" not in CODES[self.table]:
            return got.lower() == expected.lower()
        return got == expected


def cases(file: str, text: str) -> Iterator[Case]:
    """The cases of a specification that this repository has a code for: no emphasis, no expected failures."""
    table, mode = "", "forward"
    root = yaml.compose(text)
    assert isinstance(root, yaml.MappingNode)
    load = yaml.BaseLoader("")  # 1. is a number of a list here, not a number
    for key, value in root.value:
        if key.value == "table":
            found = load.construct_object(value, deep=True)
            table = found.get("__assert-match", "") if isinstance(found, dict) else str(found)
            mode = "forward"
        elif key.value == "flags":
            mode = load.construct_object(value, deep=True).get("testmode", "forward")
        elif key.value == "tests" and table in CODES:
            for given, expected, *options in load.construct_object(value, deep=True):
                if not options or not isinstance(options[0], dict) or not {"xfail", "typeform"} & set(options[0]):
                    yield from _both(file, table, mode, str(given), str(expected))


def _both(file: str, table: str, mode: str, given: str, expected: str) -> Iterator[Case]:
    if mode in ("forward", "bothDirections"):
        yield Case(file, table, _unescaped(given), _cells(expected), False)
    if mode == "backward":
        yield Case(file, table, _cells(given), _unescaped(expected), True)
    elif mode == "bothDirections":
        yield Case(file, table, _cells(expected), _unescaped(given), True)


def _unescaped(text: str) -> str:
    """liblouis's way to write a character by its number, and a backslash."""
    text = re.sub(r"\\x([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return text.replace("\\\\", "\\")


def _cells(text: str) -> str:
    """Cells as they are, or from the signs of North American Braille ASCII."""
    text = _unescaped(text)
    if any("\u2800" <= sign <= "\u28ff" for sign in text) or not text.strip():
        return text.replace(" ", "\u2800")
    return to_unicode(brf.read(text.encode("ascii", "replace"))[0][0]) if text.isascii() else text


def fetched(folder: Path | None) -> Iterator[tuple[str, str]]:
    """(name, text) of each specification, from a checkout of liblouis or from its release."""
    for name in FILES:
        if folder:
            yield name, (folder / f"{name}.yaml").read_text(encoding="utf-8")
        else:
            yield name, download(f"{ADDRESS}/{name}.yaml").decode("utf-8")


def download(address: str) -> bytes:
    """The bytes at an address; a sentence on standard error and exit status 2 when they cannot be had."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return bytes(answer.read())
    except OSError as error:
        sys.exit(f"{address} cannot be had: {error}. Try again with a network, or give --from a checkout of liblouis.")


def on_debian_13(arguments: list[str]) -> int:
    """Run this script again on the liblouis of Debian 13, unpacked into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as name:
        for package, digest in DEBIAN_13.items():
            data = download(f"{POOL}/{package}")
            if hashlib.sha256(data).hexdigest() != digest:
                sys.exit(f"{package} is not what Debian 13 had: its checksum differs. Look for a newer release of it.")
            file = Path(name) / package
            file.write_bytes(data)
            subprocess.run(["dpkg", "-x", file, name], check=True)
        library = next(Path(name).glob("usr/lib/*/liblouis.so.20")).parent
        environment = os.environ | {
            "LD_LIBRARY_PATH": str(library),
            "LOUIS_TABLEPATH": f"{name}/usr/share/liblouis/tables",
            "PYTHONPATH": f"{name}/usr/lib/python3/dist-packages",
        }
        environment["PYTHONPATH"] = f"{Path(__file__).parents[1]}:{environment['PYTHONPATH']}"
        tests = [sys.executable, "-m", "pytest", "-q", "tests/braille"]
        done = [
            subprocess.run(command, env=environment, cwd=Path(__file__).parents[1], check=False).returncode
            for command in ([sys.executable, __file__, *arguments], tests)
        ]
        return max(done)


def main() -> int:
    """Compare and print; 0 when every difference is a meant one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, help="tests/braille-specs of a checkout of liblouis")
    parser.add_argument("--debian-13", action="store_true", help="on liblouis 3.33 of Debian 13")
    parser.add_argument("--all", action="store_true", help="print the meant differences too, and those that are gone")
    arguments = parser.parse_args()
    if arguments.debian_13:
        return on_debian_13([argument for argument in sys.argv[1:] if argument != "--debian-13"])
    file = Path(__file__).with_name("braille_differences.toml")
    meant = tomllib.loads(file.read_text(encoding="utf-8"))["difference"]
    reasons = {(one["table"], one["given"]): one["why"] for one in meant}
    seen = set()
    others = 0
    print(f"liblouis {version()}, specifications of {RELEASE}")
    for name, text in fetched(arguments.folder):
        found = list(cases(name, text))
        wrong = [case for case in found if not case.is_right()]
        unknown = [case for case in wrong if (case.table, case.given) not in reasons]
        seen |= {(case.table, case.given) for case in wrong}
        others += len(unknown)
        print(
            f"{name:26}{len(found) - len(wrong):6} of {len(found):5} alike, {len(wrong) - len(unknown)} differ as meant"
        )
        for case in wrong if arguments.all else unknown:
            why = reasons.get((case.table, case.given), "")
            print(f"  {case.table}: {case.given!r}\n    expected {case.expected}\n    got      {case.got()}  {why}")
    gone = sorted(set(reasons) - seen)
    if gone:
        print(f"{len(gone)} cases of {file.name} are right here: faults of an older liblouis.")
    for table, given in gone if arguments.all else ():
        print(f"  {table}: {given!r}")
    return int(others > 0)


if __name__ == "__main__":
    sys.exit(main())
