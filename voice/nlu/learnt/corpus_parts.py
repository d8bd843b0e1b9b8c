"""Where the parts of the corpus lie: one file a writer, and no writer in two parts."""

from __future__ import annotations

from pathlib import Path

from voice.nlu.learnt.corpus import CorpusLine, read_file

CORPUS = Path(__file__).parent.parent / "corpus"
TRAINING = CORPUS / "training"
DEVELOPMENT = CORPUS / "development"
"""For calibration, and for looking at what goes wrong."""


def read_part(folder: Path) -> list[CorpusLine]:
    """Return the lines of every writer of a part. Raises CorpusError when a line cannot be read."""
    return [line for path in sorted(folder.glob("*.tsv")) for line in read_file(path)]
