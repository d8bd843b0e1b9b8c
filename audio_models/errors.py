"""Everything that can go wrong with speech models; every message is one sentence that says what to do next.

ModelError                      base; safe to show as it is
 ├─ UnknownModel                no model of that name in the manifest
 ├─ NotInstalled                known, but not in the store
 ├─ BadModel                    the files are there and are no model that this engine can load
 ├─ BadArchive                  not an archive, paths outside it, or no model inside
 ├─ BadDownload                 no connection, cut short, or a checksum that differs
 ├─ NoSpace                     the disk is full or the folder cannot be written
 ├─ BadRecordings               a folder of recordings that cannot be used
 ├─ EncodingFailed              sound that ffmpeg, missing perhaps, could not write
 └─ NeedsTorch                  training and adaptation need the extra `training`
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of this package's errors."""


class UnknownModel(ModelError):
    """No model of that name in the manifest."""


class NotInstalled(ModelError):
    """The model is known but not in the store."""


class BadModel(ModelError):
    """The files are there and are no model that this engine can load."""


class BadArchive(ModelError):
    """Not an archive, paths outside it, or no model inside."""


class BadDownload(ModelError):
    """No connection, a download cut short, or a checksum that differs."""


class NoSpace(ModelError):
    """The disk is full or the folder cannot be written."""


class BadRecordings(ModelError):
    """A folder of recordings that cannot be used."""


class EncodingFailed(ModelError):
    """Sound could not be written: no ffmpeg, or one that gave up."""


class NeedsTorch(ModelError):
    """Training needs the extra `training`."""

    def __init__(self) -> None:
        super().__init__(
            "Training needs PyTorch, which is not installed here. Run: pip install 'dauys[training]'. "
            "The models you have go on working."
        )
