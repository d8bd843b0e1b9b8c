"""The sentences of the three languages: the same keys, the same placeholders, every plural form, no odd letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from catalogue_client import errors
from languages.codes import LANGUAGES
from tests.voice.dialogue.exploring import state_names
from voice.dialogue.key_bindings import menu_items
from voice.dialogue.prompts import (
    CATEGORIES,
    FINGERS,
    OPTIONAL,
    compose,
    placeholders,
    plural_one_other,
    plural_ru,
    sentences,
    text_of,
)
from voice.dialogue.registry import STATES
from voice.values.lines import Span


def forms(language: str) -> Iterator[tuple[str, dict[str, str]]]:
    for key, sentence in sentences(language).items():
        yield key, dict(sentence.long)
        if sentence.short:
            yield key, dict(sentence.short)


def said(language: str) -> set[str]:
    """Keys of all sentences but those that only replace words of others for a display."""
    return {key for key in sentences(language) if not key.startswith(FINGERS)}


def test_the_same_sentences_in_every_language() -> None:
    assert said("kk") == said("ru") == said("en")


TELEPHONE = {
    "kk": re.compile(r"— \d|тор белгі|[Жж]ұлдызша|\d перне"),
    "ru": re.compile(r"— \d|решётк|звёздоч|[Нн]ажмите \d|[Сс]кажите «"),
    "en": re.compile(r"— \d|[Pp]ress \d|\bhash\b|\bstar\b|\b[Ss]ay “|\bkey (it|them|your)\b"),
}
"""Words of a telephone: keys that no display has, and saying."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_at_a_display_speaks_of_a_telephone(language: str) -> None:
    known = sentences(language)
    felt = {
        key: known.get(f"{FINGERS}{key}", known[key])
        for key in said(language)
        if not key.startswith(("request.", "desk."))
    }
    texts = [text for one in felt.values() for forms in (one.long, one.short or {}) for text in forms.values()]
    assert [text for text in texts if TELEPHONE[language].search(text)] == []
    assert felt["ask.ticket"] != known["ask.ticket"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_for_a_display_is_given_what_the_other_is(language: str) -> None:
    for key in sentences(language):
        if key.startswith(FINGERS):
            assert placeholders(language, key) <= placeholders(language, key.removeprefix(FINGERS)), key


def test_the_same_placeholders_in_every_language() -> None:
    for key in said("kk"):
        assert placeholders("kk", key) == placeholders("ru", key) == placeholders("en", key), key


def test_short_wordings_stand_for_the_same_sentences_everywhere() -> None:
    for key in said("kk"):
        assert len({sentences(language)[key].short is None for language in LANGUAGES}) == 1, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_counted_sentence_has_the_plural_forms_of_its_language(language: str) -> None:
    for key, given in forms(language):
        if given.keys() != {"other"}:
            assert given.keys() - OPTIONAL == CATEGORIES[language] - OPTIONAL, key
            assert given.keys() >= CATEGORIES[language], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_and_rule_has_a_sentence(language: str) -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LibraryError)]
    prompts = {kind.prompt for kind in kinds} | {f"refused_{rule}" for rule in errors.Refused.RULES}
    assert {f"error.{prompt}" for prompt in prompts} <= sentences(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_can_be_explained(language: str) -> None:
    names = {state.name for state in STATES}
    assert names == state_names()
    for name in names:
        assert f"where.{name}" in sentences(language) and f"help.{name}" in sentences(language)
    assert {f"menu_label.{item}" for item in menu_items()} <= sentences(language).keys()


def test_russian_counts_vary_the_whole_sentence() -> None:
    said = {count: text_of("ru", "searching.found", count=count) for count in (1, 2, 5, 11, 21, 22, 111)}
    assert said == {
        1: "Нашлась 1 книга.",
        2: "Нашлись 2 книги.",
        5: "Нашлось 5 книг.",
        11: "Нашлось 11 книг.",
        21: "Нашлась 21 книга.",
        22: "Нашлись 22 книги.",
        111: "Нашлось 111 книг.",
    }


def test_plural_rules_follow_cldr() -> None:
    assert [plural_ru(n) for n in (0, 1, 2, 4, 5, 12, 14, 21, 24, 25, 101, 112)] == [
        "many", "one", "few", "few", "many", "many", "many", "one", "few", "many", "one", "many",
    ]  # fmt: skip
    assert [plural_one_other(n) for n in (0, 1, 2, 21)] == ["other", "one", "other", "other"]


def test_none_at_all_is_said_as_such() -> None:
    assert text_of("en", "done.renewed_all", count=0) == "Nothing was renewed."


def test_a_title_keeps_its_own_language() -> None:
    line = compose("ru", "record.title", False, n=1, total=3, title=Span("Абай жолы", "kk"))
    assert [(span.text, span.language) for span in line.spans] == [
        ("1 из 3: ", "ru"), ("Абай жолы", "kk"), (".", "ru"),
    ]  # fmt: skip
    assert line.short == "1. Абай жолы."
    assert compose("ru", "record.title", True, n=1, total=3, title="Абай жолы").text == "1. Абай жолы."


def test_kazakh_is_written_with_kazakh_letters() -> None:
    text = "".join(form for _, given in forms("kk") for form in given.values())
    assert set("әғқңөұүһі") - {"һ"} <= set(text.lower())
    assert not set(re.findall(r"[a-z]", re.sub(r"\{\w+\}|English", "", text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_option_is_spoken_before_its_key(language: str) -> None:
    for key, given in forms(language):
        for form in given.values():
            assert not re.search(r"\b\d\s*—\s*\w", form), (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_zero_is_always_and_only_a_person(language: str) -> None:
    person = {"kk": "ітапханашы", "ru": "иблиотекар", "en": "ibrarian"}[language]
    for key, given in forms(language):
        for form in given.values():
            for match in re.finditer(r"(?<![\d{])0(?![\d:])", form):
                before = form[: match.start()]
                assert person in before or key in ("person.unreachable", "person.no_number") or "record" in key, (
                    key,
                    form,
                )
