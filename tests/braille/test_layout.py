"""Rows for displays of any width."""

import itertools
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from braille import Passage, Wrap, back, lay_out, passage, to_unicode, translate
from braille.cards import Card, Fact, label, result_list, slip
from braille.errors import BadSize
from braille.layout import CONTINUES, HYPHEN
from braille.syllables import breaks

RECORD = "Мұхтар Әуезов. Абай жолы. – Алматы: Жазушы, 1990. – 608 б."


def rows(text: str, width: int, wrap: Wrap = Wrap.WORDS) -> list[str]:
    return [to_unicode(row.cells) for row in lay_out([passage(text, "kk")], width, wrap=wrap)]


def test_words_stay_whole() -> None:
    assert rows("Абай жолы, екінші кітап", 12) == ["⠁⠃⠁⠯⠀⠚⠕⠇⠮⠂", "⠑⠅⠽⠝⠱⠽⠀⠅⠽⠞⠁⠏"]


def test_a_row_that_fits_to_the_last_cell_loses_nothing() -> None:
    assert rows("қан мен тер", 11) == ["⠹⠁⠝⠀⠍⠑⠝⠀⠞⠑⠗"]
    assert rows("қан мен тер", 7) == ["⠹⠁⠝⠀⠍⠑⠝", "⠞⠑⠗"]
    assert rows("кітапхана", 9) == [to_unicode(translate("кітапхана", "kk").cells)]


@pytest.mark.parametrize(
    ("wrap", "expected"),
    [
        (Wrap.WORDS, ["⠹⠁⠝⠁⠻⠁⠞⣀", "⠞⠁⠝⠙⠮⠗⠥"]),
        (Wrap.SYLLABLES, ["⠹⠁⠝⠁⠻⠁⠞⠤", "⠞⠁⠝⠙⠮⠗⠥"]),
        (Wrap.MARKED, ["⠹⠁⠝⠁⠻⠁⠞⣀", "⠞⠁⠝⠙⠮⠗⠥"]),
        (Wrap.ANYWHERE, ["⠹⠁⠝⠁⠻⠁⠞⠞", "⠁⠝⠙⠮⠗⠥"]),
    ],
)
def test_a_word_longer_than_a_row(wrap: Wrap, expected: list[str]) -> None:
    assert rows("қанағаттандыру", 8, wrap) == expected


def test_syllables_save_cells() -> None:
    assert rows("абай кітапханасы", 12, Wrap.SYLLABLES) == ["⠁⠃⠁⠯⠀⠅⠽⠞⠁⠏⠤", "⠓⠁⠝⠁⠎⠮"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "kk",
            "кі-тап кі-тап-ха-на мет-ро ал-ма-ты ай аға 1990 қа-зақ-стан та-уық қа-уіп қу-ат ме-йі-рім қант-ты дос-тық",
        ),
        ("kk", "ми-нистр-лік стресс объ-ект уни-вер-си-тет Нұр-пе-йі-сов ЮНЕСКО ӨЛЕҢ"),
        ("ru", "не-зна-ком-ка раз-гром подъ-езд по-э-зия при-е-хать пре-ступ-ле-ние съесть ЮНЕСКО қа-зақ-стан"),
        ("en", "knowl-edge peo-ple braille book-shelf read-ing broth-ers ex-pec-ta-tions BBC"),
        ("ru", "knowl-edge"),
    ],
)
def test_where_words_may_be_cut(language: str, words: str) -> None:
    for word in words.split():
        plain = word.replace("-", "")
        at = (0, *breaks(plain, language), len(plain))
        assert "-".join(plain[begin:end] for begin, end in itertools.pairwise(at)) == word


@pytest.mark.parametrize(
    ("language", "grade", "text", "shown"),
    [
        ("en", 1, "my knowledge", ["my knowl-", "edge"]),
        ("en", 2, "on mothers", ["on mothers"]),
        ("ru", 1, "и незнакомка", ["и незна-", "комка"]),
    ],
)
def test_a_cut_leaves_what_can_be_read(language: str, grade: int, text: str, shown: list[str]) -> None:
    render = partial(translate, grade=grade)
    rows = lay_out([passage(text, language)], 10, wrap=Wrap.SYLLABLES, render=render)
    assert [back(row.cells, language, grade=grade) for row in rows] == shown


def test_every_row_knows_its_region_and_its_text() -> None:
    text = "Қан мен тер. Әбдіжәміл Нұрпейісов"
    laid = lay_out([passage("3 кітап табылды", "kk"), passage(text, "kk", 0), passage("Абай жолы", "kk", 1)], 14)
    assert [row.region for row in laid] == [None, None, 0, 0, 0, 1]
    assert [row.passage for row in laid] == [0, 0, 1, 1, 1, 2]
    found = [text[position] for row in laid if row.region == 0 for position in row.positions if position >= 0]
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_neighbours_of_one_table_are_translated_together_and_others_apart() -> None:
    parts = Passage((("Бар, ", "kk"), ("3 дана", "ru")))
    assert lay_out([parts], 40)[0].cells == translate("Бар, 3 дана", "kk").cells
    title = Passage((("Кітап: ", "kk"), ("War and Peace", "en")))
    assert to_unicode(lay_out([title], 40)[0].cells) == "⠅⠽⠞⠁⠏⠒⠀⠨⠺⠁⠗⠀⠁⠝⠙⠀⠏⠑⠁⠉⠑"
    number = Passage((("1/2 ", "kk"), ("War and Peace", "en")))
    assert lay_out([number], 40)[0].cells == translate("1/2 War and Peace", "en").cells


def shown(row: bytes) -> str:
    """A row as a reader takes it, who sees no other."""
    return back(row, "kk").strip("- ")


def test_a_row_that_begins_in_latin_repeats_the_sign() -> None:
    text = "Библиотека Alatau Creative Hub и ещё в 2 местах"
    lines = lay_out([passage(text, "ru")], 12)
    assert [to_unicode(row.cells) for row in lines] == [
        "⠃⠊⠃⠇⠊⠕⠞⠑⠅⠁", "⠨⠁⠇⠁⠞⠁⠥", "⠨⠉⠗⠑⠁⠞⠊⠧⠑", "⠨⠓⠥⠃⠀⠐⠊⠀⠑⠭⠡", "⠺⠀⠼⠃⠀⠍⠑⠎⠞⠁⠓",
    ]  # fmt: skip
    assert [shown(row.cells) for row in lines] == ["библиотека", "Alatau", "Creative", "Hub и ещё", "в 2 местах"]
    assert lines[2].positions[:2] == (-1, text.index("C"))


@pytest.mark.parametrize("wrap", Wrap)
@pytest.mark.parametrize("width", [8, 12, 20, 40])
def test_latin_words_stay_latin_in_every_row(width: int, wrap: Wrap) -> None:
    text = "кітап (Creative Hub, Alatau) Saint-Exupéry and the lib@mail.kz art"
    lines = lay_out([passage(text, "kk")], width, wrap=wrap)
    assert all(len(row.cells) <= width for row in lines)
    assert "creativehub" in "".join(shown(row.cells) for row in lines).replace(" ", "").lower()


def test_a_row_that_begins_in_kazakh_repeats_the_sign_in_an_english_line() -> None:
    line = Passage((("3 ", "en"), ("Қазақ тілі мен әдебиеті", "kk"), (" by Abai", "en")))
    lines = lay_out([line], 14)
    assert [to_unicode(row.cells)[:3] for row in lines[1:3]] == ["⠐⠷⠄", "⠐⠷⠄"]
    assert " ".join(back(row.cells, "en") for row in lines) == "3 қазақ тілі мен әдебиеті by Abai"
    assert to_unicode(lay_out([passage("Абай", "kk")], 14, reader="en")[0].cells) == "⠘⠷⠁⠃⠁⠯"


@pytest.mark.parametrize("title", ["كىتاپ", "ğylym", "ǵylym"])
def test_a_title_in_another_script_between_cyrillic_words_is_converted(title: str) -> None:
    line = Passage((("1. ", "kk"), (title, "kk"), (". Авторы: Абай", "kk")))
    shown = lay_out([line], 80)[0].cells
    assert translate(title, "kk").cells in shown
    assert translate("Авторы: Абай", "kk").cells in shown


def test_a_narrow_display_gets_the_short_wording_when_the_long_one_does_not_fit() -> None:
    line = passage("Екі кітап табылды, біріншісін айтайын ба?", "kk", short="2 кітап. Айтайын ба?")
    assert lay_out([line], 40)[0].cells.startswith(translate("Екі", "kk").cells)
    assert lay_out([line], 20)[0].cells.startswith(translate("2", "kk").cells)
    assert lay_out([passage("Иә", "kk", short="И")], 20)[0].cells == translate("Иә", "kk").cells


def test_a_passage_that_begins_with_a_space_is_not_indented_in_its_first_row() -> None:
    rows = lay_out([passage(" 000", "kk")], 4, runover=1)
    assert [row.cells for row in rows] == [translate("000", "kk").cells]


def test_nothing_to_show_makes_no_row() -> None:
    assert lay_out([passage("", "kk"), passage("  ", "kk"), passage("😀", "kk"), Passage(())], 40) == []


@pytest.mark.parametrize("width", [-1, 0, 1])
def test_a_display_of_no_cells_is_refused_with_a_sentence(width: int) -> None:
    with pytest.raises(BadSize, match="at least 2"):
        lay_out([passage("а", "kk")], width)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(alphabet="аәбвгдежзіклмнңоөп 0123,.-«»A😀", max_size=50), max_size=4),
    st.integers(2, 80),
    st.sampled_from(list(Wrap)),
    st.integers(0, 2),
)
def test_no_cell_is_lost_and_no_row_too_long(texts: list[str], width: int, wrap: Wrap, runover: int) -> None:
    laid = lay_out([passage(text, "kk", at) for at, text in enumerate(texts)], width, wrap=wrap, runover=runover)
    for row in laid:
        assert len(row.cells) <= width
        assert len(row.positions) == len(row.cells)
    for at, text in enumerate(texts):
        shown = [
            cell
            for row in laid
            if row.region == at
            for cell, position in zip(row.cells, row.positions, strict=True)
            if position >= 0 and cell
        ]
        assert bytes(shown) == translate(text, "kk").cells.replace(b"\0", b"")
        marks = {row.cells[-1] for row in laid if row.region == at and row.positions[-1] == -1}
        assert marks <= {HYPHEN if wrap is Wrap.SYLLABLES else CONTINUES}


CARDS = [
    Card("Абай жолы", "kk", (Fact("author", "Мұхтар Әуезов"), Fact("copies", "3"))),
    Card("War and Peace", "en", (Fact("author", "Leo Tolstoy", "en"), Fact("copies", ""))),
]


def test_a_result_list_says_where_it_stands() -> None:
    wide = lay_out(result_list(CARDS, "kk", 80), 80)
    assert wide[0].cells == translate("1/2 Абай жолы. Авторы: Мұхтар Әуезов. Қолда: 3", "kk").cells
    assert to_unicode(wide[1].cells).startswith("⠼⠃⠠⠌⠼⠃⠀⠨⠺⠁⠗⠀⠁⠝⠙")
    assert [row.region for row in wide] == [0, 1]
    narrow = lay_out(result_list(CARDS, "kk", 12), 12)
    assert to_unicode(narrow[0].cells) == "⠼⠁⠀⠁⠃⠁⠯⠀⠚⠕⠇⠮"
    assert translate("авт", "kk").cells in narrow[1].cells


def test_a_slip_has_a_line_for_every_fact() -> None:
    lines = ["".join(text for text, _ in line.spans) for line in slip(CARDS[0], "ru")]
    assert lines == ["Абай жолы", "Автор: Мұхтар Әуезов", "В наличии: 3"]
    assert slip(Card("", "kk"), "kk") == []


def test_labels_are_there_in_all_languages() -> None:
    keys = ["author", "year", "copies", "format", "language", "place", "shelf", "date", "time", "until"]
    for language in ("kk", "ru", "en"):
        for key in [*keys, "number", "code", "address", "courier", "queue"]:
            assert 0 < len(label(key, language, short=True)) <= len(label(key, language, short=False))


@pytest.mark.parametrize("width", range(8, 81, 9))
def test_records_lists_bookings_and_help_fit_any_width(width: int) -> None:
    pages = [passage(RECORD, "kk")], result_list(CARDS * 6, "kk", width), slip(CARDS[0], "kk", short=width < 30)
    for passages in pages:
        assert all(len(row.cells) <= width for row in lay_out(passages, width))
