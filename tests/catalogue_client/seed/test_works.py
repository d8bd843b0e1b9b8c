"""The shipped works are well formed: columns, codes, letters, no work twice."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import catalogue_client.seed.works

FOLDER = Path(catalogue_client.seed.works.__file__).parent
COLUMNS = ["title", "author", "language", "year", "subjects", "formats", "aliases", "annotation"]
LANGUAGE = {"kazakh": "kk", "russian": "ru", "world_ru": "ru", "english": "en"}
FORMATS = {"print", "large_print", "braille", "audio"}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert reader.fieldnames == COLUMNS
        return list(reader)


@pytest.mark.parametrize("name", LANGUAGE)
def test_every_field_is_well_formed(name: str) -> None:
    for row in rows(name):
        assert None not in row and None not in row.values(), row
        assert row["title"] and row["language"] == LANGUAGE[name], row
        assert row["year"] == "" or -800 <= int(row["year"]) <= 2026, row
        formats = row["formats"].split(";")
        assert set(formats) <= FORMATS and len(set(formats)) == len(formats), row
        subjects = row["subjects"].split(";")
        assert 1 <= len(subjects) <= 3 and all(subjects) and row["subjects"].lower() == row["subjects"], row
        assert all(value == value.strip() for value in row.values()), row


@pytest.mark.parametrize("name", LANGUAGE)
def test_no_work_is_listed_twice(name: str) -> None:
    keys = [(row["title"].lower(), row["author"].lower()) for row in rows(name)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", LANGUAGE)
def test_titles_and_authors_mix_no_alphabets(name: str) -> None:
    for row in rows(name):
        for word in re.findall(r"\w+", f"{row['title']} {row['author']}"):
            assert not (re.search("[A-Za-z]", word) and re.search("[\u0400-\u04ff]", word)), word


def test_subjects_are_a_small_set_in_each_language() -> None:
    for name in LANGUAGE:
        assert len({subject for row in rows(name) for subject in row["subjects"].split(";")}) <= 30, name


def test_at_least_two_thousand_works_are_shipped() -> None:
    assert sum(len(rows(name)) for name in LANGUAGE) >= 2000
