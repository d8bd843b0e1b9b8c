"""The corpus as it lies in the repository: every line, what its parts must not have in common, and how large it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from voice.nlu.learnt.corpus import CorpusError, CorpusLine, labels, parse, read_file, written
from voice.nlu.learnt.corpus_checks import KnownSentences, frame, is_template, moulded, rare_intents, strange_letters
from voice.nlu.learnt.corpus_parts import DEVELOPMENT, TRAINING, read_part

TEST = Path(__file__).parent.parent / "written"
ELSEWHERE = {"other", "unanswerable", "librarian"}
FILES = [path for folder in (TRAINING, DEVELOPMENT, TEST) for path in sorted(folder.glob("*.tsv"))]


@pytest.fixture(scope="module")
def training() -> list[CorpusLine]:
    return read_part(TRAINING)


@pytest.fixture(scope="module")
def development() -> list[CorpusLine]:
    return read_part(DEVELOPMENT)


@pytest.fixture(scope="module")
def test_part() -> list[CorpusLine]:
    return read_part(TEST)


def for_a_library(lines: list[CorpusLine]) -> list[CorpusLine]:
    return [line for line in lines if not ELSEWHERE & set(line.intents)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_line_is_read_and_written_alike(path: Path) -> None:
    for line in read_file(path):
        assert parse(written(line)) == line


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_word_is_of_one_alphabet_of_ours(path: Path) -> None:
    assert [(line.text, letters) for line in read_file(path) if (letters := strange_letters(line))] == []


def test_no_writer_is_in_two_parts() -> None:
    assert len({path.stem for path in FILES}) == len(FILES)


def test_a_writer_does_not_repeat_herself() -> None:
    for path in FILES:
        counts = Counter((line.state, line.text) for line in read_file(path))
        assert [said for said, count in counts.items() if count > 1] == [], path.name


def test_the_test_part_has_no_copy_of_what_is_learnt_or_looked_at(
    training: list[CorpusLine], development: list[CorpusLine], test_part: list[CorpusLine]
) -> None:
    known = KnownSentences([*training, *development])
    assert [reason for line in test_part if (reason := known.copied(line))] == []


def test_the_development_part_has_no_copy_of_what_is_learnt(
    training: list[CorpusLine], development: list[CorpusLine]
) -> None:
    known = KnownSentences(training)
    assert [reason for line in development if (reason := known.copied(line))] == []


def test_no_sentence_of_the_test_part_comes_from_a_mould(test_part: list[CorpusLine]) -> None:
    assert moulded(test_part) == []


def test_the_corpus_is_as_large_as_it_is_said_to_be(training: list[CorpusLine], test_part: list[CorpusLine]) -> None:
    library = for_a_library(training)
    assert len(library) >= 10_000
    assert len(training) - len(library) >= 2_500
    assert len(test_part) >= 1_000


def test_every_intent_is_taught_often_enough(training: list[CorpusLine]) -> None:
    assert rare_intents(training, labels().intents, 30) == {}


COPIES = [
    ("start\tsearch\tнайди мне {title:тихий дон} пожалуйста", "the same sentence"),
    ("start\tsearch\tнайди мне {title:белый пароход} пожалуйста", "with another name"),
    ("start\tdeliver\tпривезите пожалуйста книги ко мне домой завтра утрам", "nearly the same"),
]


@pytest.mark.parametrize(("text", "reason"), COPIES)
def test_a_copy_is_noticed(text: str, reason: str) -> None:
    known = KnownSentences(
        map(
            parse,
            (
                "start\tsearch\tнайди мне {title:тихий дон} пожалуйста",
                "start\tdeliver\tпривезите пожалуйста книги ко мне домой завтра утром",
            ),
        )
    )
    assert reason in known.copied(parse(text))


def test_what_everybody_says_is_no_copy() -> None:
    known = KnownSentences([parse("start\tsearch\t{author:абай} бар ма")])
    assert known.copied(parse("start\tsearch\t{author:шәкәрім} бар ма")) == ""


def test_a_mould_is_a_frame_with_words_enough() -> None:
    line = parse("start\tsearch\tнайди мне {title:тихий дон} пожалуйста")
    assert frame(line) == "найди мне {title} пожалуйста"
    assert is_template(frame(line))
    assert not is_template("{author} бар ма")
    assert not is_template("привезите книги ко мне домой")


def test_a_mould_used_often_is_named() -> None:
    names = ("тихий дон", "абай жолы", "плаха")
    lines = [parse(f"start\tsearch\tнайди мне {{title:{name}}} пожалуйста") for name in names]
    assert moulded(lines[:2]) == []
    assert moulded(lines) == ["найди мне {title} пожалуйста"]


def test_strange_letters_are_named() -> None:
    assert strange_letters(parse("start\thelp\tкөмектесіңіз help")) == ""
    assert strange_letters(parse("start\thelp\tنجدة помоги")) != ""


def test_a_line_without_words_is_none() -> None:
    with pytest.raises(CorpusError):
        parse("start\thelp\t")
