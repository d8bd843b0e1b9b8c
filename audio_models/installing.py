"""Fetching a model: download that goes on where it stopped, checksum, unpacking that cannot leave its folder.

Everything happens in `<store>/.incoming/`; only a whole, checked model is moved into place, with one rename.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from audio_models.errors import BadArchive, BadDownload, BadModel
from audio_models.manifest import Known

TIMEOUT_S = 30.0
BLOCK = 1 << 18
KNOWN_CHECKSUMS = "known_checksums.json"
"""In the store: checksums of downloads seen before, for models whose maker publishes none."""

Progress = Callable[[int, int], None]


def install_model(entry: Known, root: Path, source: str, progress: Progress) -> None:
    """Fetch, check and put in place. Raises BadDownload, BadArchive, BadModel or OSError."""
    incoming = root / ".incoming"
    incoming.mkdir(exist_ok=True)
    local = Path(source).expanduser()
    if source.startswith(("http://", "https://")):
        if source.endswith("/"):
            source += urllib.parse.urlsplit(entry.address).path.rsplit("/", 1)[-1]
        got = download(source, incoming / f"{entry.name}.part", progress)
    elif local.is_file():
        got = local
    else:
        raise BadDownload(f"There is no file {source}, and it is no http or https address.")
    digest = _check(entry, root, got)
    unpacked = incoming / entry.name
    shutil.rmtree(unpacked, ignore_errors=True)
    if entry.role == "synthesis":
        _take_voice(entry, source, got, unpacked, progress)
    else:
        unpack(got, unpacked)
        check_model(unpacked)
    _put_in_place(unpacked, root / entry.name)
    _remember(entry, root, digest)
    if got != local:
        got.unlink(missing_ok=True)


def download(address: str, part: Path, progress: Progress) -> Path:
    """Fetch into `part`, going on from what is there already. Raises BadDownload when it does not come whole."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:
            if have and reply.status != http.HTTPStatus.PARTIAL_CONTENT:
                have = 0  # this server cannot go on in the middle
            length = int(reply.headers.get("Content-Length") or 0)
            total = have + length
            with part.open("ab" if have else "wb") as file:
                while block := reply.read(BLOCK):
                    file.write(block)
                    have += len(block)
                    progress(have, total)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return part  # it was whole already
        raise BadDownload(
            f"{address} answered {error.code} {error.reason}. Give another address with --source."
        ) from None
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError, ValueError) as error:
        raise BadDownload(
            f"{address} could not be fetched ({error}). Run the command again: what has come so far is kept."
        ) from None
    if length and have < total:
        raise BadDownload(
            f"{address} broke off after {have} of {total} bytes. Run the command again: it goes on from there."
        )
    return part


def _check(entry: Known, root: Path, got: Path) -> str:
    """Compare with the maker's checksum, or with the one seen first; returns the checksum."""
    with got.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    wanted = entry.sha256 or _seen(root).get(entry.name, "")
    if wanted and wanted != digest:
        if got.suffix == ".part":
            got.unlink()
        raise BadDownload(
            f"The checksum of {entry.name} is {digest[:12]}… and should be {wanted[:12]}…: it was damaged "
            "or changed on the way and is not installed. Run the command again, or give another address with --source."
        )
    return digest


def _seen(root: Path) -> dict[str, str]:
    file = root / KNOWN_CHECKSUMS
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _remember(entry: Known, root: Path, digest: str) -> None:
    if not entry.sha256:
        file = root / KNOWN_CHECKSUMS
        file.write_text(json.dumps({**_seen(root), entry.name: digest}, indent=1), encoding="utf-8")


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip whose only top folder, if it has one, is dropped. Raises BadArchive for paths that lead outside."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            names = [Path(info.filename) for info in zipped.infolist()]
            for info, name in zip(zipped.infolist(), names, strict=True):
                is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
                if name.is_absolute() or ".." in name.parts or "\\" in info.filename or is_link:
                    raise BadArchive(f"{archive.name} has a path outside its folder ({info.filename}): not installed.")
            zipped.extractall(folder)
    # NotImplementedError is a compression that zipfile does not know, RuntimeError a password.
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadArchive(f"{archive.name} is no zip archive that can be read ({error}): not installed.") from None
    inside = list(folder.iterdir()) if folder.exists() else []
    if len(inside) == 1 and inside[0].is_dir():
        only = inside[0].rename(folder.with_name(f"{folder.name}.top"))
        folder.rmdir()
        only.rename(folder)


def check_model(folder: Path) -> None:
    """The folder looks like what Vosk 0.3.45 loads. Raises BadModel."""
    new_layout = (folder / "am" / "final.mdl").is_file() and (folder / "conf" / "model.conf").is_file()
    old_layout = (folder / "final.mdl").is_file() and (folder / "mfcc.conf").is_file()
    if not new_layout and not old_layout:
        raise BadModel(
            f"{folder.name} is no Vosk model: it has neither am/final.mdl with conf/model.conf nor final.mdl with "
            "mfcc.conf. Models of other engines cannot be used."
        )


def _take_voice(entry: Known, source: str, got: Path, folder: Path, progress: Progress) -> None:
    """A Piper voice is two files: the network and, beside it, its settings."""
    folder.mkdir()
    shutil.copy(got, folder / f"{entry.name}.onnx")
    settings = folder / f"{entry.name}.onnx.json"
    if source.startswith(("http://", "https://")):
        address = source if not source.endswith("/") else source + f"{entry.name}.onnx"
        download(f"{address}.json", settings, progress)
    else:
        beside = Path(f"{Path(source).expanduser()}.json")
        if not beside.is_file():
            raise BadArchive(f"A Piper voice needs its settings beside it: there is no {beside}.")
        shutil.copy(beside, settings)
    try:
        json.loads(settings.read_text(encoding="utf-8"))["audio"]["sample_rate"]
    except (ValueError, KeyError, TypeError):
        raise BadModel(f"{settings.name} has no settings of a Piper voice: not installed.") from None


def _put_in_place(new: Path, place: Path) -> None:
    old = place.with_name(f".old-{place.name}")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)
