"""Takes files in which people have written down what they know of works into the knowledge base.

    python scripts/import_works.py FOLDER [--stock]

Each *.tsv of FOLDER has a work a line, in the 13 columns of catalogue_client/works/README.md, without a header. A file
of the knowledge base that has the same name is written again. Lines that break a rule are left out and reported on
standard error, with file, line and reason; of an unknown theme only the theme. Exit status 1 when a line was left out.
With --stock works that the demonstration's stock lacks are added to it; their formats are drawn, as all copies of the
demonstration are.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from catalogue_client.seed.works import COLUMNS as STOCK_COLUMNS
from catalogue_client.seed.works import WORKS, read_works, tsv_files, work_id
from catalogue_client.works.knowledge_base import FOLDER, knowledge_files, read_knowledge
from catalogue_client.works.known_work import COLUMNS, KnownWork, UnusableLine, known_work
from catalogue_client.works.theme_names import theme_names
from languages.folding import fold
from languages.letters import KAZAKH_ONLY

HEADINGS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["headings"]
STOCK = {"kk": "more_kazakh", "ru": "more_russian", "en": "more_english"}
FORMATS = (("large_print", 0.12), ("braille", 0.12), ("audio", 0.25))
CYRILLIC, LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[a-zA-Z]")

THEMES = COLUMNS.index("themes")

Key = tuple[str, str, str]


def key_of(title: str, author: str, language: str) -> Key:
    """By which a work is distinguished from others in the files."""
    return fold(title), fold(author), language


def parts(field: str) -> list[str]:
    """What stands in a field of several."""
    return [part.strip() for part in field.split(";") if part.strip()]


def read_lines(path: Path, seen: set[Key]) -> Iterator[tuple[int, str, KnownWork | str]]:
    """Yield number and text of each line with the work, or why it is refused."""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip() or line.split("\t") == list(COLUMNS):
            continue
        fields = line.split("\t")
        if len(fields) == len(COLUMNS) and (unknown := set(parts(fields[THEMES])) - set(theme_names())):
            fields[THEMES] = ";".join(theme for theme in parts(fields[THEMES]) if theme not in unknown)
            print(f"{path.name}, line {number}: left out: themes {', '.join(sorted(unknown))}", file=sys.stderr)
            line = "\t".join(fields)
        try:
            work = known_work(fields)
        except UnusableLine as error:
            yield number, line, str(error)
            continue
        key = key_of(work.title, work.author, work.language)
        if key in seen:
            yield number, line, "the same work stands in an earlier line"
        elif reason := in_other_letters(work):
            yield number, line, reason
        else:
            seen.add(key)
            yield number, line, work


def in_other_letters(work: KnownWork) -> str:
    """Why the plot cannot be in the work's language; "" when it may be."""
    cyrillic, latin = len(CYRILLIC.findall(work.plot)), len(LATIN.findall(work.plot))
    if work.plot and (latin > cyrillic) != (work.language == "en"):
        return f"plot: not in the letters of {work.language}"
    if work.language == "kk" and work.plot and not set(work.plot.lower()) & set(KAZAKH_ONLY):
        return "plot: no Kazakh letter in a Kazakh sentence"
    return ""


def stock_line(work: KnownWork) -> str:
    """The line by which a work becomes a part of the demonstration's stock."""
    drawn = Random(work_id(work.title, work.author, work.language))
    formats = ["print", *(name for name, share in FORMATS if drawn.random() < share)]
    heading = HEADINGS[work.kind or "novel"][work.language]
    year = "" if work.year is None or work.year < -800 else str(work.year)
    return "\t".join((work.title, work.author, work.language, year, heading, ";".join(formats), "", ""))


def add_to_stock(works: Sequence[KnownWork]) -> int:
    """Add those works to the demonstration's stock that it does not have; return their number."""
    stock = [work for path in tsv_files(WORKS) for work in read_works(path)]
    there = {key_of(work.title, work.author, work.language) for work in stock}
    added = 0
    for language, name in STOCK.items():
        new = [
            work
            for work in works
            if work.language == language and key_of(work.title, work.author, work.language) not in there
        ]
        path = WORKS / f"{name}.tsv"
        before = path.read_text(encoding="utf-8") if path.exists() else "\t".join(STOCK_COLUMNS) + "\n"
        if new:
            path.write_text(before + "".join(stock_line(work) + "\n" for work in new), encoding="utf-8")
        added += len(new)
    return added


def main(argv: Sequence[str]) -> int:
    """Import a folder and print what was taken."""
    folders = [Path(word) for word in argv if not word.startswith("--")]
    if len(folders) != 1 or not folders[0].is_dir() or set(argv) - {str(folders[0]), "--stock"}:
        print(__doc__, file=sys.stderr)
        return 2
    files = sorted(folders[0].glob("*.tsv"))
    written_again = {path.name for path in files}
    kept = [work for path in knowledge_files() if path.name not in written_again for work in read_knowledge(path)]
    seen = {key_of(work.title, work.author, work.language) for work in kept}
    taken: list[KnownWork] = []
    refused = 0
    for path in files:
        lines: list[str] = []
        for number, line, work in read_lines(path, seen):
            if isinstance(work, str):
                refused += 1
                print(f"{path.name}, line {number}: {work}: {line[:60]!r}", file=sys.stderr)
            else:
                taken.append(work)
                lines.append("\t".join(field.strip() for field in line.split("\t")))
        if lines:
            (FOLDER / path.name).write_text("\n".join(("\t".join(COLUMNS), *lines)) + "\n", encoding="utf-8")
    print(f"{len(taken)} works taken from {len(files)} files, {refused} lines refused")
    if "--stock" in argv:
        print(f"{add_to_stock(taken)} new works added to the demonstration's stock")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
