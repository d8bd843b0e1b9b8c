"""`dauys models`: the speech models of this machine: list, install, verify, remove, test, adapt."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from audio_models.errors import ModelError, NeedsTorch
from audio_models.manifest import manifest
from audio_models.model_store import ModelStore
from audio_models.scoring import report_on, summary, test_models
from audio_models.starter import STARTERS
from audio_models.synthetic_test_set import make_own_test
from audio_models.transcribed_recordings import read_recordings
from voice.assistant.recognition_vocabulary import library_words
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import VoiceError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class ModelTrouble(VoiceError):
    """A ModelError, as the command line shows it."""


def plainly(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Turns a ModelError into the one sentence that the command line prints."""

    @wraps(command)
    def wrapped(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        try:
            return command(*arguments, **named)
        except ModelError as error:
            raise ModelTrouble(str(error)) from error

    return wrapped


def store() -> ModelStore:
    """The store of the settings, or the one in the home folder."""
    folder = load_settings(settings_path()).models.folder
    return ModelStore(Path(folder).expanduser() if folder else dauys_home() / "models")


@click.group()
def command() -> None:
    """Speech models: list, install, verify, remove, test, adapt."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@plainly
def list_models(as_json: bool) -> None:
    """What is known and what is installed."""
    installed = {model.name: model for model in store().installed()}
    if as_json:
        rows = [
            {
                "name": entry.name,
                "role": entry.role,
                "kind": installed[entry.name].kind if entry.name in installed else entry.kind,
                "languages": list(entry.languages),
                "megabytes": entry.megabytes,
                "licence": entry.licence,
                "address": entry.address or None,
                "sha256": entry.sha256 or None,
                "good_for": entry.good_for,
                "measured": entry.measured or None,
                "installed": entry.name in installed,
                "path": str(installed[entry.name].path) if entry.name in installed else None,
            }
            for entry in manifest()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for entry in manifest():
        state = installed[entry.name].kind if entry.name in installed else "-"
        size = f"{entry.megabytes} MB"
        click.echo(f"{state:9} {entry.name:28} {'+'.join(entry.languages):6} {size:>8}  {entry.good_for}")
        if entry.measured:
            click.echo(f"{'':54}{entry.measured}")
    if any(entry.address and not entry.sha256 for entry in manifest()):
        click.echo("No checksum of the makers is known: it is recorded at the first install and checked after.")


@command.command()
@click.argument("name")
@click.option("--source", help="Another address, a mirror's prefix ending in /, or a file on this machine.")
@plainly
def install(name: str, source: str | None) -> None:
    """Fetch and install the model NAME. An unfinished download goes on where it stopped."""
    with click.progressbar(length=1000, label=name) as bar:

        def progress(done: int, total: int) -> None:
            if total:
                bar.update(done * 1000 // total - bar.pos)

        model = store().install(name, source=source, progress=progress)
    click.echo(f"Installed: {model.path}")


@command.command()
@click.argument("name", required=False)
@plainly
def verify(name: str | None) -> None:
    """Compare the files of NAME, or of every installed model, with their checksums."""
    models = store()
    names = [name] if name else [model.name for model in models.installed()]
    if not names:
        click.echo("No model is installed.")
    for each in names:
        click.echo(f"{each}: {models.verify(each)} files as they were installed.")


@command.command()
@click.argument("name")
@plainly
def remove(name: str) -> None:
    """Delete the model NAME from this machine."""
    store().remove(name)
    click.echo(f"Removed: {name}")


@command.command()
@click.option("--data", type=click.Path(path_type=Path), help="A folder of audio with transcripts.tsv.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@plainly
def test(data: Path | None, as_json: bool) -> None:
    """Measure the models on recordings: path, language, speaker and text in transcripts.tsv.

    Without --data sentences of this machine's synthesiser are heard, which says little about people.
    """
    phrases, vocabulary = library_words()
    folder = data if data is not None else make_own_test(dauys_home() / "cache" / "own-test")
    trials = test_models(store().root, read_recordings(folder), phrases, vocabulary, progress=_count)
    report = report_on(trials)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    click.echo(f"{'':24} utterances  WER open  closed right     rtf")
    _row("all", summary(trials))
    for heading in ("by_language", "by_speaker"):
        groups = report[heading]
        assert isinstance(groups, dict)
        for name, row in groups.items():
            _row(name, row)


def _row(name: str, row: dict[str, float | int]) -> None:
    wer, right = 100 * row["wer_open"], 100 * row["accuracy_closed"]
    click.echo(f"{name:24} {row['utterances']:10} {wer:8.1f}% {right:12.1f}% {row['rtf']:8.4f}")


def _count(done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        click.echo(f"{done} of {total} heard", err=True)


@command.command()
@click.option("--data", type=click.Path(path_type=Path), help="The recordings of one person, with transcripts.tsv.")
@click.option("--undo", is_flag=True, help="Go back to the models that ship.")
@click.option("--minutes", default=2.0, show_default=True, help="How long to train.")
@click.option("--consent", is_flag=True, help="The person has agreed; do not ask.")
@plainly
def adapt(data: Path | None, undo: bool, minutes: float, consent: bool) -> None:
    """Make the models better for one person. They change only if they hear this person better and others no worse."""
    try:
        from audio_models.training import adaptation
    except ModuleNotFoundError:
        raise NeedsTorch from None
    root = store().root
    if undo:
        for starter in STARTERS:
            adaptation.undo(root, starter)
        click.echo("The models that ship are back; their graphs are built at the next start.")
        return
    if data is None:
        raise click.UsageError("Give --data FOLDER with the recordings, or --undo.")
    recordings = read_recordings(data)
    if not consent:
        click.confirm(f"Has the person agreed that these {len(recordings)} recordings train a model?", abort=True)
    for starter in STARTERS:
        if any(recording.language in starter.languages for recording in recordings):
            result = adaptation.adapt(root, starter, recordings, minutes * 60, lambda line: click.echo(line, err=True))
            (old, new), (others_old, others_new) = result.person, result.others
            outcome = "takes over" if result.better else "is not better and is dropped; the old one stays"
            click.echo(
                f"{starter.name}: this person {old:.0%} -> {new:.0%}, others {others_old:.0%} -> {others_new:.0%}: "
                f"the adapted model {outcome}."
            )
    click.echo("The recordings are not needed any more: delete them, as the person was promised.")
