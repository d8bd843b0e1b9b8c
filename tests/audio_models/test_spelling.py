from audio_models.acoustic_units import CYRILLIC, PHONEMES, cyrillic_units
from audio_models.pronunciation import pronounce
from audio_models.spelling import is_slot, letter_names, spell, tokens


def letters(word: str) -> str:
    return "".join(CYRILLIC[unit - 1] for unit in spell([word], "letters")[word][0])


def phonemes(word: str) -> list[list[str]]:
    return [[PHONEMES[unit - 1] for unit in row] for row in spell([word], "phonemes")[word]]


def test_kazakh_and_russian_words_are_their_letters():
    assert letters("қыркүйек") == "қыркүйек"
    assert letters("ёлка") == "елка"


def test_latin_lookalikes_inside_kazakh_words_are_read_as_cyrillic():
    assert cyrillic_units("кiтап") == tuple("кітап")


def test_english_words_become_phonemes_with_their_other_ways():
    assert phonemes("book") == [["b", "ʊ", "k"]]
    assert ["ð", "i"] in phonemes("the")
    assert ["ð", "ə"] in phonemes("the")


def test_words_of_the_other_script_are_transliterated():
    assert letters("potter").startswith("пот")
    assert phonemes("абай") == [["ɑ", "b", "ɑ", "j"]]


def test_what_no_unit_stands_for_is_left_out_and_the_rest_stays():
    assert set(spell(["1984", "абай", "中文", "№"], "letters")) == {"абай"}


def test_tokens_have_no_punctuation_and_slots_stay():
    assert tokens("«Найди» {title}, пожалуйста!") == ["найди", "{title}", "пожалуйста"]
    assert is_slot("{title}")
    assert tokens("по-казахски") == ["по", "казахски"]


def test_every_letter_has_a_name_that_can_be_heard():
    for model, kind in (("shared", "letters"), ("english", "phonemes")):
        names = letter_names(model)
        assert set(spell(names, kind)) == set(names)
    assert {"қы", "ың", "эль"} <= set(letter_names("shared"))


def test_pronunciations_of_many_words_are_those_of_each():
    words = ["o'clock", "nine", "library", "zzz", "thou", "reader", "a"]
    together = pronounce(words)
    assert together == {word: pronounce([word])[word] for word in words}
