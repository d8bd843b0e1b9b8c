"""Trains the model of understanding from the corpus and writes the file that ships: scripts/train-understanding
[--seed N] [--output FILE]. Deterministic: the same corpus and seed give the same file."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from catalogue_client.seed.works import WORKS, read_works, tsv_files
from voice.nlu.intent_model import SHIPPED
from voice.nlu.learnt.corpus_parts import DEVELOPMENT, TRAINING, read_part
from voice.nlu.learnt.model_file import write_model
from voice.nlu.learnt.training import TrainingRecipe, train


def names_of_works() -> dict[str, list[str]]:
    """Titles and authors that the shipped works have: what a slot may hold beside what the writers thought of."""
    works = [work for path in tsv_files(WORKS) for work in read_works(path)]
    return {"title": [work.title for work in works], "author": [work.author for work in works if work.author]}


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args(argv)
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", flush=True)

    lines, development = read_part(TRAINING), read_part(DEVELOPMENT)
    weights = train(lines, development, TrainingRecipe(), options.seed, say, names_of_works())
    write_model(options.output, weights)
    megabytes = options.output.stat().st_size / 1e6
    say(f"temperature {weights.temperature:.2f}; {options.output}: {megabytes:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
