"""Search as readers speak: spellings, scripts, numbers, carriers, fields, filters."""

from __future__ import annotations

import pytest

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound
from catalogue_client.values.bibliographic import Format, Query
from languages.folding import fold
from languages.numerals import as_in_title
from languages.stemming import stem


async def titles(library: OpenedLibrary, **query: object) -> list[str]:
    return [record.title for record in (await library.catalogue.search(Query(**query))).records]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoken", "title"),
    [
        ("Абай жолы", "Абай жолы"),
        ("абай жоли", "Абай жолы"),
        ("абайжолы", "Абай жолы"),
        ("Abai joly", "Абай жолы"),
        ("Abaı joly", "Абай жолы"),
        ("اباي جولى", "Абай жолы"),
        ("маған Әуезовтің Абай жолы кітабын тауып берші", "Абай жолы"),
        ("найди пожалуйста книгу Ауэзова путь Абая", "Путь Абая"),
        ("меним атым кожа", "Менің атым Қожа"),
        ("кан мен тер", "Қан мен тер"),
        ("слова назидания", "Қара сөздер"),
        ("мастер и магарита", "Мастер и Маргарита"),
        ("мaстeр и мaргaритa", "Мастер и Маргарита"),
        ("тысяча девятьсот восемьдесят четыре", "1984"),
        ("nineteen eighty-four", "1984"),
        ("100 лет одиночества", "Сто лет одиночества"),
        ("гарри поттер", "Harry Potter and the Philosopher's Stone"),
        ("please find the old man and the sea by hemingway", "The Old Man and the Sea"),
        ("преступление достоевского", "Преступление и наказание"),
        ("кыз жибек", "Қыз Жібек"),
    ],
)
async def test_first_answer_is_what_was_meant(library: OpenedLibrary, spoken: str, title: str) -> None:
    assert (await titles(library, words=spoken))[:1] == [title]


async def test_both_spellings_of_an_author_find_all_books(library: OpenedLibrary) -> None:
    for name in ("Мұхтар Әуезов", "Мухтара Ауэзова", "Әуезовтің", "ауезов мухтар"):
        found = (await library.catalogue.search(Query(author=name))).records
        names = {record.title for record in found} | {other.title for record in found for other in record.expressions}
        assert {"Абай жолы", "Путь Абая"} <= names, name


async def test_name_leads_to_people(library: OpenedLibrary) -> None:
    (auezov,) = await library.staff.catalogue.authors("ауезов")
    assert auezov.name in ("Мұхтар Әуезов", "Мухтар Ауэзов") and auezov.records == 2
    assert [one.name for one in await library.staff.catalogue.authors("достоевского")] == ["Фёдор Достоевский"]
    assert await library.staff.catalogue.authors("фщхзцкт") == ()


async def test_title_and_author_and_subject_must_all_fit(library: OpenedLibrary) -> None:
    assert (await titles(library, title="принц", author="экзюпери"))[0] == "Маленький принц"
    assert "Маленький принц" not in await titles(library, title="Абай жолы", author="Мұхтар Әуезов")
    assert set(await titles(library, subject="балалар әдебиеті")) == {"Менің атым Қожа"}
    assert set(await titles(library, subject="роман", language="kk")) == {"Абай жолы", "Көшпенділер", "Қан мен тер"}


async def test_filters(library: OpenedLibrary) -> None:
    braille = await library.catalogue.search(Query(format=Format.BRAILLE))
    assert braille.total == 4 and all(Format.BRAILLE in record.formats for record in braille.records)
    assert set(await titles(library, years=(1940, 1949))) == {
        "Абай жолы",
        "1984",
        "The Little Prince",
        "Маленький принц",
    }
    assert await titles(library, words="Абай", language="ru") == ["Путь Абая"]
    place = (await library.catalogue.search(Query(words="Плаха"))).records[0].available[0].place_id
    here = await library.catalogue.search(Query(place_id=place, limit=100))
    assert "Плаха" in [record.title for record in here.records]
    assert all(place in [shelf.place_id for shelf in record.available] for record in here.records)
    assert all(record.available[0].place_id == place for record in here.records)
    assert here.total == len(here.records)
    kazakh = await titles(library, place_id=place, language="kk", limit=100)
    assert set(kazakh) == {record.title for record in here.records if record.language == "kk"}


async def test_format_counts_copies_of_that_format(library: OpenedLibrary) -> None:
    audio = (await library.catalogue.search(Query(words="Мастер и Маргарита", format=Format.AUDIO))).records[0]
    every = (await library.catalogue.record(audio.id)).available
    assert sum(shelf.copies for shelf in audio.available) < sum(shelf.copies for shelf in every)


async def test_sure_only_when_one_stands_out(library: OpenedLibrary) -> None:
    assert (await library.catalogue.search(Query(words="Көшпенділер"))).sure
    assert not (await library.catalogue.search(Query(words="Мұхтар Әуезов"))).sure
    assert not (await library.catalogue.search(Query(words="принц"))).sure


async def test_guess_is_offered_and_nonsense_is_not_found(library: OpenedLibrary) -> None:
    assert (await library.catalogue.search(Query(words="кочпендлр"))).did_you_mean == "Көшпенділер"
    nothing = await library.catalogue.search(Query(words="фщхзцкт"))
    assert (nothing.records, nothing.total, nothing.did_you_mean, nothing.sure) == ((), 0, "", False)


async def test_other_hypotheses_help(library: OpenedLibrary) -> None:
    alone = await library.catalogue.search(Query(words="уж каю я"))
    helped = await library.catalogue.search(Query(words="уж каю я", alternatives=("ушкан уя", "уж кануя")))
    assert [record.title for record in helped.records][:1] == ["Ұшқан ұя"]
    assert not alone.records or alone.did_you_mean or not alone.sure


@pytest.mark.parametrize(
    "text",
    [
        '" OR NEAR( *',
        "'; DROP TABLE docs; --",
        "a" * 10_000,
        "слово " * 3_000,
        "\x00\ud800",
        "%_%",
        "🙂",
        "...",
        "1" * 500,
    ],
)
async def test_no_text_breaks_the_search(library: OpenedLibrary, text: str) -> None:
    for query in (
        Query(words=text),
        Query(title=text, author=text, subject=text),
        Query(words="Абай", alternatives=(text,)),
    ):
        assert len((await library.catalogue.search(query)).records) <= 30


async def test_empty_query_lists_and_new_are_new(library: OpenedLibrary) -> None:
    everything = await library.catalogue.search(Query(limit=5))
    assert len(everything.records) == 5 and everything.total == 18
    newest = await library.catalogue.new_records(language="kk")
    assert all(record.language == "kk" for record in newest.records)
    assert 0 < (await library.catalogue.new_records()).total < 18


async def test_unknown_record(library: OpenedLibrary) -> None:
    with pytest.raises(NotFound):
        await library.catalogue.record("none")
    with pytest.raises(NotFound):
        await library.catalogue.shelves("none")


async def test_vocabulary_holds_what_readers_say(library: OpenedLibrary) -> None:
    words = {word.word: word for word in await library.vocabulary.words(1000)}
    assert {"көшпенділер", "әуезов", "кочевники", "hemingway"} <= set(words)
    assert words["көшпенділер"].language == "kk" and words["hemingway"].language == "en"
    assert len(await library.vocabulary.words(3)) == 3
    assert "Мұхтар Әуезов" in [name.word for name in await library.vocabulary.author_names(100)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Әуезов", "ауезов"),
        ("Ауэзов", "ауезов"),
        ("Áýezov", "ауезов"),
        ("Қаңтар ЖЕЛІ", "кантар жели"),
        ("جەل", "жел"),
        ("Ёлка, ель!", "елка ел"),
        ("Кoт", "кот"),
        ("don't", "донт"),
        ("x_y", "кс и"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("жолының", "жолы"), ("әуезовтің", "ауэзова"), ("кітаптары", "кітап"), ("книги", "книга"), ("даланың", "дала")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(fold(one)) == stem(fold(other))


def test_numbers_in_words() -> None:
    assert as_in_title(1984, "ru") == "тысяча девятьсот восемьдесят четыре"
    assert as_in_title(1984, "en") == "nineteen eighty-four"
    assert as_in_title(12, "kk") == "он екі"


async def test_titles_of_several_words_are_told_for_the_recogniser(library: OpenedLibrary) -> None:
    told = {title.word: title.weight for title in await library.vocabulary.titles(1000)}
    assert told["абай жолы"] > 0
    assert all(len(title.split()) > 1 and title == title.lower() for title in told)
    assert len(await library.vocabulary.titles(3)) == 3
