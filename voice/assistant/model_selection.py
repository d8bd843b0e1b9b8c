"""What somebody installed beside the starter models and the voices that ship: it takes its place by itself."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterable

from audio_models.model_store import InstalledModel
from voice.nlu.errors import IntentModelError
from voice.nlu.intent_model import IntentModel
from voice.synthesis.drivers.piper_driver import DRIVER_NAME as PIPER
from voice.synthesis.voices import Voice, Voices, load_voices

__all__ = ["IntentModel", "IntentModelError", "installed_voices", "larger_models", "learnt_model"]

log = logging.getLogger(__name__)


def larger_models(installed: Iterable[InstalledModel]) -> tuple[InstalledModel, ...]:
    """Models for recognition that somebody installed: they listen beside the starter models, and lead in their
    language. Of several for one language the one that the list names last, which is the largest."""
    official = (model for model in installed if model.role == "recognition" and model.kind == "official")
    return tuple({model.languages: model for model in official}.values())


def learnt_model() -> IntentModel | None:
    """Return the model of intents that ships; None, and a line in the log, when it is missing, outdated or damaged: the
    phrasebook goes on alone. Blocks."""
    try:
        return IntentModel.load()
    except IntentModelError as error:
        log.warning("requests are understood by the phrasebook alone: %s", error)
        return None


def installed_voices(installed: Iterable[InstalledModel]) -> Voices:
    """The voices that ship; in their place Piper voices, where they and the package that speaks them are installed."""
    voices = dict(load_voices())
    if importlib.util.find_spec("piper"):
        for model in installed:
            if model.role == "synthesis":
                voices |= {language: Voice(PIPER, str(model.path)) for language in model.languages}
    return voices
