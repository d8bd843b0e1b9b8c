"""The whole recipe: speak, disturb, train, prove, measure, export. What is done already is only looked at."""

from __future__ import annotations

import json
import multiprocessing
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from audio_models.acoustic_units import CYRILLIC
from audio_models.starter import shipped
from audio_models.training.augmentation import Chances
from audio_models.training.batches import Batches
from audio_models.training.corpus_store import CorpusStore, fill
from audio_models.training.examples import examples, units_of
from audio_models.training.export import export
from audio_models.training.fit import Schedule, fit
from audio_models.training.measuring import measure, prove
from audio_models.training.network import SIZES, Network
from audio_models.training.preparation import CLEAN, make_copy
from audio_models.training.reading_back import normalise_again, read_network
from audio_models.training.segmentation import pieces
from audio_models.training.speech_sources import Corpus, read_everything

LOUD_FROM, LOUD_NOISE = 4, Chances(noise=0.95, snr_db=(2.0, 18.0))
"""From this copy on nearly everything is said in loud noise."""
Report = Callable[[str], None]
ALIGNER = "dauys-starter-kk-ru"
"""Says where the words of Russian sentences are."""
GO_ON_RATE, LAST_RATE = 1.3e-3, 7e-4
"""Highest learning rates for a network that has learnt already."""


def make_models(
    folder: Path,
    size: str,
    extra: Sequence[Path],
    works: Path | None,
    only: Sequence[str] | None,
    report: Report,
    go_on: bool = False,
) -> list[Path]:
    """Make the starter models below `folder`; returns their folders, each with am/, conf/ and figures.json.

    size: a table of recipe.toml's `sizes`. extra: folders of more speech (extra_corpus.py). works: titles and authors
    to be read too (texts.py). only: names of models, all when None. go_on: from the models that ship, not from nothing.
    """
    with (Path(__file__).parent / "recipe.toml").open("rb") as file:
        recipe = tomllib.load(file)
    dimensions = recipe["sizes"][size]
    reading = read_everything(folder / "shelves", extra, works, dimensions["scale"], report)
    reading = replace(reading, shelves=(*reading.shelves, *_pieces(folder, reading.shelves, report)))
    shelves = sorted((shelf.folder for shelf in reading.shelves), key=lambda shelf: -CorpusStore(shelf).hours)
    with multiprocessing.get_context("spawn").Pool() as pool:
        pool.starmap(_copy, [(folder, shelf, number) for number in (CLEAN + 1, CLEAN) for shelf in shelves], 1)
    report("every sound is there clean and disturbed once; further copies are made while training runs")
    background = multiprocessing.get_context("spawn").Process(
        target=_more_copies,
        args=(folder, [shelf.folder for shelf in reading.shelves], dimensions["copies"]),
        daemon=True,
    )
    background.start()
    try:
        names = only or tuple(recipe["models"])
        return [_make_model(folder, reading, recipe, name, size, report, go_on) for name in names]
    finally:
        background.terminate()
        background.join()


def _pieces(folder: Path, shelves: Sequence[CorpusStore], report: Report) -> Iterator[CorpusStore]:
    """Words cut out of sentences of which only features exist; the model that ships says where they are."""
    for shelf in shelves:
        if shelf.energies:
            network = read_network(shipped(ALIGNER) / "am" / "final.mdl", len(CYRILLIC))
            cut = fill(folder / "shelves" / f"cut-{shelf.folder.name}", pieces(shelf, folder / "copies", network))
            report(f"cut {shelf.folder.name}: {len(cut.utterances)} pieces, {cut.hours:.2f} h")
            yield cut


def _copy(folder: Path, shelf: Path, number: int) -> None:
    make_copy(folder / "copies", CorpusStore(shelf), number, LOUD_NOISE if number >= LOUD_FROM else None)


def _more_copies(folder: Path, shelves: Sequence[Path], count: int) -> None:
    for number in range(CLEAN + 2, count + 1):
        for shelf in shelves:
            _copy(folder, shelf, number)


def _make_model(
    folder: Path, reading: Corpus, recipe: dict[str, Any], name: str, size: str, report: Report, go_on: bool
) -> Path:
    """Train, prove and measure one model; then let it learn from the voices that measured it, and export it."""
    model, dimensions = recipe["models"][name], recipe["sizes"][size]
    made = folder / "models" / str(model["name"])
    if (made / "figures.json").exists():
        report(f"{model['name']}: made already")
        return made
    kind, languages = model["units"], model["languages"]

    def batches(hold_out: bool) -> Batches:
        learnt = examples(reading, languages, kind, recipe["weights"], hold_out)
        report(f"{model['name']}: {len(learnt)} examples")
        return Batches(reading.shelves, folder / "copies", learnt, seed=1)

    torch.manual_seed(1)
    if go_on:
        network = read_network(shipped(model["name"]) / "am" / "final.mdl", len(units_of(kind)))
        normalise_again(network, batches(True))
    else:
        network = Network(len(units_of(kind)), SIZES[dimensions["network"][name]])
    report(f"{model['name']}: {sum(p.numel() for p in network.parameters())} parameters")
    seconds = dimensions["minutes"][name] * 60
    schedule = Schedule(seconds, GO_ON_RATE) if go_on else Schedule(seconds)
    fit(network, batches(True), schedule, folder / f"{name}.checkpoint", report)
    export(network, made)
    difference = prove(network, reading, languages, kind)
    figures = {"score_difference": difference, "held_out": measure(made, reading, languages, kind)}
    last = Schedule(dimensions["last_minutes"][name] * 60, LAST_RATE)
    fit(network, batches(False), last, folder / f"{name}-all.checkpoint", report)
    export(network, made)
    (made / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    report(f"{model['name']}: {json.dumps(figures)}")
    return made
