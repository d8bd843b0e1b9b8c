"""What staff read: the same sentences in every language, kept as what they say."""

from __future__ import annotations

import string
from typing import get_args

import pytest

from catalogue_client.delivery.staff_messages import StaffLine, read, sentences, words
from languages.codes import Language

LANGUAGES = get_args(Language)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_same_sentences_and_placeholders_in_every_language() -> None:
    first = {key: placeholders(sentence) for key, sentence in sentences()["en"].items()}
    for language in LANGUAGES:
        assert {key: placeholders(sentence) for key, sentence in sentences()[language].items()} == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_within_a_line_is_told_in_the_same_language(language: Language) -> None:
    why = StaffLine("no_courier", {"count": 3})
    line = read(StaffLine("with_staff", {"number": 1007, "why": why}).kept())
    said = line.said(language)
    assert "1007" in said and said.endswith(why.said(language)) and "3" in said
    assert len({line.said(one) for one in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("text", ["nobody at home", "[1]", "{broken", "7", "", "{number}"])
def test_words_of_a_person_stay_as_they_are(text: str) -> None:
    assert read(words(text).kept()).said("kk") == text


def test_lines_that_an_older_dauys_wrote_are_read() -> None:
    assert read("Delivery 7 is late: call the reader.").said("ru") == "Delivery 7 is late: call the reader."
