"""What is taught is learnt, twice the same, and read back from its file; a file that is wrong is called so."""

from __future__ import annotations

import struct
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tests.voice.nlu.learnt.tiny_corpus import SMALL, tiny_lines
from voice.nlu.errors import IntentModelDamaged, IntentModelError, IntentModelMissing, IntentModelOutdated
from voice.nlu.intent_model import MOST_INTENTS, IntentModel, Reading
from voice.nlu.learnt.model_file import FORMAT_VERSION, LearntWeights, read_model, write_model
from voice.nlu.learnt.training import train

SEED = 7


@pytest.fixture(scope="module")
def weights() -> LearntWeights:
    return train(tiny_lines(), (), SMALL, SEED)


@pytest.fixture(scope="module")
def model(weights: LearntWeights) -> IntentModel:
    return IntentModel(weights)


def names(reading: Reading) -> list[str]:
    return [part.intent for part in reading.parts]


def test_the_same_seed_gives_the_same_file(weights: LearntWeights, tmp_path: Path) -> None:
    write_model(tmp_path / "one.model", weights)
    write_model(tmp_path / "two.model", train(tiny_lines(), (), SMALL, SEED))
    assert (tmp_path / "one.model").read_bytes() == (tmp_path / "two.model").read_bytes()


def test_another_seed_gives_another(weights: LearntWeights) -> None:
    assert not np.array_equal(train(tiny_lines(), (), SMALL, SEED + 1).intents.weights, weights.intents.weights)


@pytest.mark.parametrize(
    ("text", "state", "intent", "slots"),
    [
        ("найди мне плаху", "start", "search", {"title": "плаху"}),
        ("үшіншісін ашыңыз", "results", "select", {"n": 3}),
        ("давайте последнюю пожалуйста", "results", "select", {"n": -1}),
        ("какой штраф", "start", "library_question.fines", {}),
        ("сынок поставь радио", "start", "other", {}),
        ("bring it home", "record", "deliver", {}),
    ],
)
def test_like_sentences_are_read_alike(
    model: IntentModel, text: str, state: str, intent: str, slots: dict[str, str]
) -> None:
    (part,) = model.read(text, state).parts
    assert part.intent == intent
    assert part.slots == slots


def test_the_state_decides_where_words_do_not(model: IntentModel) -> None:
    at_read_back = dict(model.read("дұрыс", "confirm_hold").parts[0].intents)
    at_start = dict(model.read("дұрыс", "start").parts[0].intents)
    assert at_read_back["yes"] > at_start.get("yes", 0.0)


def test_a_second_thing_in_the_same_sentence_is_a_part_of_its_own(model: IntentModel) -> None:
    reading = model.read("открой первую и привези её домой", "results")
    assert names(reading) == ["select", "deliver"]
    assert [part.text for part in reading.parts] == ["открой первую", "и привези ее домой"]
    assert [dict(part.slots) for part in reading.parts] == [{"n": 1}, {}]


def test_a_correction_stands_before_what_it_asks_for(model: IntentModel) -> None:
    reading = model.read("нет не первую а третью", "results")
    assert names(reading) == ["correction", "select"]
    assert reading.parts[0].text == ""
    assert reading.parts[1].slots["n"] == 3


def test_probabilities_are_probabilities(model: IntentModel) -> None:
    for part in model.read("найди мне тихий дон и привези домой", "start").parts:
        chances = [chance for _, chance in part.intents]
        assert len(chances) == MOST_INTENTS
        assert chances == sorted(chances, reverse=True)
        assert chances[-1] >= 0
        assert sum(chances) <= 1.001


@pytest.mark.parametrize("text", ["", "   ", "?!", "[unk]"])
def test_no_words_have_no_parts(model: IntentModel, text: str) -> None:
    assert model.read(text, "start").parts == ()


@pytest.mark.parametrize("text", ["сөз " * 500, "қ" * 5000, "12 find кітап один " * 40, "\x00\ud83d 😀 ы", "а"])
def test_any_words_are_read(model: IntentModel, text: str) -> None:
    for state in ("start", "results", "no such state"):
        assert all(part.intents for part in model.read(text, state, "confirmation").parts)


def test_a_file_is_read_as_it_was_written(weights: LearntWeights, model: IntentModel, tmp_path: Path) -> None:
    path = tmp_path / "understanding.model"
    write_model(path, weights)
    again = IntentModel.load(path)
    for line in tiny_lines():
        assert again.read(line.text, line.state) == model.read(line.text, line.state)


def test_a_missing_file_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(IntentModelMissing, match="phrasebook"):
        IntentModel.load(tmp_path / "understanding.model")


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(IntentModelError):
        IntentModel.load(tmp_path)


def test_an_older_file_is_called_older(weights: LearntWeights, tmp_path: Path) -> None:
    path = tmp_path / "understanding.model"
    write_model(path, weights)
    whole = bytearray(path.read_bytes())
    struct.pack_into("<I", whole, 8, FORMAT_VERSION - 1)
    path.write_bytes(whole)
    with pytest.raises(IntentModelOutdated, match="train-understanding"):
        IntentModel.load(path)


def test_every_damaged_byte_is_noticed(weights: LearntWeights, tmp_path: Path) -> None:
    path = tmp_path / "understanding.model"
    write_model(path, weights)
    whole = path.read_bytes()
    for at in (0, 13, 44, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(IntentModelError):
            IntentModel.load(path)
    for length in (0, 5, 44, len(whole) // 2):
        path.write_bytes(whole[:length])
        with pytest.raises(IntentModelDamaged):
            IntentModel.load(path)


def test_weights_that_do_not_fit_each_other_are_no_model(weights: LearntWeights, tmp_path: Path) -> None:
    path = tmp_path / "understanding.model"
    for wrong in (
        replace(weights, judge=(1.0,)),
        replace(weights, intent_names=weights.intent_names[1:]),
        replace(weights, tagger=replace(weights.tagger, tags=weights.tagger.tags[1:])),
    ):
        write_model(path, wrong)
        with pytest.raises(IntentModelDamaged, match="no model"):
            IntentModel.load(path)


def test_a_right_checksum_makes_no_model_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "understanding.model"
    content = b"PK\x03\x04 something else"
    path.write_bytes(struct.pack("<8sI32s", b"DAUYSNLU", FORMAT_VERSION, sha256(content).digest()) + content)
    with pytest.raises(IntentModelDamaged, match="no model"):
        read_model(path)
