"""Kazakh in Arabic and Latin letters comes out in Cyrillic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages.scripts import Script, candidates, convert, script_of

# Arabic spelling and Cyrillic, from ordinary words; those marked with True need a vocabulary.
ARABIC = [
    ("كىتاپ", "кітап", False),
    ("ٴاليا", "әлия", False),
    ("قازاق", "қазақ", False),
    ("قازاقستان", "қазақстан", False),
    ("مەكتەپ", "мектеп", False),
    ("بالا", "бала", False),
    ("ٴسوز", "сөз", False),
    ("ٴبىر", "бір", False),
    ("ٴتىل", "тіл", False),
    ("ۇستاز", "ұстаз", False),
    ("كۇن", "күн", False),
    ("كول", "көл", False),
    ("اي", "ай", False),
    ("قويان", "қоян", False),
    ("ايۋ", "аю", False),
    ("كيىم", "киім", False),
    ("اششى", "ащы", False),
    ("ەڭبەك", "еңбек", False),
    ("حالىق", "халық", False),
    ("جول", "жол", False),
    ("اباي", "абай", False),
    ("دومبىرا", "домбыра", False),
    ("عالىم", "ғалым", False),
    ("ونەر", "өнер", False),
    ("ٴومىر", "өмір", False),
    ("ۇلى", "ұлы", False),
    ("دوس", "дос", False),
    ("اۋەزوۆ", "әуезов", True),
    ("احمەتوۆ", "ахметов", False),
    ("ۆاگون", "вагон", False),
    ("ٴجىبەك", "жібек", False),
    ("قادىر", "қадір", True),
    ("مۇعالىم", "мұғалім", True),
    ("ساۋلە", "сәуле", True),
]


@pytest.mark.parametrize(("word", "cyrillic", "needs_vocabulary"), ARABIC)
def test_arabic_words(word: str, cyrillic: str, needs_vocabulary: bool) -> None:
    vocabulary = {cyrillic} if needs_vocabulary else frozenset[str]()
    assert convert(word, Script.ARABIC, vocabulary).text == cyrillic


@pytest.mark.parametrize(
    ("word", "cyrillic"),
    [
        ("kıtap", "кітап"),
        ("Qazaqstan", "Қазақстан"),
        ("ğylym", "ғылым"),
        ("Äuezov", "Әуезов"),
        ("ülken", "үлкен"),
        ("jañbyr", "жаңбыр"),
        ("şañyraq", "шаңырақ"),
        ("aiu", "аю"),
        ("qoian", "қоян"),
        ("dūrys", "дұрыс"),
        ("ine", "ине"),
        ("ai", "ай"),
        ("Älia", "Әлия"),
    ],
)
def test_latin_of_2021(word: str, cyrillic: str) -> None:
    assert convert(word, Script.LATIN_2021).text == cyrillic


@pytest.mark.parametrize(
    ("word", "cyrillic"),
    [
        ("kitap", "кітап"),
        ("Qazaqstan", "Қазақстан"),
        ("ǵylym", "ғылым"),
        ("Áýezov", "Әуезов"),
        ("úlken", "үлкен"),
        ("shańyraq", "шаңырақ"),
        ("aıý", "аю"),
        ("durys", "дұрыс"),
        ("ıne", "ине"),
    ],
)
def test_latin_of_2018_swaps_two_letters(word: str, cyrillic: str) -> None:
    assert convert(word, Script.LATIN_2018).text == cyrillic


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Абай жолы", Script.CYRILLIC),
        ("Harry Potter", Script.CYRILLIC),
        ("Gabriel García Márquez", Script.CYRILLIC),
        ("Günter Grass", Script.CYRILLIC),
        ("Orhan Pamuk", Script.CYRILLIC),
        ("اباي جولى", Script.ARABIC),
        ("Abaı joly jáne ǵylym", Script.LATIN_2018),
        ("Abai joly jäne ğylym", Script.LATIN_2021),
        ("", Script.CYRILLIC),
    ],
)
def test_the_script_is_told_from_letters_that_are_sure(text: str, script: Script) -> None:
    assert script_of(text) is script


def test_old_spellings_and_presentation_forms_are_one() -> None:
    for word in ("كىتاپ", "کىتاپ", "\ufedb\ufbe9\ufe98\ufe8e\ufb57", "كىتـاپ"):
        assert convert(word, Script.ARABIC).text == "кітап", ascii(word)
    assert convert("ءسوز", Script.ARABIC).text == "сөз"
    assert convert("مهكتهپ", Script.ARABIC).text == "мектеп"


def test_a_sentence_keeps_its_order_its_signs_and_its_positions() -> None:
    text = "اباي، ۱۹۴۵؟"
    done = convert(text, Script.ARABIC)
    assert done.text == "абай, 1945?"
    assert [text[origin] for origin in done.origins] == list(text)


def test_words_that_could_be_others_are_named() -> None:
    assert convert("قادىر", Script.ARABIC).unsure == ("қадыр",)
    assert convert("قادىر", Script.ARABIC, {"қадір"}).unsure == ()
    assert candidates("قادىر", Script.ARABIC)[:2] == ("қадыр", "қадір")


def test_arabic_words_among_cyrillic_ones_are_converted_alone() -> None:
    text = "Абай (اباي) жолы"
    done = convert(text, script_of(text))
    assert done.text == "Абай (абай) жолы"
    assert done.origins == tuple(range(len(text)))


def test_a_foreign_name_among_kazakh_words_is_left_alone() -> None:
    assert convert("Windows jäne ğylym", Script.LATIN_2021).text == "Windows және ғылым"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ابتپجحدرزسشعفقكگلمنڭھوۇۋۆىيەٴءچـ ،؟۱ 'aäğıiuūş٣x", max_size=40), st.sampled_from(list(Script)))
def test_any_text_is_converted_with_positions_inside_it(text: str, script: Script) -> None:
    done = convert(text, script)
    assert len(done.origins) == len(done.text)
    assert all(0 <= origin < len(text) for origin in done.origins)
