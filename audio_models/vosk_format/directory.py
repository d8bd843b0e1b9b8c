"""The folder that `vosk.Model(path)` opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from audio_models.vosk_format.acoustic import Topology
from audio_models.vosk_format.grammar import write_grammar
from audio_models.vosk_format.lexicon import UNIT_REWARD, UNKNOWN, Spellings, write_lexicon

FBANK_CONF = """\
--sample-frequency=16000
--num-mel-bins=40
--low-freq=20
--high-freq=7600
--dither=0
--allow-downsample=true
--allow-upsample=true
"""
"""Features: 40 log-mel energies. Upsampling is what lets a telephone's 8 kHz in."""

MODEL_CONF = """\
--min-active=20
--max-active=3000
--beam=12.0
--lattice-beam=4.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--frames-per-chunk=15
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.3
--endpoint.rule3.min-trailing-silence=0.5
--endpoint.rule4.min-trailing-silence=1.0
"""
"""Search and endpoints. At least 20 states stay in the search, not Kaldi's 200: the same words in two thirds of the
time. Chunks of 150 ms: with 90 ms the network costs a half more, and a turn is decided on the final result, which does
not wait for a chunk."""


def write_acoustic_part(folder: Path, final_mdl: bytes) -> None:
    """am/ and conf/, which training makes."""
    (folder / "am").mkdir(parents=True, exist_ok=True)
    (folder / "conf").mkdir(exist_ok=True)
    (folder / "am" / "final.mdl").write_bytes(final_mdl)
    (folder / "conf" / "fbank.conf").write_text(FBANK_CONF, encoding="ascii")
    (folder / "conf" / "model.conf").write_text(MODEL_CONF, encoding="ascii")


def write_graph(
    folder: Path,
    units: int,
    spellings: Spellings,
    sentences: Iterable[tuple[Sequence[str], float]],
    fragments: Iterable[tuple[Sequence[str], float]],
    single: Mapping[str, float],
    unit_reward: float = UNIT_REWARD,
) -> None:
    """graph/, which is made on the machine from its words.

    units: how many the acoustic part knows. spellings: the words and their rows of units. sentences, fragments and
    single: see grammar.py. unit_reward: see lexicon.py. The words of later phrase lists must be among the spellings; a
    word is one token, lower case.
    """
    graph = folder / "graph"
    (graph / "phones").mkdir(parents=True, exist_ok=True)
    topology = Topology(units)
    word_ids = {"<eps>": 0, UNKNOWN: 1}
    for word in spellings:
        word_ids.setdefault(word, len(word_ids))
    lines = (f"{word} {number}\n" for word, number in word_ids.items())
    (graph / "words.txt").write_text("".join(lines), encoding="utf-8")
    (graph / "phones" / "word_boundary.int").write_text(topology.word_boundaries(), encoding="ascii")
    (graph / "disambig_tid.int").write_text("", encoding="ascii")  # must be there, may be empty
    write_lexicon(graph / "HCLr.fst", topology, spellings, word_ids, unit_reward)
    lengths = {word: min(map(len, rows), default=0) for word, rows in spellings.items()}
    write_grammar(graph / "Gr.fst", sentences, fragments, single, word_ids, lengths)
