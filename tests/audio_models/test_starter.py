import pytest

from audio_models.decoding import Decoder
from audio_models.errors import BadModel, NoSpace
from audio_models.model_store import ModelStore
from audio_models.starter import MOST_WORDS, STARTERS, prepare, words_of
from tests.audio_models.speech import said

PHRASES = [
    "найди книгу",
    "кітап іздеу",
    "менің кітаптарым",
    "главное меню",
    "my books",
    "find {title}",
    "найди {title}",
]
VOCABULARY = [("абай жолы", 5.0), ("harry potter", 3.0), ("белый пароход", 2.0), ("1984", 1.0)]
SHARED, ENGLISH = STARTERS


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("models")
    prepare(root, PHRASES, VOCABULARY)
    return ModelStore(root)


def test_both_models_are_there_and_whole(store):
    assert [model.name for model in store.installed()] == [SHARED.name, ENGLISH.name]
    for model in store.installed():
        assert store.verify(model.name) > 5
        Decoder(model.path)


def test_phrases_go_to_the_model_of_their_script_and_titles_to_both(store):
    shared, english = (Decoder(model.path) for model in store.installed())
    assert shared.knows("іздеу")
    assert not english.knows("іздеу")
    assert english.knows("my")
    for decoder in (shared, english):
        assert decoder.knows("potter")
        assert decoder.knows("жолы")


def test_commands_are_heard(store):
    shared = Decoder(store.find(SHARED.name).path)
    cyrillic = [phrase for phrase in PHRASES if "{" not in phrase and "my" not in phrase]
    for text, voice in (("главное меню", "ru"), ("найди книгу", "ru"), ("менің кітаптарым", "kk")):
        assert shared.hear(said(text, voice), cyrillic).text == text


def test_nothing_is_built_twice_and_any_change_builds_anew(store, tmp_path):
    prepare(tmp_path, PHRASES, VOCABULARY)
    words = tmp_path / SHARED.name / "graph" / "words.txt"
    first = words.stat().st_ino
    prepare(tmp_path, PHRASES, VOCABULARY)
    assert words.stat().st_ino == first
    prepare(tmp_path, PHRASES, [*VOCABULARY, ("қан мен тер", 1.0)])
    assert "тер" in words.read_text(encoding="utf-8").split()


def test_what_cannot_be_heard_is_reported(tmp_path):
    sentences = []
    prepare(tmp_path, PHRASES, VOCABULARY, report=sentences.append)
    assert any("1984" in sentence for sentence in sentences)


def test_of_too_many_words_the_most_popular_are_taken():
    letters = "абвгдежзик"
    words = [f"с{''.join(letters[int(digit)] for digit in f'{n:05}')}" for n in range(100_000)]
    sentences = []
    wording = words_of(SHARED, PHRASES, [(word, float(n + 1)) for n, word in enumerate(words)], sentences.append)
    assert len(wording.spellings) == MOST_WORDS
    assert words[-1] in wording.spellings
    assert words[0] not in wording.spellings
    assert "100000" in sentences[0]


def test_an_empty_library_still_spells_letters(tmp_path):
    prepare(tmp_path, [], [])
    assert Decoder(tmp_path / SHARED.name).knows("эль")
    assert Decoder(tmp_path / ENGLISH.name).knows("z")


def test_a_stale_graph_of_another_kind_is_found_and_the_rest_works(tmp_path):
    prepare(tmp_path, PHRASES, VOCABULARY)
    (tmp_path / SHARED.name / "graph" / "HCLG.fst").write_bytes(b"")
    with pytest.raises(BadModel, match=r"HCLG\.fst"):
        ModelStore(tmp_path).verify(SHARED.name)


def test_no_place_to_write_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoSpace, match="DAUYS_HOME"):
        prepare(tmp_path / "file", PHRASES, VOCABULARY)


def test_a_folder_that_is_no_model_is_said_plainly(tmp_path):
    with pytest.raises(BadModel, match="dauys models verify"):
        Decoder(tmp_path)


def test_words_of_one_popularity_have_one_order():
    """Words that sound alike are told apart by their order alone: it must not change from start to start."""
    names = [(f"name{letters}", 1.0) for letters in ("b", "d", "a", "e", "c")]
    spellings = words_of(ENGLISH, [], names, print).spellings
    assert [word for word in spellings if word.startswith("name")] == ["namea", "nameb", "namec", "named", "namee"]
