"""tantivy, a search library in Rust: word by word, by 3-grams, and by 3-grams with our ranking behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catalogue_client.search.documents import Filter
from catalogue_client.search.finder import Finder
from catalogue_client.search.index import ANY, SearchIndex
from catalogue_client.search.query_reading import QueryReading
from engines import Engine, Row, numbered
from engines.sqlite_only import filled, found_in
from languages.folding import fold


class Tantivy:
    """Folded titles with authors, in words or in 3-grams."""

    def __init__(self, rows: Sequence[Row], folder: Path, grams: bool) -> None:
        """Raises ImportError where tantivy is not installed."""
        import tantivy

        self._tantivy: Any = tantivy
        self._grams = grams
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="whitespace" if grams else "default")
        builder.add_integer_field("number", stored=True)
        folder.mkdir()
        self._index = tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer()
        for number, title, author in numbered(rows):
            text = fold(f"{title} {author}")
            writer.add_document(tantivy.Document(text=" ".join(grams_of(text)) if grams else text, number=number))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def best(self, text: str, most: int) -> list[int]:
        """Positions of the rows that fit the folded text best."""
        words = grams_of(text) if self._grams else text.split()
        should = [(self._tantivy.Occur.Should, self._query(word)) for word in words]
        hits = self._searcher.search(self._tantivy.Query.boolean_query(should), most).hits if should else []
        return [self._searcher.doc(address)["number"][0] for _, address in hits]

    def _query(self, word: str) -> Any:
        schema = self._index.schema
        if self._grams:
            return self._tantivy.Query.term_query(schema, "text", word)
        return self._tantivy.Query.fuzzy_term_query(schema, "text", word, distance=1)


class Reranked(SearchIndex):
    """The index that ships, with tantivy in place of its own candidates."""

    def __init__(self, path: Path, engine: Tantivy) -> None:
        super().__init__(path)
        self._engine = engine

    def candidates(self, reading: QueryReading, field: str, filter: Filter, most: int) -> list[int]:
        """Numbers in the index begin with 1, positions with 0."""
        if field != ANY:
            return super().candidates(reading, field, filter, most)
        return [one + 1 for one in self._engine.best(" ".join(reading.words), most)]


def grams_of(text: str) -> list[str]:
    """Each 3-gram of each word with its edges, once; a blank would part them, so `_` stands for an edge."""
    padded = (f"_{word}_" for word in text.split())
    return list(dict.fromkeys(word[at : at + 3] for word in padded for at in range(len(word) - 2)))


def words(rows: Sequence[Row], folder: Path) -> Engine:
    """Folded words, each with one letter's difference allowed."""
    engine = Tantivy(rows, folder / "tantivy", grams=False)
    return Engine(lambda text: engine.best(fold(text), 10), folder)


def grams(rows: Sequence[Row], folder: Path) -> Engine:
    """3-grams of folded words, ranked by tantivy."""
    engine = Tantivy(rows, folder / "tantivy", grams=True)
    return Engine(lambda text: engine.best(fold(text), 10), folder)


def grams_reranked(rows: Sequence[Row], folder: Path) -> Engine:
    """Candidates from tantivy's 3-grams, read and ranked as ours are."""
    engine = Tantivy(rows, folder / "tantivy", grams=True)
    finder = Finder(filled(Reranked(folder / "search.sqlite", engine), rows))
    return Engine(lambda text: found_in(finder, text), folder)
