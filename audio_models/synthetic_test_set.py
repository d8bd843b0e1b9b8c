"""A small test that needs nothing but espeak-ng: library sentences in voices that never train the starter models.

It shows that a model works on this machine and how fast; it says little about people, since the synthesiser that
speaks here also taught the models.
"""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

from audio_models.errors import ModelError
from audio_models.sample_texts import library_texts
from languages.codes import LANGUAGES

SENTENCES = 40
"""In each language."""


def make_own_test(folder: Path) -> Path:
    """Speak the test into a folder with transcripts.tsv, once. Raises ModelError without espeak-ng."""
    if (folder / "transcripts.tsv").exists():
        return folder
    if shutil.which("espeak-ng") is None:
        raise ModelError("Our own test needs espeak-ng. Install it (apt install espeak-ng) or give --data FOLDER.")
    with (Path(__file__).parent / "training" / "voices.toml").open("rb") as file:
        machine = tomllib.load(file)["espeak"]
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for language in LANGUAGES:
        accents, variants = machine["accents"][language], machine["held_out"]
        for number, text in enumerate(dict.fromkeys(library_texts(language, SENTENCES, seed=2))):
            variant = variants[number % len(variants)]
            name = f"{language}-{number:02}.wav"
            program = ["espeak-ng", "-v", f"{accents[number % len(accents)]}+{variant}", "-w", str(folder / name), text]
            subprocess.run(program, check=True)
            rows.append(f"{name}\t{language}\tespeak-{variant}\t{text}\n")
    (folder / "transcripts.tsv").write_text("".join(rows), encoding="utf-8")
    return folder
