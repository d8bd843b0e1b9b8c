import numpy as np
import pytest

from audio_models.decoding import Decoder
from audio_models.phrases import closest
from audio_models.sound_files import PcmAudio
from audio_models.starter import prepare
from tests.audio_models.test_starter import said

DATES = ["three thousand nine hundred", "nine thousand six hundred and eight", "wednesday may thirteen"]


def test_a_mixture_of_phrases_is_the_one_that_it_is_nearly():
    assert closest("nine seven six hundred and eight", DATES) == "nine thousand six hundred and eight"
    assert closest("wednesday may six", ["thursday may ten", "wednesday may thirteen"]) == "wednesday may thirteen"
    assert closest("[unk] thousand nine hundred", DATES) == "three thousand nine hundred"


def test_what_is_no_phrase_is_none():
    assert closest("", DATES) is None
    assert closest("[unk]", DATES) is None
    assert closest("may six", DATES) is None
    assert closest("[unk] да", ["да", "нет"]) is None
    assert closest("да", []) is None


@pytest.mark.real
def test_a_grammar_of_two_phrases_answers_with_one_of_them_or_not_at_all(tmp_path):
    phrases = ["көп рақмет сізге", "басты мәзірге қайту"]
    decoder = Decoder(prepare(tmp_path, phrases, ())[0].path)
    swapped = decoder.hear(said("басты рақмет сізге", "kk"), phrases)
    assert (swapped.text, swapped.unknown) == ("көп рақмет сізге", False)
    assert decoder.hear(said("бүгін ауа райы қандай", "kk"), phrases).unknown
    assert not decoder.hear(PcmAudio(np.zeros(16000, np.int16), 16000), phrases).unknown
