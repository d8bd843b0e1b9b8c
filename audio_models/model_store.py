"""The models on this machine: what is there, whether it is whole, and its removal.

The store is a folder with a folder for each model. Beside an installed model's files lies `checksums.txt`, written
when it was installed; `verify` compares. Adapted acoustic parts lie in `adapted/<name>/` and are used instead of the
starter's.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audio_models.errors import BadModel, ModelError, NoSpace, NotInstalled
from audio_models.installing import install_model
from audio_models.manifest import Kind, Known, Role, known, manifest

CHECKSUMS = "checksums.txt"
Progress = Callable[[int, int], None]
"""Bytes so far and in all; 0 in all when that is not known."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that can be used now."""

    name: str
    languages: tuple[str, ...]
    role: Role
    path: Path
    """Folder for `vosk.Model`, or the .onnx file of a Piper voice."""
    kind: Kind


class ModelStore:
    """The models below one folder, which is made when something is first installed."""

    def __init__(self, root: Path, models: tuple[Known, ...] | None = None) -> None:
        """`models` is the manifest; the one that ships when it is left out."""
        self.root = root
        self.models = models if models is not None else manifest()

    def installed(self) -> tuple[InstalledModel, ...]:
        """What is there, in the order of the manifest. Half-installed folders are not."""
        return tuple(model for entry in self.models if (model := self._find(entry)) is not None)

    def find(self, name: str) -> InstalledModel:
        """Raises UnknownModel or NotInstalled."""
        entry = known(name, self.models)
        model = self._find(entry)
        if model is None:
            how = "It is built by `dauys check`." if entry.kind == "starter" else f"Run `dauys models install {name}`."
            raise NotInstalled(f"{name} is not installed. {how}")
        return model

    def install(self, name: str, *, source: str | None = None, progress: Progress | None = None) -> InstalledModel:
        """Fetch and install a model. Blocks for as long as the download takes: call it in a thread.

        source: another address, an address prefix of a mirror (ending in "/"), or an archive or .onnx file on this
        machine. An unfinished download goes on where it stopped. Until everything is there and checked, an older
        installation stays as it is. Raises UnknownModel, BadDownload, BadArchive, NoSpace or ModelError.
        """
        entry = known(name, self.models)
        if entry.kind == "starter":
            raise ModelError(f"{name} comes with Dauys and is built by itself; there is nothing to install.")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            install_model(entry, self.root, source or entry.address, progress or (lambda done, total: None))
            record_checksums(self._folder(name))
        except OSError as error:
            raise NoSpace(
                f"{name} could not be written to {self.root}: {error.strerror or error}. Free some space or choose "
                "another folder with DAUYS_HOME, then install again; what was there before still works."
            ) from error
        return self.find(name)

    def verify(self, name: str) -> int:
        """Compare every file with its checksum; returns how many are right. Raises NotInstalled or BadModel."""
        model = self.find(name)
        folder = self._folder(name)
        if model.role == "recognition" and model.kind != "official" and (folder / "graph" / "HCLG.fst").exists():
            raise BadModel(
                f"{folder}/graph has an HCLG.fst that does not belong there: phrase lists would be ignored. "
                f"Run `dauys models remove {name}`; it is then built again."
            )
        try:
            lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            raise BadModel(f"{folder} has no {CHECKSUMS}. Install {name} again.") from None
        for line in lines:
            digest, _, file = line.partition("  ")
            if not (folder / file).is_file() or sha256(folder / file) != digest:
                raise BadModel(f"{folder / file} is not as it was installed. Install {name} again.")
        return len(lines)

    def remove(self, name: str) -> None:
        """Delete a model. Raises UnknownModel, NotInstalled or NoSpace."""
        self.find(name)
        try:
            shutil.rmtree(self._folder(name))
        except OSError as error:
            raise NoSpace(f"{name} could not be removed: {error.strerror or error}.") from error

    def _folder(self, name: str) -> Path:
        return self.root / name

    def _find(self, entry: Known) -> InstalledModel | None:
        folder = self._folder(entry.name)
        if entry.role == "synthesis":
            path = folder / f"{entry.name}.onnx"
            there = path.is_file() and path.with_name(f"{entry.name}.onnx.json").is_file()
        else:
            path = folder
            there = (folder / "am" / "final.mdl").is_file() or (folder / "final.mdl").is_file()
            if entry.kind == "starter":
                there = there and (folder / "graph" / "words.txt").is_file()
        if not there:
            return None
        adapted = entry.kind == "starter" and (self.root / "adapted" / entry.name / "am" / "final.mdl").is_file()
        return InstalledModel(entry.name, entry.languages, entry.role, path, "adapted" if adapted else entry.kind)


def record_checksums(folder: Path) -> None:
    """Write checksums.txt for a whole model."""
    lines = [f"{sha256(path)}  {path.relative_to(folder)}\n" for path in _files(folder)]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != CHECKSUMS)


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
