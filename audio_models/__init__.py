"""Speech models: which there are, where they lie, how they are installed, verified, built and trained.

    ModelStore(folder).installed()      the models of a folder; install, verify, remove
    manifest()                          the models that are known

What needs a native library stands in modules of its own, so that this costs nothing to import: `audio_models.decoding`
hears a recording with Vosk, `audio_models.scoring` measures, `audio_models.starter` builds the models that ship.
"""

from audio_models.errors import ModelError
from audio_models.manifest import Known, manifest
from audio_models.model_store import InstalledModel, ModelStore

__all__ = ["InstalledModel", "Known", "ModelError", "ModelStore", "manifest"]
