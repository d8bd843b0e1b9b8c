"""From a trained network to the acoustic part of a Vosk model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from audio_models.training.features import BANDS
from audio_models.training.network import CENTRE, FLOOR, OFFSETS, SPREAD, STRIDE, Layer, Network
from audio_models.vosk_format.acoustic import Affine, acoustic_model
from audio_models.vosk_format.directory import write_acoustic_part


def export(network: Network, folder: Path) -> None:
    """Write am/ and conf/ of the trained network into a folder."""
    units = network.out.out_features - 1
    write_acoustic_part(folder, acoustic_model(units, affine_layers(network), BANDS))


@torch.no_grad()
def affine_layers(network: Network) -> list[Affine]:
    """The network as plain affine layers: normalisations are folded into the weights."""
    floor = Affine("floor", np.eye(BANDS, dtype=np.float32), np.full(BANDS, -FLOOR, np.float32))
    first = _folded("l1", network.l1, (-1, 0, 1))
    shifted = first.bias - (CENTRE / SPREAD) * first.weights.sum(axis=1)
    layers = [floor, Affine("l1", first.weights / np.float32(SPREAD), shifted, first.offsets)]
    layers.append(_folded("l2", network.l2, (-1, 0, 1)))
    for number, (offsets, layer) in enumerate(zip(OFFSETS, network.body, strict=True), start=3):
        assert isinstance(layer, Layer)
        layers.append(_folded(f"l{number}", layer, tuple(STRIDE * offset for offset in offsets), residual=True))
    layers.append(Affine("out", network.out.weight.numpy(), network.out.bias.numpy(), relu=False))
    return layers


def _folded(name: str, layer: Layer, offsets: tuple[int, ...], residual: bool = False) -> Affine:
    norm, affine = layer.norm, layer.affine
    if not isinstance(norm, nn.BatchNorm1d):
        return Affine(name, affine.weight.numpy().copy(), affine.bias.numpy().copy(), offsets, residual=residual)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weights = (affine.weight * scale[:, None]).numpy()
    bias = ((affine.bias - norm.running_mean) * scale + norm.bias).numpy()
    return Affine(name, weights, bias, offsets, residual=residual)
