"""Reads the layers of an acoustic model back, to train it further."""

from __future__ import annotations

import struct

import numpy as np

from audio_models.errors import BadModel
from audio_models.vosk_format.acoustic import Matrix

_OPENS = b"<FixedAffineComponent> <LinearParams> FM "
_BIAS = b"<BiasParams> FV "


def read_affine(final_mdl: bytes) -> dict[str, tuple[Matrix, Matrix]]:
    """Name of the layer -> weights (outputs x inputs) and bias, of a file that acoustic.py wrote. Raises BadModel."""
    layers: dict[str, tuple[Matrix, Matrix]] = {}
    place = 0
    while (place := final_mdl.find(_OPENS, place)) >= 0:
        named = final_mdl.rfind(b"<ComponentName> ", 0, place) + len(b"<ComponentName> ")
        name = final_mdl[named:place].decode("ascii").strip()
        place += len(_OPENS)
        try:
            _, rows, _, columns = struct.unpack_from("<bibi", final_mdl, place)
            weights = np.frombuffer(final_mdl, "<f4", rows * columns, place + 10).reshape(rows, columns)
            place += 10 + 4 * rows * columns + len(_BIAS)
            bias = np.frombuffer(final_mdl, "<f4", rows, place + 5)
        except (struct.error, ValueError):
            raise BadModel("This final.mdl is cut short. Run `dauys models verify`.") from None
        layers[name] = weights.copy(), bias.copy()
    if "l1" not in layers:
        raise BadModel("This final.mdl was not made by the recipe of Dauys, so it cannot be adapted.")
    return layers
