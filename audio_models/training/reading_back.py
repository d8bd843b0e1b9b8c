"""From the acoustic part of a Vosk model back to a network that can learn on: the other way round is export.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from audio_models.training.batches import Batch
from audio_models.training.network import CENTRE, SPREAD, Layer, Network, Size
from audio_models.vosk_format.reading import read_affine


def read_network(final_mdl: Path, units: int) -> Network:
    """The network of a model that the recipe exported, with its normalisations inside its weights."""
    layers = read_affine(final_mdl.read_bytes())
    network = Network(units, Size(first=len(layers["l1"][1]), body=len(layers["l2"][1])))
    bodies = {f"l{number}": layer for number, layer in enumerate((network.l1, network.l2, *network.body), start=1)}
    with torch.no_grad():
        for name, layer in bodies.items():
            assert isinstance(layer, Layer)
            weights, bias = (torch.from_numpy(part) for part in layers[name])
            if name == "l1":
                weights = weights * SPREAD
                bias = bias + CENTRE / SPREAD * weights.sum(dim=1)
            layer.norm = nn.Identity()
            layer.affine.weight.copy_(weights)
            layer.affine.bias.copy_(bias)
        network.out.weight.copy_(torch.from_numpy(layers["out"][0]))
        network.out.bias.copy_(torch.from_numpy(layers["out"][1]))
    return network


@torch.no_grad()
def normalise_again(network: Network, batches: Iterable[Batch]) -> None:
    """Give a network that was read back its batch normalisations again, so that it can learn for long; what it computes
    stays the same. Their statistics are those of four batches."""
    layers = [layer for layer in network.modules() if isinstance(layer, Layer)]
    seen: dict[Layer, list[torch.Tensor]] = {layer: [] for layer in layers}

    def keep(layer: Layer) -> Callable[..., None]:
        return lambda module, inputs, output: seen[layer].append(output.reshape(-1, output.shape[-1]))

    hooks = [layer.affine.register_forward_hook(keep(layer)) for layer in layers]
    network.eval()
    for batch in islice(batches, 4):
        network(batch.features)
    for hook in hooks:
        hook.remove()
    for layer in layers:
        outputs = torch.cat(seen[layer])
        norm = nn.BatchNorm1d(outputs.shape[1])
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(outputs.mean(0))
        norm.running_var.copy_(outputs.var(0, unbiased=False))
        norm.weight.copy_((norm.running_var + norm.eps).sqrt())
        norm.bias.copy_(norm.running_mean)
        layer.norm = norm
