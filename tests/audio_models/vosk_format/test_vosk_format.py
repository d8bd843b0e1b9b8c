import json

import numpy as np
import pytest
import vosk

from audio_models.vosk_format.acoustic import Affine, Position, Topology, acoustic_model, context
from audio_models.vosk_format.directory import write_acoustic_part, write_graph
from audio_models.vosk_format.grammar import ANY, FEW_UNITS, SCALE, WORD_REWARD, write_grammar
from audio_models.vosk_format.lexicon import BLANK_COST, FREE_BLANKS, SHORT_WORD_REWARD, write_lexicon
from audio_models.vosk_format.transducer_reading import read_transducer

BANDS = 40
WORDS = {"low": [[1]], "high": [[2]], "both": [[1, 2]]}


def tone_network() -> list[Affine]:
    """A network without training: unit 1 is energy in the lowest bands, unit 2 in the highest, blank is silence."""
    floor = Affine("floor", np.eye(BANDS, dtype=np.float32), np.full(BANDS, -12.0, np.float32))
    weights = np.zeros((3, BANDS), np.float32)
    weights[1, :12], weights[2, 28:] = 1.0, 1.0
    return [floor, Affine("out", weights, np.array([6.0, 0.0, 0.0], np.float32), relu=False)]


def tone(hz: float, seconds: float) -> np.ndarray:
    return 8000 * np.sin(2 * np.pi * hz * np.arange(int(16000 * seconds)) / 16000)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tones")
    write_acoustic_part(folder, acoustic_model(2, tone_network(), BANDS))
    common = {"trill": [[1, 2] * 6]}  # so that the others are as rare as words are
    write_graph(folder, 2, WORDS | common, [], [], dict.fromkeys(WORDS, 1.0) | dict.fromkeys(common, 1000.0))
    vosk.SetLogLevel(-2)
    return vosk.Model(str(folder))


def hear(model: vosk.Model, sound: np.ndarray, grammar: list[str] | None = None) -> list[dict]:
    arguments = [json.dumps(grammar)] if grammar else []
    decoder = vosk.KaldiRecognizer(model, 16000.0, *arguments)
    decoder.SetWords(True)
    decoder.AcceptWaveform(sound.astype(np.int16).tobytes())
    return json.loads(decoder.FinalResult()).get("result", [])


def test_vosk_hears_what_a_network_written_by_hand_says(model):
    silence = np.zeros(8000)
    sound = np.concatenate((silence, tone(200, 0.3), silence, tone(6000, 0.3), silence))
    words = hear(model, sound)
    assert [word["word"] for word in words] == ["low", "high"]


def test_words_have_their_times(model):
    sound = np.concatenate((np.zeros(16000), tone(200, 0.4), np.zeros(16000)))
    (word,) = hear(model, sound, ["low", "high"])
    assert word["start"] == pytest.approx(1.0, abs=0.1)
    assert word["end"] == pytest.approx(1.4, abs=0.1)


def test_a_grammar_at_run_time_narrows_the_words(model):
    sound = np.concatenate((np.zeros(4000), tone(6000, 0.4), np.zeros(8000)))
    assert [word["word"] for word in hear(model, sound, ["high", "[unk]"])] == ["high"]
    assert [word["word"] for word in hear(model, sound, ["low", "[unk]"])] != ["high"]


def test_transition_numbers_follow_the_order_of_kaldi():
    topology = Topology(3)
    arcs = topology.arcs(np.array([1, 3]), np.array([Position.BEGIN, Position.ALONE]))
    assert arcs.loop.tolist() == [5, 60]
    assert arcs.blank_loop.tolist() == [8, 63]
    assert topology.transitions == 64
    assert topology.phone(3, Position.ALONE) == topology.phones


def test_context_adds_up_over_the_layers():
    layers = [Affine("a", np.eye(1), np.zeros(1), (-1, 0, 1)), Affine("b", np.eye(1), np.zeros(1), (-12, -6, 0))]
    assert context(layers) == (13, 1)


def test_a_long_blank_inside_a_word_costs(tmp_path):
    write_graph(tmp_path, 2, {"both": [[1, 2]]}, [], [], {"both": 1.0})
    arcs, _, _ = read_transducer(tmp_path / "graph" / "HCLr.fst")
    blank = Topology(2).arcs(np.array([1]), np.array([Position.BEGIN])).blank_loop[0]
    waits = arcs[arcs["ilabel"] == blank]
    loops = waits[waits["source"] == waits["target"]]
    assert len(waits) == FREE_BLANKS + 1
    assert loops["weight"].tolist() == [BLANK_COST]


def test_equal_neighbours_need_a_blank_between_them(tmp_path):
    write_graph(tmp_path, 2, {"aa": [[1, 1]], "ab": [[1, 2]]}, [], [], {"aa": 1.0, "ab": 1.0})
    arcs, _, _ = read_transducer(tmp_path / "graph" / "HCLr.fst")
    topology = Topology(2)
    ends = {unit: topology.arcs(np.array([unit]), np.array([Position.END])).done[0] for unit in (1, 2)}
    assert (arcs["ilabel"] == ends[1]).sum() == FREE_BLANKS
    assert (arcs["ilabel"] == ends[2]).sum() == FREE_BLANKS + 1


def probabilities(path, source: int) -> float:
    arcs, finals, _ = read_transducer(path)
    mine = arcs[(arcs["source"] == source) & (arcs["ilabel"] != 0)]
    return float(np.exp(-(mine["weight"] + WORD_REWARD) / SCALE).sum() + np.exp(-finals[source] / SCALE))


def test_single_words_share_all_probability(tmp_path):
    ids = {"<eps>": 0, "[unk]": 1, "find": 2, "book": 3, "abai": 4}
    write_grammar(tmp_path / "Gr.fst", [(["find", "book"], 1.0), (["find", ANY], 2.0)], [], {"abai": 3.0}, ids)
    assert probabilities(tmp_path / "Gr.fst", 0) == pytest.approx(1.0, abs=1e-5)


def test_a_slot_leads_to_any_word(tmp_path):
    ids = {"<eps>": 0, "[unk]": 1, "find": 2, "book": 3, "abai": 4}
    write_grammar(tmp_path / "with.fst", [(["find", "book"], 1.0), (["find", ANY], 9.0)], [], {"abai": 3.0}, ids)
    write_grammar(tmp_path / "without.fst", [(["find", "book"], 1.0)], [], {"abai": 3.0}, ids)

    def backoff_cost(name: str) -> float:
        arcs, _, start = read_transducer(tmp_path / name)
        (after_find,) = arcs[(arcs["source"] == start) & (arcs["ilabel"] == 2)]["target"]
        return float(arcs[(arcs["source"] == after_find) & (arcs["ilabel"] == 0)]["weight"][0])

    assert backoff_cost("with.fst") < backoff_cost("without.fst")


def test_words_of_a_title_follow_each_other_but_begin_nothing(tmp_path):
    ids = {"<eps>": 0, "[unk]": 1, "find": 2, "abai": 3, "zholy": 4}
    single = {"abai": 1.0, "zholy": 1.0}
    write_grammar(tmp_path / "Gr.fst", [(["find", ANY], 1.0)], [(["abai", "zholy"], 2.0)], single, ids)
    arcs, _, start = read_transducer(tmp_path / "Gr.fst")
    (after_abai,) = arcs[(arcs["source"] == 0) & (arcs["ilabel"] == 3)]["target"]
    assert 4 in arcs[arcs["source"] == after_abai]["ilabel"]
    assert 3 not in arcs[arcs["source"] == start]["ilabel"]


def test_two_words_before_decide_what_follows(tmp_path):
    ids = {"<eps>": 0, "[unk]": 1, "find": 2, "tell": 3, "a": 4, "book": 5, "joke": 6}
    sentences = [(["find", "a", "book"], 2.0), (["tell", "a", "joke"], 2.0)]
    write_grammar(tmp_path / "Gr.fst", sentences, [], {}, ids)
    arcs, _, start = read_transducer(tmp_path / "Gr.fst")

    def after(state: int, word: str) -> int:
        return int(arcs[(arcs["source"] == state) & (arcs["ilabel"] == ids[word])]["target"][0])

    following = arcs[arcs["source"] == after(after(start, "find"), "a")]
    assert ids["book"] in following["ilabel"]
    assert ids["joke"] not in following["ilabel"]


def test_words_of_few_units_are_weighed_by_how_many_they_have(tmp_path):
    def costs(units: dict[str, int]) -> dict[int, float]:
        write_grammar(tmp_path / "Gr.fst", [], [], {"a": 1.0, "ab": 1.0}, {"a": 2, "ab": 3}, units)
        arcs, _, _ = read_transducer(tmp_path / "Gr.fst")
        return dict(zip(arcs["ilabel"].tolist(), arcs["weight"].tolist(), strict=True))

    few, many = costs({"a": 1, "ab": 2}), costs({"a": 3, "ab": 3})
    assert few == pytest.approx({2: many[2] - FEW_UNITS[1], 3: many[3] - FEW_UNITS[2]})


def test_a_word_of_two_units_earns_more_than_its_second_unit(tmp_path):
    topology = Topology(3)
    spellings = {"ab": [[1, 2]], "abc": [[1, 2, 3]]}
    write_lexicon(tmp_path / "HCLr.fst", topology, spellings, {"[unk]": 1, "ab": 2, "abc": 3}, 3.0)
    arcs, _, _ = read_transducer(tmp_path / "HCLr.fst")
    assert set(arcs[arcs["olabel"] == 2]["weight"].tolist()) == {-3.0 - SHORT_WORD_REWARD}
    assert set(arcs[arcs["olabel"] == 3]["weight"].tolist()) == {-3.0}
