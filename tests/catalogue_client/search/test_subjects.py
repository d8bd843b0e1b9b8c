"""Subjects are found in every language that readers speak."""

from __future__ import annotations

import csv
from pathlib import Path

import catalogue_client.seed.works
from catalogue_client.search.subjects import in_all_languages


def test_a_subject_brings_its_words_in_the_other_languages() -> None:
    words = in_all_languages(["космос", "наука"])
    assert {"ғарыш", "space", "космос", "ғылым", "science"} <= set(words)
    assert len(words) == len(set(words))


def test_an_unknown_subject_stays_as_it_is() -> None:
    assert in_all_languages(["Пчеловодство"]) == ("Пчеловодство",)


def test_every_subject_of_the_shipped_works_is_known_in_three_languages() -> None:
    for path in Path(catalogue_client.seed.works.__file__).parent.glob("*.tsv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                for subject in row["subjects"].split(";"):
                    assert len(in_all_languages([subject])) > 1, subject
