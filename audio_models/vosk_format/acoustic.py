"""am/final.mdl: the hidden states of every unit and the network that scores them.

A model with CTC is put into Kaldi's hidden Markov form like this. Network output ("pdf") 0 is the blank, 1..n are the
units, n+1 is garbage, a constant. A unit's phone has two emitting states: the unit itself, then the blank inside a
word. Silence is the blank alone. Each unit is four phones, for the start, the inside, the end of a word and a word of
one unit, which share their pdf: Vosk reads from them where words begin and end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from audio_models.vosk_format.binary import KaldiWriter

SILENCE, GARBAGE, FIRST_UNIT_PHONE = 1, 2, 3
"""Numbers of phones."""
BLANK_PDF = 0
GARBAGE_SCORE = -1.35
"""What the network says of garbage in every frame, in nats; what garbage costs is up to the graph (lexicon.py)."""

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Position(IntEnum):
    """Where in its word a unit stands."""

    BEGIN = 0
    INSIDE = 1
    END = 2
    ALONE = 3


@dataclass(frozen=True, slots=True)
class UnitArcs:
    """Transition ids of units in their positions, as arrays."""

    loop: Numbers
    """Stays in the unit."""
    done: Numbers
    """Leaves the unit; the graph uses it to enter it, as Kaldi does with reordered self-loops."""
    blank_loop: Numbers


@dataclass(frozen=True, slots=True)
class SilenceModel:
    """Transition ids of a phone with one state: silence or garbage."""

    loop: int
    done: int


class Topology:
    """Numbers of phones, pdfs and transitions for so many units. Units are numbered from 1."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.garbage_pdf = units + 1
        self.silence = SilenceModel(1, 2)
        self.garbage = SilenceModel(3, 4)

    def phone(self, unit: int, position: Position) -> int:
        """Return the id of a unit (1-based) in a position of a word."""
        return FIRST_UNIT_PHONE + (unit - 1) * 4 + position

    @staticmethod
    def positions(first: Flags, last: Flags) -> Numbers:
        """The positions of units that do or do not begin and end their words."""
        inner = np.where(last, Position.END, Position.INSIDE)
        return np.where(first, np.where(last, Position.ALONE, Position.BEGIN), inner)

    def arcs(self, units: Numbers, positions: Numbers) -> UnitArcs:
        """Each phone of a unit has five transitions: loop, to blank, done; the blank's loop, done."""
        loop = 5 + ((units - 1) * 4 + positions) * 5
        return UnitArcs(loop, loop + 2, loop + 3)

    @property
    def transitions(self) -> int:
        """Return the number of transition ids."""
        return 4 + self.units * 4 * 5

    @property
    def phones(self) -> int:
        """Return the number of phones, silence and noise with them."""
        return 2 + self.units * 4

    def word_boundaries(self) -> str:
        """graph/phones/word_boundary.int."""
        lines = [f"{SILENCE} nonword", f"{GARBAGE} singleton"]
        for unit in range(1, self.units + 1):
            for position, name in zip(Position, ("begin", "internal", "end", "singleton"), strict=True):
                lines.append(f"{self.phone(unit, position)} {name}")
        return "\n".join(lines) + "\n"

    def write(self, out: KaldiWriter) -> None:
        """The transition model (hmm/transition-model.cc)."""
        out.tokens("<TransitionModel>", "<Topology>").integers(range(1, self.phones + 1))
        out.integers([-1, 0, 0] + [1] * (self.units * 4)).integer(2)
        _entry(out, [[(0, 0.5), (1, 0.5)]])
        _entry(out, [[(0, 0.5), (1, 0.25), (2, 0.25)], [(1, 0.5), (2, 0.5)]])
        out.tokens("</Topology>")
        triples = [(SILENCE, 0, BLANK_PDF), (GARBAGE, 0, self.garbage_pdf)]
        for unit in range(1, self.units + 1):
            for position in Position:
                phone = self.phone(unit, position)
                triples += [(phone, 0, unit), (phone, 1, BLANK_PDF)]
        out.tokens("<Triples>").integer(len(triples))
        for triple in triples:
            for number in triple:
                out.integer(number)
        # Read but not used in decoding: the graph's weights alone count.
        out.tokens("</Triples>", "<LogProbs>").vector([0.0] + [np.log(0.5)] * self.transitions)
        out.tokens("</LogProbs>", "</TransitionModel>")


def _entry(out: KaldiWriter, states: Sequence[Sequence[tuple[int, float]]]) -> None:
    """One topology: its emitting states with (next state, probability), then the final state."""
    out.integer(len(states) + 1)
    for pdf_class, transitions in enumerate(states):
        out.integer(pdf_class).integer(len(transitions))
        for state, probability in transitions:
            out.integer(state).real(probability)
    out.integer(-1).integer(0)


@dataclass(frozen=True, slots=True)
class Affine:
    """A layer: joins frames at `offsets` (10 ms each), multiplies, adds, then ReLU when `relu`, plus the input when
    `residual`."""

    name: str
    weights: Matrix
    """Outputs x inputs; inputs are the joined frames after each other, earliest first."""
    bias: Matrix
    offsets: tuple[int, ...] = (0,)
    relu: bool = True
    residual: bool = False


def acoustic_model(units: int, layers: Sequence[Affine], inputs: int) -> bytes:
    """The bytes of am/final.mdl.

    layers: from the features on; the last has 1 + units outputs, of which the log-softmax is taken.
    inputs: width of a feature frame.
    """
    out = KaldiWriter()
    Topology(units).write(out)
    keep = np.eye(1 + units, dtype=np.float32)
    weights = np.vstack([keep, np.zeros((1, 1 + units), np.float32)])
    bias = np.array([0.0] * (1 + units) + [GARBAGE_SCORE], np.float32)
    appended = Affine("scores", weights, bias)
    left, right = context(layers)
    config, components = _configuration(layers, inputs)
    out.tokens("<Nnet3>").text("\n" + "\n".join(config) + "\n\n")
    parts = [*components, ("softmax", None), ("scores", appended)]
    out.tokens("<NumComponents>").integer(len(parts))
    for name, layer in parts:
        out.tokens("<ComponentName>", name)
        _component(out, name, layer, 1 + units)
    out.tokens("</Nnet3>", "<LeftContext>").integer(left).tokens("<RightContext>").integer(right)
    out.tokens("<Priors>").vector([])
    return out.bytes()


def context(layers: Sequence[Affine]) -> tuple[int, int]:
    """Input frames the network sees before and after an output."""
    return -sum(min(layer.offsets) for layer in layers), sum(max(layer.offsets) for layer in layers)


def _configuration(layers: Sequence[Affine], inputs: int) -> tuple[list[str], list[tuple[str, Affine | int | None]]]:
    """Lines that wire the network, and its components in order (a number is a ReLU or sum of that width)."""
    lines = [f"input-node name=input dim={inputs}"]
    components: list[tuple[str, Affine | int | None]] = []
    source = "input"
    for layer in layers:
        frames = [f"Offset({source}, {offset})" if offset else source for offset in layer.offsets]
        joined = f"Append({', '.join(frames)})" if len(frames) > 1 else frames[0]
        lines.append(f"component-node name={layer.name} component={layer.name} input={joined}")
        components.append((layer.name, layer))
        made = layer.name
        if layer.relu:
            made = f"{layer.name}.relu"
            lines.append(f"component-node name={made} component={made} input={layer.name}")
            components.append((made, len(layer.bias)))
        if layer.residual:
            lines.append(f"component-node name={layer.name}.sum component={layer.name}.sum input=Sum({source}, {made})")
            components.append((f"{layer.name}.sum", len(layer.bias)))
            made = f"{layer.name}.sum"
        source = made
    lines.append(f"component-node name=softmax component=softmax input={source}")
    lines.append("component-node name=scores component=scores input=softmax")
    lines.append("output-node name=output input=scores objective=linear")
    return lines, components


def _component(out: KaldiWriter, name: str, layer: Affine | int | None, outputs: int) -> None:
    if isinstance(layer, Affine):
        out.tokens("<FixedAffineComponent>", "<LinearParams>").matrix(layer.weights)
        out.tokens("<BiasParams>").vector(layer.bias).tokens("</FixedAffineComponent>")
    elif isinstance(layer, int) and name.endswith(".sum"):
        out.tokens("<NoOpComponent>", "<Dim>").integer(layer).tokens("<BackpropScale>").real(1.0)
        out.tokens("</NoOpComponent>")
    else:
        kind = "RectifiedLinearComponent" if isinstance(layer, int) else "LogSoftmaxComponent"
        out.tokens(f"<{kind}>", "<Dim>").integer(layer if isinstance(layer, int) else outputs)
        out.tokens("<ValueAvg>").vector([]).tokens("<DerivAvg>").vector([]).tokens("<Count>").real(0.0)
        out.tokens(f"</{kind}>")
