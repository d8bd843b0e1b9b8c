"""What is known of works keeps its rules, joins the languages of a work, and is found for a library's own records."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from catalogue_client.works.author_names import author_keys, other_names
from catalogue_client.works.coverage import coverage
from catalogue_client.works.identity import signatures
from catalogue_client.works.knowledge_base import KnowledgeBase, knowledge_base, knowledge_edition, read_knowledge
from catalogue_client.works.known_work import COLUMNS, UnusableLine, known_work
from catalogue_client.works.theme_names import theme_names
from languages.folding import fold

KNOWN = Path(__file__).with_name("known.tsv")
BASE = KnowledgeBase(read_knowledge(KNOWN))
LINE = KNOWN.read_text(encoding="utf-8").splitlines()[1].split("\t")


def changed(**fields: str) -> list[str]:
    return [fields.get(column, value) for column, value in zip(COLUMNS, LINE, strict=True)]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": ""}, "no title"),
        ({"language": "xx"}, "no title, or a language"),
        ({"kind": "saga"}, "kind"),
        ({"names": "Белый пароход"}, "names"),
        ({"names": "kk=Ақ кеме"}, "own language"),
        ({"names": "en=<b>The White Ship</b>"}, "names"),
        ({"plot": "See https://example.org"}, "plot"),
        ({"plot": "а" * 500}, "plot"),
        ({"themes": "childhood;nonsense"}, "nonsense"),
        ({"characters": ";".join(f"N{n}" for n in range(9))}, "characters"),
        ({"series": "#2"}, "series"),
        ({"series": "Name#two"}, "series"),
        ({"age": "old"}, "age"),
        ({"class": "9"}, "class"),
        ({"class": "kk:12"}, "class"),
        ({"filmed": "soon"}, "filmed"),
        ({"year": "MCMLXX"}, "year"),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused_with_its_reason(fields: dict[str, str], problem: str) -> None:
    with pytest.raises(UnusableLine, match=problem):
        known_work(changed(**fields))


def test_a_lost_tab_is_found_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.tsv"
    path.write_text("\t".join(COLUMNS) + "\n" + "\t".join(LINE) + "\n" + " ".join(LINE) + "\n", encoding="utf-8")
    with pytest.raises(UnusableLine, match=r"broken\.tsv, line 3: 1 fields"):
        list(read_knowledge(path))
    path.write_text("no header\n", encoding="utf-8")
    with pytest.raises(UnusableLine, match=r"broken\.tsv, line 1"):
        list(read_knowledge(path))


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Ақ кеме", "Шыңғыс Айтматов"),
        ("Белый пароход", "Айтматов Ч."),
        ("The White Ship", "Chinghiz Aitmatov"),
        ("Белый пароход: повести", "Чингиз Айтматов"),
    ],
)
def test_a_work_is_known_by_any_of_its_names(title: str, author: str) -> None:
    known, mine = BASE.of((title,), author)
    assert known is not None and {language for language, _ in known.plots} == {"kk", "ru"}
    assert set(mine) & set(signatures(("Ақ кеме",), "Шыңғыс Айтматов"))
    assert BASE.of((title,), "Иван Иванов")[0] is None and BASE.of((title,), "")[0] is None


def test_a_tale_without_an_author_is_known_by_its_title_alone() -> None:
    tale = known_work(changed(title="Мақта қыз бен мысық", author="", names=""))
    base = KnowledgeBase([tale])
    assert base.of(("Мақта қыз бен мысық",), "")[0] is not None
    assert base.of(("Мақта қыз бен мысық",), "Біреу")[0] is None


def test_a_collective_title_tells_nothing() -> None:
    assert signatures(("Избранное", "Selected Works"), "Абай Құнанбайұлы") == ()


def test_authors_have_one_key_in_all_languages() -> None:
    assert author_keys("Мұхтар Әуезов") == author_keys("Ауэзов М. О.") == author_keys("Mukhtar Auezov")
    assert author_keys("Шыңғыс Айтматов") == author_keys("Чингиз Айтматов")
    assert author_keys("Лев Толстой") != author_keys("Алексей Толстой")
    assert "Чингиз Айтматов" in other_names("Шыңғыс Айтматов")


def test_themes_have_names_in_three_languages() -> None:
    for key, names in theme_names().items():
        assert set(names) == {"kk", "ru", "en"} and all(names.values()), key
        assert all(fold(word) for words in names.values() for word in words), key


def test_coverage_counts_only_works_that_can_have_a_field() -> None:
    fields = {field.field: field for field in coverage(BASE.works)}
    assert fields["plot"].share == 1.0 and fields["plot"].enough
    assert fields["characters of novels and plays"].works < len(BASE.works)


def test_what_ships_is_well_formed_and_of_one_edition() -> None:
    works = knowledge_base().works
    assert len({(fold(work.title), fold(work.author), work.language) for work in works}) == len(works)
    assert knowledge_edition() == knowledge_edition() > 0


def test_files_of_writers_are_taken_in_and_refused_lines_reported(tmp_path: Path) -> None:
    (tmp_path / "some.tsv").write_text(
        "\t".join(LINE) + "\n" + "\t".join(changed(kind="saga")) + "\n", encoding="utf-8"
    )
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import import_works; from pathlib import Path;"
        f"import_works.FOLDER = Path({str(tmp_path / 'out')!r}); import_works.FOLDER.mkdir();"
        "import_works.knowledge_files = lambda: ();"
        f"sys.exit(import_works.main([{str(tmp_path)!r}]))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "1 works taken from 1 files, 1 lines refused" in done.stdout
    assert "some.tsv, line 2: kind" in done.stderr
    assert [work.title for work in read_knowledge(tmp_path / "out" / "some.tsv")] == ["Ақ кеме"]


def test_enough_is_known() -> None:
    assert [field.field for field in coverage(knowledge_base().works) if not field.enough] == []
