"""The network: a small time-delay network with a look-ahead of 0.11 s, trained with CTC over letters or phonemes.

Input is 40 log-mel energies every 10 ms, output the log-probability of blank and every unit each 30 ms. Output j stands
at input frame 3j and sees the frames from 56 before to 11 after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from audio_models.training.features import BANDS

FLOOR = 6.0
"""Log-mel energies below this are nothing: it hides dither, digital zero and the missing band of a telephone."""
CENTRE, SPREAD = 5.0, 4.0
"""About the mean and deviation of speech above the floor; folded into the first layer when exported."""
STRIDE = 3
"""Input frames for one output."""
LEFT, RIGHT = 56, 11
"""Input frames the network sees before and after an output."""
OFFSETS: tuple[tuple[int, ...], ...] = (
    (-1, 0, 1), (-2, 0, 1), (-3, 0, 1), (-4, -2, 0), (-4, -2, 0), (-4, -2, 0),
)  # fmt: skip
"""What every residual layer joins, in steps of 30 ms."""


@dataclass(frozen=True, slots=True)
class Size:
    """Widths of the layers."""

    first: int = 160
    body: int = 256


SIZES = {"wide": Size(first=192, body=320), "full": Size(), "short": Size(first=64, body=96)}


class Layer(nn.Module):
    """Affine, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.affine = nn.Linear(inputs, outputs)
        self.norm: nn.Module = nn.BatchNorm1d(outputs)
        """nn.Identity in a network that was read back: its normalisations are in the weights."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the layer's output for a batch x frames x features."""
        y: Tensor = self.affine(x)
        flat = self.norm(y.reshape(-1, y.shape[-1]))
        return torch.relu(flat).reshape(y.shape)


class Network(nn.Module):
    """Log-mel frames to log-probabilities."""

    def __init__(self, units: int, size: Size) -> None:
        """`units`: letters or phonemes, without the blank, which is output 0."""
        super().__init__()
        self.size = size
        self.l1 = Layer(3 * BANDS, size.first)
        self.l2 = Layer(3 * size.first, size.body)
        self.body = nn.ModuleList(Layer(len(offsets) * size.body, size.body) for offsets in OFFSETS)
        self.out = nn.Linear(size.body, units + 1)

    def forward(self, features: Tensor) -> Tensor:
        """Batch x frames x 40 to batch x ceil(frames / 3) x (1 + units); utterances are lengthened by edge frames."""
        outputs = -(-features.shape[1] // STRIDE)
        x = (torch.relu(lengthened(features, outputs) - FLOOR) - CENTRE) / SPREAD
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))  # once, not for every shifted piece of it
        x = self.l1(torch.cat((x[:, :-2], x[:, 1:-1], x[:, 2:]), dim=2))
        steps = outputs + (LEFT + RIGHT - 4) // STRIDE
        x = self.l2(x[:, : steps * STRIDE].reshape(x.shape[0], steps, -1))
        for offsets, layer in zip(OFFSETS, self.body, strict=True):
            before, after = -offsets[0], max(offsets[-1], 0)
            length = x.shape[1] - before - after
            joined = torch.cat([x[:, before + o : before + o + length] for o in offsets], dim=2)
            x = x[:, before : before + length] + layer(joined)
        return torch.log_softmax(self.out(x).float(), dim=2)


def lengthened(features: Tensor, outputs: int) -> Tensor:
    """The frames with the first repeated 56 times before and the last as often as the last output needs after."""
    after = (outputs - 1) * STRIDE + 1 + RIGHT - features.shape[1]
    first = features[:, :1].expand(-1, LEFT, -1)
    last = features[:, -1:].expand(-1, max(after, 0), -1)
    return torch.cat((first, features, last), dim=1)
