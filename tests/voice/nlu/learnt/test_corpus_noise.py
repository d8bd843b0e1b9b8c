"""Copies of corpus lines for training: whatever is done to the words, slots and parts stay where they belong."""

from __future__ import annotations

import pytest

from tests.voice.nlu.learnt.tiny_corpus import tiny_lines
from voice.nlu.learnt.corpus import CorpusLine, parse, written
from voice.nlu.learnt.corpus_noise import CorpusNoise

NAMES = {"title": ["Белый пароход", "Қан мен тер"]}


def noise(seed: int = 3) -> CorpusNoise:
    return CorpusNoise(tiny_lines(), seed, NAMES)


@pytest.mark.parametrize("seed", range(20))
def test_a_copy_is_a_line_of_the_corpus(seed: int) -> None:
    made = noise(seed)
    for line in tiny_lines():
        for copy in (made.disturbed(line), made.swapped(line), made.joined(line), made.moved(line)):
            assert parse(written(copy)) == copy


@pytest.mark.parametrize("seed", range(20))
def test_a_disturbed_copy_has_the_same_slots_and_parts(seed: int) -> None:
    made = noise(seed)
    for line in tiny_lines():
        copy = made.disturbed(line)
        assert copy.intents == line.intents
        assert len(copy.parts) == len(line.parts)
        assert [mark.name for mark in copy.slots] == [mark.name for mark in line.slots]
        assert [copy.part_of(mark.start) for mark in copy.slots] == [line.part_of(mark.start) for mark in line.slots]


def test_words_are_really_disturbed() -> None:
    made = noise()
    assert sum(made.disturbed(line).tokens != line.tokens for line in tiny_lines()) > len(tiny_lines()) / 3


def test_another_name_has_the_same_ending() -> None:
    made = noise()
    line = parse("start\tsearch\tнайди мне {title:старый пароход}")
    titles = {made.swapped(line).slots[0].value for _ in range(20)}
    assert titles == {"белый пароход"}


def test_a_value_stays_what_it_was() -> None:
    line = parse("results\tselect\tоткройте {n=1:первую} пожалуйста")
    assert noise().swapped(line).slots == line.slots


def test_two_sentences_become_two_parts() -> None:
    line = parse("results\tnext\tдальше")
    joined = noise().joined(line)
    assert joined.intents[0] == "next"
    assert len(joined.intents) == len(joined.parts) == 2
    assert joined.tokens[: joined.parts[1]] == ("дальше",)


@pytest.mark.parametrize("text", ["start\tother\tсынок поставь чайник", "results\tmore+next\tо чём || дальше"])
def test_what_cannot_be_joined_stays_alone(text: str) -> None:
    line = parse(text)
    assert noise().joined(line) is line


def test_what_is_said_anywhere_is_said_in_other_states_too() -> None:
    states = ("start", "results", "record", "loans", "holds", "menu", "booked", "places")
    lines: list[CorpusLine] = [parse(f"{state}\t{intent}\tқаттырақ") for state in states for intent in ("louder", "no")]
    made = CorpusNoise(lines, 1, {})
    assert {made.moved(lines[0]).state for _ in range(100)} == set(states)
    assert {made.moved(lines[1]).state for _ in range(100)} == {"start"}
