"""The parser of corpus lines: what it reads, and what it says of lines that it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.nlu.learnt.corpus import CorpusError, labels, numbered, parse, read_file, written

LINE = "results\tselect+reserve\tашшы {n=2:екіншісін} || {place:жамбылға} броньдап қой"


def test_a_line_is_read_with_parts_and_slots() -> None:
    line = parse(LINE)
    assert line.state == "results"
    assert line.intents == ("select", "reserve")
    assert line.text == "ашшы екіншісін жамбылға броньдап қой"
    assert line.parts == (0, 2)
    assert [(mark.name, mark.value, line.part_of(mark.start)) for mark in line.slots] == [
        ("n", 2, 0),
        ("place", "жамбылға", 1),
    ]
    assert not line.corrects


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "start\tsearch\t{title:абай жолы} {format=large_print:ірі әріппен}\t?",
        "doubt\tcorrection+search\tне чехова а {author:чехонина}",
        "results\tnarrow\t{only=true:тек} {language=kk:қазақша}",
        "deliveries\ttake_out\t{ns=1,-1:первую и последнюю} уберите",
    ],
)
def test_a_line_is_written_as_it_was_read(text: str) -> None:
    assert written(parse(text)) == text


def test_a_correction_in_one_part_is_known() -> None:
    assert parse("doubt\tcorrection+search\tне чехова а {author:чехонина}").corrects
    assert not parse("doubt\tcorrection+search\tнет не то || найди {author:чехова}").corrects


def test_a_mark_may_be_a_word_of_other_letters() -> None:
    line = parse("start\tsearch\tЁлка, Пушкин!")
    assert line.tokens == ("елка", "пушкин")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("start\tsearch", "three columns"),
        ("start\tsearch\tабай\tмүмкін", "three columns"),
        ("moon\tsearch\tабай", "no state"),
        ("start\tfind\tабай", "no intent"),
        ("start\tsearch\t...", "no words"),
        ("start\tsearch\t{titel:абай}", "no slot"),
        ("start\tsearch\t{title=1:абай}", "has no value"),
        ("start\tsearch\t{title:}", "no words"),
        ("start\tsearch\t{title:абай", "no end"),
        ("start\tsearch\tабай}", "no end"),
        ("results\tselect\t{n=0:нөлінші}", "no value of n"),
        ("results\tselect\t{n=two:екінші}", "no value of n"),
        ("results\tselect\t{ns=2:екінші}", "no value of ns"),
        ("start\tsearch\t{format=paper:қағаз}", "no value of format"),
        ("start\tsearch\t{language=code:тіл}", "no value of language"),
        ("results\tselect+reserve\tекіншісін броньда", "2 intents and 1 parts"),
        ("results\tselect\tекіншісін || броньда", "1 intents and 2 parts"),
        ("results\tselect+reserve\t|| екіншісін", "a part has no words"),
        ("results\tselect+reserve\tекіншісін ||", "a part has no words"),
        ("results\tcorrection+select+more\tжоқ екінші", "3 intents and 1 parts"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        parse(text)


def test_file_and_line_are_named(tmp_path: Path) -> None:
    path = tmp_path / "writer.tsv"
    path.write_text("start\thelp\tкөмектесіңіз\n\nmoon\thelp\tкөмек\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"writer\.tsv:3: “moon” is no state"):
        read_file(path)


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "writer.tsv"
    path.write_text("\nstart\thelp\tкөмектесіңіз\n\n", encoding="utf-8")
    assert [number for number, _ in numbered(path)] == [2]


def test_names_of_labels_are_all_different() -> None:
    names = labels().intents
    assert len(names) == len(set(names))
    assert not labels().free_slots & labels().valued_slots.keys()
