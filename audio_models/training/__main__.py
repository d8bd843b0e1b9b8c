"""One command from nothing to a model: `python -m audio_models.training FOLDER`, with --size short to see it work."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from audio_models.errors import ModelError, NeedsTorch


def main() -> int:
    """Run the recipe that the command line describes."""
    parser = argparse.ArgumentParser(prog="python -m audio_models.training", description=__doc__)
    parser.add_argument("folder", type=Path, help="where everything is made; a run that was stopped goes on from there")
    parser.add_argument("--size", choices=["short", "full"], default="full", help="short: some minutes, to see it work")
    parser.add_argument(
        "--extra",
        type=Path,
        action="append",
        default=[],
        help="a folder of more speech: transcripts.tsv or corpus.tsv",
    )
    parser.add_argument("--works", type=Path, help="a folder of *.tsv with title, author, language: names to read too")
    parser.add_argument("--go-on", action="store_true", help="from the models that ship, not from nothing")
    parser.add_argument("--model", choices=["shared", "english"], action="append", help="only this one")
    chosen = parser.parse_args()
    try:
        try:
            from audio_models.training.recipe import make_models
        except ModuleNotFoundError:
            raise NeedsTorch from None
        for model in make_models(
            chosen.folder, chosen.size, chosen.extra, chosen.works, chosen.model, print, chosen.go_on
        ):
            print(f"made: {model}")
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
