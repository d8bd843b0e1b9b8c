"""The phrasebook's sentences and grammars, kept on disk: made in some seconds, read in a few milliseconds."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from languages.numerals import cardinal
from voice.nlu.phrasebook import Phrasebook


def grammar(phrasebook: Phrasebook, expects: str, folder: Path) -> tuple[str, ...]:
    """Phrases for the recogniser, as `Phrasebook.grammar` gives them; made again when any of its files has changed.

    Blocks: call it in a thread. A folder that cannot be written only costs time.
    """
    return _kept(expects, folder, lambda: phrasebook.grammar(expects))


def sentences(phrasebook: Phrasebook, folder: Path) -> tuple[str, ...]:
    """What readers say, as `Phrasebook.sentences` gives it; kept like the grammars."""
    return _kept("sentences", folder, lambda: phrasebook.sentences(cardinal))


def _kept(name: str, folder: Path, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    path = folder / f"{name}-{_digest()}.txt"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return tuple(path.read_text(encoding="utf-8").splitlines())
    phrases = make()
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"{name}-*.txt"):
            old.unlink(missing_ok=True)
        half = path.with_suffix(".half")
        half.write_text("\n".join(phrases), encoding="utf-8")
        half.replace(path)
    return phrases


def _digest() -> str:
    """Of everything that the grammar is made from: the understanding's data and code."""
    digest = hashlib.sha256()
    root = Path(str(files("voice.nlu")))
    for file in sorted(path for path in root.rglob("*") if path.suffix in (".toml", ".py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
