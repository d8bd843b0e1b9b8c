"""Recorded speech with its texts: a folder of sound files and a `transcripts.tsv`, as training and tests read it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audio_models.errors import BadRecordings
from languages.codes import LANGUAGES


@dataclass(frozen=True, slots=True)
class TranscribedRecording:
    """One sound file and what is said in it."""

    path: Path
    language: str
    """kk, ru or en."""
    speaker: str
    text: str


def read_recordings(folder: Path) -> tuple[TranscribedRecording, ...]:
    """The recordings of `folder/transcripts.tsv`: path (relative to the folder), language, speaker, text.

    A first line that names the columns is skipped. Raises BadRecordings with the line at fault.
    """
    return tuple(_rows(folder))


def _rows(folder: Path) -> Iterator[TranscribedRecording]:
    table = folder / "transcripts.tsv"
    try:
        lines = table.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise BadRecordings(
            f"There is no {table}. Write one line for each sound file: path, language (kk, ru, en), speaker, text."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecordings(f"{table} cannot be read as UTF-8 text: {error}") from None
    for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
        if not row or (number == 1 and row[0].strip().lower() == "path"):
            continue
        if len(row) != 4 or row[1] not in LANGUAGES or not row[3].strip():
            raise BadRecordings(f"{table}, line {number}: write path, kk|ru|en, speaker and text, with tabs between.")
        path = folder / row[0]
        if not path.is_file():
            raise BadRecordings(f"{table}, line {number}: there is no sound file {path}.")
        yield TranscribedRecording(path, row[1], row[2], " ".join(row[3].split()))
