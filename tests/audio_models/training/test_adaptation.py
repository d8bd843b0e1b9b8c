import subprocess

import pytest

torch = pytest.importorskip("torch", reason="adaptation needs PyTorch, which is not installed")
pytest.importorskip("soundfile", reason="adaptation needs soundfile, which is not installed")

from audio_models.errors import BadModel, BadRecordings  # noqa: E402
from audio_models.sample_texts import library_texts  # noqa: E402
from audio_models.starter import STARTERS, shipped  # noqa: E402
from audio_models.training.adaptation import Comparison, adapt, undo  # noqa: E402
from audio_models.training.batches import Batch  # noqa: E402
from audio_models.training.export import export  # noqa: E402
from audio_models.training.reading_back import normalise_again, read_network  # noqa: E402
from audio_models.transcribed_recordings import read_recordings  # noqa: E402

SHARED = STARTERS[0]


@pytest.mark.parametrize(
    ("person", "others", "better"),
    [((0.5, 0.8), (0.9, 0.9), True), ((0.5, 0.5), (0.9, 1.0), False), ((0.5, 0.9), (0.9, 0.8), False)],
)
def test_a_model_takes_over_only_if_it_is_better_for_one_and_no_worse_for_others(person, others, better):
    assert Comparison(person, others).better is better


def test_a_shipped_network_read_back_and_written_again_is_the_same(tmp_path):
    network = read_network(shipped(SHARED.name) / "am" / "final.mdl", 41).eval()
    export(network, tmp_path)
    again = read_network(tmp_path / "am" / "final.mdl", 41).eval()
    frames = torch.randn(1, 100, 40) * 3 + 11
    with torch.no_grad():
        assert torch.allclose(network(frames), again(frames), atol=1e-3)


def test_normalisations_put_back_change_nothing_until_it_learns():
    network = read_network(shipped(SHARED.name) / "am" / "final.mdl", 41).eval()
    frames = torch.randn(6, 100, 40) * 3 + 11
    batch = Batch(frames, torch.full((6,), 100), torch.zeros(6), torch.ones(6))
    with torch.no_grad():
        before = network(frames)
        normalise_again(network, [batch] * 5)
        assert isinstance(network.l1.norm, torch.nn.BatchNorm1d)
        assert torch.allclose(network.eval()(frames), before, atol=1e-2)
        assert not torch.allclose(network.train()(frames[:2] + 3), before[:2], atol=1e-2)


def test_a_file_of_another_maker_is_refused(tmp_path):
    (tmp_path / "final.mdl").write_bytes(b"\0B<TransitionModel> of somebody else")
    with pytest.raises(BadModel, match="cannot be adapted"):
        read_network(tmp_path / "final.mdl", 41)


def test_too_few_recordings_are_refused(tmp_path):
    with pytest.raises(BadRecordings, match="needs 12"):
        adapt(tmp_path, SHARED, [], 1.0, print)


@pytest.mark.real
def test_adaptation_ends_with_a_verdict_and_can_be_undone(tmp_path):
    rows = []
    for number, text in enumerate(dict.fromkeys(library_texts("ru", 16, seed=5))):
        subprocess.run(["espeak-ng", "-v", "ru+whisper", "-w", str(tmp_path / f"{number}.wav"), text], check=True)
        rows.append(f"{number}.wav\tru\twhisperer\t{text}\n")
    (tmp_path / "transcripts.tsv").write_text("".join(rows), encoding="utf-8")
    result = adapt(tmp_path / "models", SHARED, read_recordings(tmp_path), 5.0, print)
    placed = (tmp_path / "models" / "adapted" / SHARED.name / "am" / "final.mdl").is_file()
    assert placed is result.better
    assert undo(tmp_path / "models", SHARED)
    assert not (tmp_path / "models" / "adapted" / SHARED.name).exists()
