"""What is installed beside the starter models is used: larger models listen too, Piper voices speak."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import shutil
from pathlib import Path

import pytest

from audio_models.model_store import InstalledModel, record_checksums
from catalogue_client.store.purpose import Purpose
from voice.assistant.app import open_app
from voice.assistant.model_selection import installed_voices, larger_models

SMALL_KZ = InstalledModel("vosk-model-small-kz-0.15", ("kk",), "recognition", Path("small"), "official")
LARGE_KZ = InstalledModel("vosk-model-kz-0.15", ("kk",), "recognition", Path("large"), "official")
STARTER = InstalledModel("dauys-starter-kk-ru", ("kk", "ru"), "recognition", Path("starter"), "starter")
PIPER_KK = InstalledModel("piper-kk", ("kk",), "synthesis", Path("/models/kk.onnx"), "official")


def test_the_largest_installed_model_of_a_language_listens() -> None:
    assert larger_models((STARTER, SMALL_KZ, LARGE_KZ, PIPER_KK)) == (LARGE_KZ,)
    assert larger_models((STARTER,)) == ()


def test_a_piper_voice_speaks_where_its_package_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert installed_voices((PIPER_KK,))["kk"].driver == "espeak_stream"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: importlib.machinery.ModuleSpec(name, None))
    voices = installed_voices((STARTER, PIPER_KK))
    assert (voices["kk"].driver, voices["kk"].name) == ("piper_stream", "/models/kk.onnx")
    assert voices["ru"].driver == "espeak_stream"


@pytest.mark.real
async def test_an_installed_model_joins_the_starter_models_and_leads_in_its_language(tmp_path: Path) -> None:
    async with open_app(home=tmp_path, purpose=Purpose.DEMONSTRATION) as app:
        await app.recognisers()
        models = app.models
    joined = models / SMALL_KZ.name
    shutil.copytree(models / STARTER.name, joined)
    record_checksums(joined)
    async with open_app(home=tmp_path, purpose=Purpose.DEMONSTRATION) as app:
        assert [one.language for one in await app.recognisers()] == ["kk", "kk+ru", "en"]
