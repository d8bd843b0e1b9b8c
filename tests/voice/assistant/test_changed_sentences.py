"""Sentences that are changed while conversations are held: heard from the next event on; a mistake changes nothing."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice.assistant.test_dialogue_session import Held
from voice.dialogue import prompts
from voice.dialogue.events import Began
from voice.dialogue.key_bindings import labelled
from voice.values.intents import Intent

GREETING = "Здравствуйте! Это «Дауыс»."


@pytest.fixture
def russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = shutil.copytree(prompts.FOLDER, tmp_path / "prompts")
    monkeypatch.setattr(prompts, "FOLDER", folder)
    monkeypatch.setattr(prompts, "_kept", {})
    yield folder / "ru.toml"
    prompts._version += 1  # what was made of these sentences is made again


def content(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def gone(path: Path) -> None:
    path.unlink()


def change(path: Path, before: str, after: str) -> None:
    assert before in content(path)
    put(path, content(path).replace(before, after))
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000_000))  # coarse clocks of disks


async def greeting(held: Held) -> str:
    return (await held.take(Began())).lines[0].short


async def test_a_sentence_is_heard_as_it_was_changed_without_a_restart(russian: Path) -> None:
    held = Held()
    assert await greeting(held) == GREETING
    change(russian, f'short = "{GREETING}"', 'short = "Добрый день!"')
    assert await greeting(held) == "Добрый день!"
    change(russian, 'overdue = "Просроченные книги"', 'overdue = "Долги мои книжные"')
    await greeting(held)
    assert labelled("долги мои книжные") == Intent("overdue", {}, "ru", "долги мои книжные")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[calendar]", "[calendar", "Expected"),
        ('thanks = "', 'thank = "', "talk.thanks is missing"),
        ('{starts} до {ends}"\n[calendar.months]', '{starts} до {ende}"\n[calendar.months]', "which it is not given"),
        ('few = "Есть {count} библиотеки и станции.", ', "", "place.count has no form for few"),
    ],
)
async def test_a_file_with_a_mistake_changes_nothing_and_is_logged(
    russian: Path, before: str, after: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    held, whole = Held(), content(russian)
    await greeting(held)
    change(russian, f'short = "{GREETING}"', 'short = "Добрый день!"')
    change(russian, before, after)
    with caplog.at_level(logging.ERROR):
        assert await greeting(held) == GREETING
        assert await greeting(held) == GREETING
    assert len(caplog.records) == 1 and says in caplog.records[0].getMessage()
    put(russian, whole)
    change(russian, f'short = "{GREETING}"', 'short = "Добрый день!"')
    assert await greeting(held) == "Добрый день!"


async def test_a_file_that_is_gone_changes_nothing(russian: Path) -> None:
    held = Held()
    await greeting(held)
    gone(russian)
    assert await greeting(held) == GREETING
