"""Every row of what the voices read wrongly, as it has to be said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.synthesis.kazakh_rules import with_case
from voice.synthesis.normaliser import normalise

KAZAKH = {
    "№ 5": "нөмір бес",
    "1 000 000": "миллион",
    "24\u00a0000 кітап": "жиырма төрт мың кітап",
    "3-том, 1-бет": "үшінші том, бірінші бет",
    "2-ші": "екінші",
    "5-тен 10-ға": "бестен онға",
    "3-мен": "үшпен",
    "XIX ғасыр": "он тоғызыншы ғасыр",
    "ХХ ғасыр": "жиырмасыншы ғасыр",
    "25%": "жиырма бес пайыз",
    "25%-ға": "жиырма бес пайызға",
    "+7": "плюс жеті",
    "2/3": "үштен екі",
    "т.б.": "тағы басқалар",
    "Ф.М. Достоевский": "эф эм Достоевский",
    "Ә. Кекілбаев": "ә Кекілбаев",
    "500 ₸": "бес жүз теңге",
    "0,5": "нөл бүтін оннан бес",
    "2,75": "екі бүтін жүзден жетпіс бес",
    "05.12.2026": "екі мың жиырма алтыншы жылғы бесінші желтоқсан",
    "2026-12-05": "екі мың жиырма алтыншы жылғы бесінші желтоқсан",
    "5 желтоқсан, сағат 14:00-де": "бесінші желтоқсан, сағат он төртте",
    "2026 жылы 10:00–12:00": "екі мың жиырма алтыншы жылы оннан он екіге дейін",
    "+7 701 123 45 67": "плюс жеті, жеті жүз бір, жүз жиырма үш, қырық бес, алпыс жеті",
    "87010070405": "сегіз, жеті жүз бір, нөл нөл жеті, нөл төрт, нөл бес",
    "0012": "нөл нөл бір екі",
    "12 кітап табылды": "он екі кітап табылды",
    "ғ.ғ.д. Серік": "ғылым докторы Серік",
    "Л. Толстой, Толстой Л.": "эл Толстой, Толстой эл",
    "kitap@dauys.kz": "kitap эт белгісі dauys.kz",
    "ISBN 978-601-123-456-7": "ай эс би эн тоғыз жеті сегіз, алты нөл бір, бір екі үш, төрт бес алты, жеті",
    "CD мен USB, MP3": "си ди мен ю эс би, эм пи үш",
    "INTERNET, DAISY": "INTERNET, DAISY",
    "әже ғасыр қар маң өмір ұлт үй һалық ін": "әже ғасыр қар маң өмір ұлт үй һалық ін",
}
RUSSIAN = {
    "№ 5": "номер пять",
    "1 000 000": "один миллион",
    "3-й том, 1-я часть": "третий том, первая часть",
    "в XIX веке": "в девятнадцатом веке",
    "25% и 21%": "двадцать пять процентов и двадцать один процент",
    "2,5%": "две целых пять десятых процента",
    "2/3": "две третьих",
    "и т.д.": "и так далее",
    "Ф.М. Достоевский": "эф эм Достоевский",
    "500 ₸": "пятьсот тенге",
    "1,21": "одна целая двадцать одна сотая",
    "05.12.2026": "пятого декабря две тысячи двадцать шестого года",
    "сегодня 5 декабря": "сегодня пятое декабря",
    "5 декабря в 14:00": "пятого декабря в четырнадцать ноль ноль",
    "до 12:30": "до двенадцати тридцати",
    "в 2026 году": "в две тысячи двадцать шестом году",
    "1984 год": "тысяча девятьсот восемьдесят четвертый год",
    "10:00–12:00": "с десяти до двенадцати",
    "до 5 книг": "до пяти книг",
    "2 книги, 1 книгу, 1 место, 2 экземпляра": "две книги, одну книгу, одно место, два экземпляра",
    "5–7": "от пяти до семи",
    "Пётр I": "Пётр первый",
    "Война и мир, том II": "Война и мир, том второй",
    "10-летний": "десятилетний",
    "т. 3": "том три",
    "+7": "плюс семь",
    "+7 701 123 45 67": "плюс семь, семьсот один, сто двадцать три, сорок пять, шестьдесят семь",
    "kniga@dauys.kz": "kniga собака dauys.kz",
    "д.ф.н. Иванов, и др.": "доктор филологических наук Иванов, и другие",
    "Л. Толстой, Толстой Л.": "эль Толстой, Толстой эль",
    "0,5": "ноль целых пять десятых",
    "ISBN 978-5-17-080115-2": ("ай эс би эн девять семь восемь, пять, один семь, ноль восемь ноль один один пять, два"),
    "на CD и USB, MP3": "на си ди и ю эс би, эм пи три",
    "INTERNET, THE END": "INTERNET, THE END",
}
ENGLISH = {
    "№ 5": "number five",
    "1,000 books": "one thousand books",
    "19th century, XIX century": "nineteenth century, nineteenth century",
    "0.5": "zero point five",
    "December 5 at 14:05": "December fifth at two oh five p.m.",
    "05.12.2026": "the fifth of December twenty twenty-six",
    "1984": "nineteen eighty-four",
    "Henry VIII": "Henry the eighth",
    "500 ₸": "five hundred tenge",
    "5–7": "five to seven",
    "ISBN 978-5-17-080115-2": "ISBN nine seven eight, five, one seven, zero eight zero one one five, two",
    "I am here": "I am here",
    "1 000 000": "one million",
    "3rd volume, 1st page": "third volume, first page",
    "25%": "twenty-five percent",
    "+7": "plus seven",
    "2/3": "two over three",
    "book@dauys.kz": "book at dauys.kz",
    "etc., e.g. this": "et cetera, for example this",
    "J. R. R. Tolkien, Tolkien J.": "jay ar ar Tolkien, Tolkien jay",
    "CD, USB": "CD, USB",
}


@pytest.mark.parametrize(("written", "said"), KAZAKH.items())
def test_kazakh_is_said_as_people_say_it(written: str, said: str) -> None:
    assert normalise(written, "kk") == said


@pytest.mark.parametrize(("written", "said"), RUSSIAN.items())
def test_russian_is_said_as_people_say_it(written: str, said: str) -> None:
    assert normalise(written, "ru") == said


@pytest.mark.parametrize(("written", "said"), ENGLISH.items())
def test_english_is_said_as_people_say_it(written: str, said: str) -> None:
    assert normalise(written, "en") == said


@pytest.mark.parametrize(
    ("word", "case", "form"),
    [
        ("он", "ablative", "оннан"),
        ("алты", "dative", "алтыға"),
        ("төрт", "locative", "төртте"),
        ("жүз", "ablative", "жүзден"),
        ("қырық", "dative", "қырыққа"),
        ("елу", "ablative", "елуден"),
        ("тоғыз", "instrumental", "тоғызбен"),
        ("бес", "genitive", "бестің"),
        ("жиырма", "accusative", "жиырманы"),
    ],
)
def test_kazakh_endings_follow_the_vowels(word: str, case: str, form: str) -> None:
    assert with_case(word, case) == form


@given(st.text(max_size=60), st.sampled_from(["kk", "ru", "en", "de"]))
def test_any_text_can_be_normalised_and_leaves_no_digit(text: str, language: str) -> None:
    said = normalise(text, language)
    assert not any(sign in "0123456789" for sign in said)


@given(st.integers(0, 10**12 - 1), st.sampled_from(["kk", "ru", "en"]))
def test_every_number_is_said_in_words_of_its_language(number: int, language: str) -> None:
    said = normalise(f"{number}", language)
    assert said
    assert any("a" <= sign <= "z" for sign in said) == (language == "en")
