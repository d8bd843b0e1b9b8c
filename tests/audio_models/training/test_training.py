import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch, which is not installed")
soundfile = pytest.importorskip("soundfile", reason="training needs soundfile, which is not installed")

from audio_models.decoding import Decoder  # noqa: E402
from audio_models.errors import BadRecordings  # noqa: E402
from audio_models.spelling import spell  # noqa: E402
from audio_models.starter import STARTERS, prepare, shipped  # noqa: E402
from audio_models.training import people, tts_voices  # noqa: E402
from audio_models.training.augmentation import Disturber  # noqa: E402
from audio_models.training.batches import gated  # noqa: E402
from audio_models.training.cepstra import Parameters, log_mel_of, read_cepstra  # noqa: E402
from audio_models.training.corpus_store import CorpusStore, fill  # noqa: E402
from audio_models.training.export import affine_layers  # noqa: E402
from audio_models.training.extra_corpus import extra_speech  # noqa: E402
from audio_models.training.features import BANDS, FRAME, HOP, log_mel  # noqa: E402
from audio_models.training.network import LEFT, RIGHT, SIZES, Network  # noqa: E402
from audio_models.training.preparation import make_copy  # noqa: E402
from audio_models.training.recipe import make_models  # noqa: E402
from audio_models.training.tts_voices import installed, respellings  # noqa: E402
from audio_models.vosk_format.acoustic import context  # noqa: E402


def test_a_tone_lights_its_own_band_and_the_frames_are_kaldis():
    wave = 8000 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    energies = log_mel(wave)
    assert energies.shape == (1 + (16000 - FRAME) // HOP, BANDS)
    assert abs(int(energies.mean(axis=0).argmax()) - 14) <= 1
    assert log_mel(np.zeros(100)).shape == (0, BANDS)


def test_the_network_looks_as_far_as_it_says():
    network = Network(3, SIZES["short"]).eval()
    assert context(affine_layers(network)) == (LEFT, RIGHT)
    frames = torch.randn(1, 201, BANDS) + 10
    changed = frames.clone()
    changed[:, 90 + RIGHT + 1 :] += 5
    with torch.no_grad():
        first, second = network(frames), network(changed)
    assert first.shape == (1, 67, 4)
    assert torch.equal(first[:, :31], second[:, :31])
    assert not torch.equal(first[:, 31], second[:, 31])


def test_disturbed_speech_is_other_sound_of_the_same_kind():
    speech = (6000 * np.sin(np.arange(32000) / 9)).astype(np.int16)
    disturber = Disturber(1, [speech])
    first, second = disturber.disturb(speech), disturber.disturb(speech)
    assert first.dtype == np.int16
    assert len(first) > 16000
    assert len(first) != len(second) or not np.array_equal(first, second)


def test_a_gate_closes_before_and_after_speech_and_never_in_it():
    features = torch.full((8, 200, BANDS), 3.0)
    features[:, 80:120, 5:20] = 14.0
    features[:, 95:105] = 3.0  # a pause within
    features[0] = 14.0  # speech from beginning to end
    closed = gated(features)[..., 0]
    assert not closed[:, 78:122].any()
    assert closed[1:, :66].all()
    assert closed[1:, 134:].all()
    assert not closed[0].any()


def test_a_full_shelf_is_not_filled_again(tmp_path):
    spoken = [("kk", "a", "бір екі", np.arange(4000, dtype=np.int16)), ("ru", "b", "три", np.ones(5000, np.int16))]
    fill(tmp_path / "shelf", spoken)
    shelf = fill(tmp_path / "shelf", iter(()))
    assert [utterance.text for utterance in shelf.utterances] == ["бір екі", "три"]
    assert np.array_equal(CorpusStore(tmp_path / "shelf").samples(shelf.utterances[0]), spoken[0][3])


def test_a_voice_that_reads_nothing_leaves_an_empty_shelf(tmp_path):
    fill(tmp_path / "shelf", iter(()))
    assert CorpusStore(tmp_path / "shelf").utterances == ()


def test_foreign_voices_are_given_spellings_that_they_read_as_ours():
    polish = respellings()["polish"]
    assert polish.respell("найдите ещё одну книгу", "ru") == "najditie jeśćio odnu knigu"
    assert polish.respell("менің кітабым", "kk") == "mening kitabym"
    assert respellings()["kyrgyz"].respell("жаңа әңгіме", "kk") == "жаңа эңгиме"
    for respelling in respellings().values():
        written = respelling.respell("съешь ещё этих мягких французских булок да выпей чаю ғұмыр һәм қызық", "kk")
        written.encode(respelling.encoding)


def test_what_people_of_other_languages_say_is_written_in_our_letters():
    def written(language: str, text: str) -> str:
        return people.respelled(text, people.respellings()[language])

    assert written("ru", "Чёрный кот — на крыше.") == "черный кот на крыше"
    assert written("uk", "м'яч і їжа") == "мъяч и йижа"
    assert written("be", "Жоўты сшытак") == "жоуты сшытак"
    assert written("bg", "Щъркел") == "штыркел"
    assert written("es", "Un pingüino, el año y la llave") == "ун пингуино ел ане и ла ябе"
    assert written("ro", "O ceașcă și un măr") == "о чашкы ши ун мыр"
    assert written("el", "Ένα ευχάριστο αυγό") == "эна эфхаристо авго"
    assert written("ru", "2 кота") == ""


def test_recordings_of_people_are_found_with_what_they_say(tmp_path):
    stamps, letters = tmp_path / "tuxpaint" / "stamps" / "animals", tmp_path / "klettres" / "ru"
    digits = tmp_path / "asterisk" / "sounds" / "en_US_f_Allison" / "digits"
    for folder in (stamps, letters / "syllab", digits):
        folder.mkdir(parents=True)
    (stamps / "frog.txt").write_text("A frog.\nru.utf8=Лягушка.\nel.utf8=Βάτραχος.\nfr.utf8=Une grenouille.\n", "utf-8")
    said = np.zeros((8000, 2), np.int16)
    said[2000:6000] = 900
    for sound in ("frog_desc.ogg", "frog_desc_ru.ogg", "frog_desc_fr.ogg"):
        soundfile.write(stamps / sound, said, 44100)
    soundfile.write(letters / "syllab" / "zhi.ogg", said, 22050)
    soundfile.write(digits / "15.wav", said, 8000)
    soundfile.write(digits.parent / "hello.wav", said, 8000)
    soundfile.write(digits.parent / "vm-intro.wav", said, 8000)
    (stamps / "frog_desc_el.ogg").write_bytes(b"no sound")
    (letters / "sounds.xml").write_text(
        '<klettres><sound name="ЖИ" file="ru/syllab/zhi.ogg"/><sound name="А" file="ru/alpha/a.ogg"/></klettres>',
        "utf-8",
    )
    found = [(language, voice, text) for read in people.SOURCES.values() for language, voice, text, _ in read(tmp_path)]
    assert found == [
        ("ru", "person-tuxpaint-ru", "лягушка"),
        ("en", "person-tuxpaint-en", "a frog"),
        ("ru", "person-klettres-ru", "жи"),
        ("en", "person-asterisk-en", "fifteen"),
        ("en", "person-asterisk-en", "hello"),
    ]
    samples = next(people.prompts(tmp_path))[3]
    assert len(samples) == 16000
    assert not any(any(read(tmp_path / "nothing")) for read in people.SOURCES.values())


@pytest.mark.real
@pytest.mark.skipif(not installed("pico2wave"), reason="SVOX Pico is not installed")
def test_pico_reads_kazakh_with_a_german_accent():
    read = tts_voices.pico(
        {"kk": ["көп рақмет"]}, "de-DE", {"kk": 1}, respellings()["german"], (90, 110), (90, 110), random.Random(1)
    )
    ((language, voice, text, samples),) = read
    assert (language, voice, text) == ("kk", "pico-de-de", "көп рақмет")
    assert 6000 < len(samples) < 40000
    assert np.abs(samples).max() > 1000
    assert respellings()["german"].respell("жаңа кітап", "kk") == "schanga kitap"


@pytest.mark.real
@pytest.mark.skipif(not installed("RHVoice-test"), reason="RHVoice is not installed")
def test_rhvoice_reads_and_a_voice_that_is_not_there_does_not():
    def read(voice: str) -> list[tts_voices.Spoken]:
        spoken = tts_voices.rhvoice(
            {"ru": ["да"]}, voice, {"ru": 1}, None, "std", (100, 100), (100, 100), random.Random(1)
        )
        return list(spoken)

    assert read("nobody") == []
    ((language, _, text, samples),) = read("irina") or read("anna") or read("elena") or read("aleksandr")
    assert (language, text) == ("ru", "да")
    assert np.abs(samples).max() > 1000


@pytest.mark.real
def test_the_short_recipe_makes_a_model_that_vosk_loads_and_goes_on_when_run_again(tmp_path):
    lines: list[str] = []
    (made,) = make_models(tmp_path, "short", [], None, ["shared"], lines.append)
    assert any("loss" in line for line in lines)
    network_file = (made / "am" / "final.mdl").read_bytes()
    adapted = tmp_path / "store" / "adapted" / STARTERS[0].name
    adapted.parent.mkdir(parents=True)
    made.rename(adapted)
    models = prepare(tmp_path / "store", ["главное меню"], [("абай", 1.0)])
    assert models[0].kind == "adapted"
    assert (models[0].path / "am" / "final.mdl").read_bytes() == network_file
    assert Decoder(models[0].path).knows("абай")
    adapted.rename(made)
    again: list[str] = []
    assert make_models(tmp_path, "short", [], None, ["shared"], again.append) == [made]
    assert any("made already" in line for line in again)


@pytest.mark.real
def test_vosk_scores_as_the_network_does():
    from audio_models.training.export_validation import score_difference
    from audio_models.training.reading_back import read_network
    from audio_models.training.tts_voices import espeak

    network = read_network(shipped("dauys-starter-kk-ru") / "am" / "final.mdl", 41).eval()
    said = espeak({"kk": ["абай"]}, {"kk": 1}, {"kk": ["kk"]}, ["m1"], (150, 150), (50, 50), random.Random(1))
    ((_, _, _, samples),) = said
    (units,) = spell(["абай"], "letters")["абай"]
    assert score_difference(network, samples, units) < 1e-3


def write_cepstra(path: Path, frames: int) -> None:
    numbers = np.random.default_rng(frames).normal(0, 5, frames * 13).astype("<f4")
    path.write_bytes(np.array([len(numbers)], "<i4").tobytes() + numbers.tobytes())


def test_a_folder_of_cepstra_is_learnt_from_as_it_is(tmp_path):
    folder = tmp_path / "telephone"
    folder.mkdir()
    for name, frames in (("a.mfc", 40), ("b.mfc", 30)):
        write_cepstra(folder / name, frames)
    (folder / "feat.params").write_text("-samprate 8000\n-nfilt 15\n-lowerf 200\n-upperf 3500\n")
    (folder / "transcripts.tsv").write_text("a.mfc\tru\tanna\tда\nb.mfc\tru\tboris\tнет\n")
    shelf = fill(tmp_path / "shelf", extra_speech(folder))
    assert [(each.voice, each.text) for each in shelf.utterances] == [("extra-anna", "да"), ("extra-boris", "нет")]
    copy = make_copy(tmp_path / "copies", shelf, 3)
    expected = log_mel_of(read_cepstra(folder / "b.mfc"), Parameters(8000.0, 15, 200.0, 3500.0))
    assert copy.frames(0) == 40
    np.testing.assert_allclose(copy.features(1), expected, atol=0.02)
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["0-shelf"]  # nothing to disturb


def test_sounds_and_cepstra_in_one_folder_are_refused(tmp_path):
    write_cepstra(tmp_path / "a.mfc", 20)
    (tmp_path / "b.wav").write_bytes(b"")
    (tmp_path / "transcripts.tsv").write_text("a.mfc\tru\tanna\tда\nb.wav\tru\tanna\tнет\n")
    with pytest.raises(BadRecordings, match="folders of their own"):
        list(extra_speech(tmp_path))
