"""Among results: only some of them, the others beside a sure one, and commands said where letters are spelled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue_client.search.matching import fits
from catalogue_client.values.bibliographic import Format, Query, Results
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import BOOKS, LOANS, NOW, PLACES, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.json_schema import booking_object
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Answered, Began, Failed, Pressed
from voice.dialogue.features.spelled_input import Letters
from voice.dialogue.turn import Booking
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind


@pytest.fixture
def caller(phrasebook: Phrasebook) -> Player:
    player = Player(begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW)), SmallLibrary(), phrasebook)
    player.happens(Began())
    return player


def said(player: Player) -> str:
    return " ".join(line.text for line in player.lines)


def titles(player: Player) -> list[str]:
    return [record.title for record in player.context.state.items]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("тек аудио", ["Путь Абая"]),
        ("аудио ғана", ["Путь Абая"]),
        ("только на казахском", ["Абай жолы", "Абай өлеңдері"]),
        ("только крупный шрифт", ["The Path of Abai"]),
        ("only braille", ["Абай жолы"]),
        ("маған только орысша", ["Путь Абая"]),
    ],
)
def test_only_narrows_what_was_found(caller: Player, words: str, left: list[str]) -> None:
    caller.hears("абай туралы кітап тап")
    assert len(titles(caller)) == 4
    caller.hears(words)
    assert titles(caller) == left


def test_narrowing_may_be_narrowed_again_and_an_empty_one_keeps_the_list(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "только на казахском", "только Брайль"):
        caller.hears(words)
    assert titles(caller) == ["Абай жолы"]
    caller.hears("только аудио")
    assert "Среди найденного такого нет." in said(caller) and titles(caller) == ["Абай жолы"]
    assert caller.context.searched is not None and caller.context.searched.format is Format.BRAILLE


def test_after_a_certain_book_a_format_means_that_book_and_after_a_theme_all(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    caller.hears("аудиокнига есть")
    assert caller.library.asked[-1].query.subject == ""
    found = commands.Search(Query(words="абай жолы"))
    sure = Results(BOOKS, len(BOOKS), sure=True)
    caller.context = replace(caller.context, searched=found.query)
    caller.happens(Answered(found, sure))
    for words in ("есть на русском", "қазақшасы бар ма", "аудиокнига есть"):
        caller.hears(words)
        assert caller.library.asked[-1].query.words == "абай жолы", words


def test_only_in_a_title_stays_in_it(phrasebook: Phrasebook) -> None:
    intent = phrasebook.understand("найди книгу только ты")
    assert intent is not None and intent.slots == {"words": "только ты"}


@pytest.mark.parametrize("more", ["что ещё есть", "тағы не бар", "6", "2"])
def test_beside_a_sure_result_the_others_are_shown(caller: Player, more: str) -> None:
    caller.happens(Answered(commands.Search(Query(words="абай жолы")), Results(BOOKS, len(BOOKS), sure=True)))
    assert "Путь Абая" not in said(caller)
    if more.isdigit():
        caller.happens(Pressed(more))
    else:
        caller.hears(more)
    assert "Путь Абая" in said(caller) and "The Path of Abai" in said(caller)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("найди книгу абай жолы", "results"),
        ("абай жолы кітабын тап", "results"),
        ("find the book abai", "results"),
        ("мои книги", "ticket"),
        ("жаңа кітаптар", "results"),
        ("тіркелу", "phone"),
    ],
)
def test_a_sentence_said_among_letters_is_no_letters(caller: Player, words: str, state: str) -> None:
    caller.happens(Pressed("1"))
    caller.hears("а бэ")
    caller.hears(words)
    assert caller.context.name == state


@pytest.mark.parametrize(("words", "letters"), [("к как книга", "к"), ("роман", "роман"), ("ә б", "әб")])
def test_letters_and_example_words_stay_letters(caller: Player, words: str, letters: str) -> None:
    caller.happens(Pressed("1"))
    caller.hears(words)
    assert caller.context.state == Letters(letters)
    caller.hears("жоқ")
    assert caller.context.state == Letters(letters[:-1])


@pytest.mark.parametrize(
    ("words", "letters"),
    [("стереть", "м"), ("сотри", "м"), ("өшір", "м"), ("erase", "м"), ("абай ләззат", "мэ"), ("почему", "мэ"),
     ("пробел", "мэ "), ("роман", "мэ"), ("эл", "мэл")],
)  # fmt: skip
def test_words_among_letters_erase_or_add_nothing(caller: Player, words: str, letters: str) -> None:
    caller.happens(Pressed("1"))
    for each in ("м", "э", words):
        caller.hears(each)
    assert caller.context.state == Letters(letters)


@pytest.mark.parametrize("words", ["найти", "искать", "search", "іздеу", "готово"])
def test_a_word_for_finding_searches_for_the_letters(caller: Player, words: str) -> None:
    caller.happens(Pressed("1"))
    for each in ("а б а", words):
        caller.hears(each)
    assert isinstance(caller.library.asked[-1], commands.Search) and caller.library.asked[-1].query.words == "аба"


def test_the_third_key_never_leaves_the_choice_of_a_time(caller: Player) -> None:
    caller.library.slots = caller.library.slots[:2]
    for words in ("абай туралы кітап тап", "біріншісін үйге жеткіз", "100001", "2580"):
        caller.hears(words)
    assert caller.context.name == "slots"
    caller.happens(Pressed("3"))
    assert caller.context.name == "slots" and "Ондай нөмір жоқ" in said(caller)


def test_a_library_that_nobody_knows_does_not_lose_the_reservation(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "біріншісін сақтап қой", "100002", "1470"):
        caller.hears(words)
    caller.happens(Pressed("3"))
    caller.hears("Хогвартс")
    assert caller.context.name == "places" and caller.context.state.then.name == "reserve"
    caller.happens(Pressed("2"))
    assert caller.context.name == "confirm" and "Сақтап қоямыз: Абай жолы." in said(caller)


def test_everything_renewed_at_once_stands_in_the_booking(caller: Player) -> None:
    for words in ("бәрін ұзарт", "100001", "2580", "иә"):
        caller.hears(words)
    booking = caller.booking
    assert booking is not None and booking.kind == "renewal"
    renewed = booking_object(booking)["records"]
    assert len(renewed) > 1 and all(title in {loan.title for loan in LOANS} for title in renewed)


def test_what_is_not_there_in_a_language_is_offered_in_others(caller: Player) -> None:
    caller.hears("Путь Абая на английском шрифтом Брайля")
    assert titles(caller) == ["Абай жолы"]  # Braille is kept as long as there is any
    caller.hears("найди Ауэзова на английском в аудио")
    assert titles(caller) == ["Путь Абая"]
    assert "Именно таких не нашлось. Есть близкие." in said(caller)


@pytest.mark.parametrize("words", ["abai joly", "Abaı joly", "اباي جولى"])
def test_a_title_alone_may_be_in_any_script(words: str) -> None:
    assert fits(words, BOOKS[0]) and not fits("хорошая погода", BOOKS[0])


def test_words_beside_a_language_are_books_or_talk(caller: Player) -> None:
    caller.hears("путь абая на казахском")
    assert titles(caller) == ["Абай жолы", "Абай өлеңдері"]
    assert caller.context.language == "ru"
    caller.hears("фщхзцкт на казахском")  # nothing is called that: the reader wants to be answered in Kazakh
    assert caller.context.language == "kk" and "Қазақша сөйлеймін." in said(caller)


def test_a_theme_alone_is_a_search_where_there_are_books_about_it(caller: Player) -> None:
    caller.hears("про абая")
    assert caller.context.name == "results" and len(titles(caller)) == 4
    caller.hears("про погоду")
    assert "Түсінбедім" in said(caller)


def test_a_name_of_several_libraries_is_asked_about_and_a_search_leaves_them(caller: Player) -> None:
    caller.hears("алмалы әуезов қай уақытта жұмыс істейді")
    assert caller.context.name == "places" and [place.id for place in caller.context.state.items] == [
        "auezov",
        "almaly",
    ]
    caller.hears("біріншісі")
    assert caller.context.name == "start" and "Мұхтар Әуезов атындағы кітапхана" in said(caller)
    caller.hears("алмалы әуезов қай уақытта жұмыс істейді")
    caller.hears("найди абая")
    assert caller.context.name == "results"


def test_who_may_have_nothing_collected_hears_where_books_may_be_returned(caller: Player) -> None:
    for words in ("мои книги", "100002", "1470"):
        caller.hears(words)
    ask = commands.CollectionSlots("100002", ())
    caller.happens(Failed(ask, "refused_not_eligible"))
    assert "Доставка на дом для Вашего билета ещё не открыта." in said(caller)
    assert "Вернуть книги можно в любую библиотеку и на любую станцию." in said(caller)


def test_a_library_may_be_asked_whether_it_has_the_book(phrasebook: Phrasebook) -> None:
    profile = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, places=PLACES)
    caller = Player(begin(profile), SmallLibrary(), phrasebook)
    caller.happens(Began())
    for words in ("найди путь абая", "вторая", "есть ли она в библиотеке жамбыл"):
        caller.hears(words)
    assert caller.context.name == "record"
    assert "Жамбыл атындағы кітапхана: сейчас там этой книги нет." in said(caller)
    assert "Стоит: Мұхтар Әуезов атындағы кітапхана, 1 экземпляр." in said(caller)
    caller.hears("есть ли она в библиотеке әуезов")
    assert "сейчас там этой книги нет" not in said(caller) and "Стоит: Мұхтар Әуезов атындағы кітапхана" in said(caller)


@pytest.mark.parametrize("words", ["найди абая в библиотеке жамбыл", "что есть в библиотеке жамбыл"])
def test_a_place_narrows_a_search(caller: Player, words: str) -> None:
    caller.hears(words)
    assert caller.context.searched is not None and caller.context.searched.place_id == "zhambyl"


def test_what_was_read_is_told_only_where_the_reader_agreed(caller: Player) -> None:
    for words in ("что я читал раньше", "100001", "2580"):
        caller.hears(words)
    assert "Прочитанное без Вашего согласия не запоминается." in said(caller)
    caller.hears("нет")
    caller.library.history = ()
    caller.hears("прочитанные книги")
    assert "Возвращённых книг у Вас пока нет." in said(caller)
    caller.library.history = LOANS[:2]
    caller.hears("моя история чтения")
    assert "Вы вернули 2 книги. Последние: Қан мен тер; Көшпенділер." in said(caller)


@pytest.mark.parametrize(("accepted", "status"), [(True, "accepted"), (False, "renewed")])
def test_a_renewal_that_waits_for_the_library_system_is_not_called_done(accepted: bool, status: str) -> None:
    assert booking_object(Booking("renewal", replace(LOANS[1], accepted=accepted)))["status"] == status
