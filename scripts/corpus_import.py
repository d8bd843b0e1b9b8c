"""Checks the sentences of one writer and takes them into the corpus.

    scripts/import-corpus FOLDER-OR-FILE PART WRITER     PART: training, development or test
    scripts/import-corpus --check                        what is in the corpus now

What cannot be read, stands twice, or copies a sentence of another part is left out, and said with its file, line and
reason. A part that is looked at less keeps its sentence: training gives way to nothing, development and test leave out
what training has, and development what the test has.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from voice.nlu.learnt.corpus import CorpusError, CorpusLine, labels, parse, written
from voice.nlu.learnt.corpus_checks import MOST_ALIKE, KnownSentences, rare_intents, strange_letters
from voice.nlu.learnt.corpus_parts import DEVELOPMENT, TRAINING, read_part

ROOT = Path(__file__).parent.parent
PARTS = {"training": TRAINING, "development": DEVELOPMENT, "test": ROOT / "tests" / "voice" / "nlu" / "written"}
YIELDS_TO = {"training": (), "development": ("training", "test"), "test": ("training",)}
LEAST = 12
"""Lines of an intent below which it is called rare."""
ELSEWHERE = {"other", "unanswerable", "librarian"}


def lines_of(source: Path) -> Iterator[tuple[str, str]]:
    """File and line, and what stands there, without the slips of a hand that mean only one thing."""
    for path in sorted(source.glob("*.tsv")) if source.is_dir() else [source]:
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if text.strip():
                yield f"{path.name}:{number}", text.replace("\ufeff", "").rstrip()


def bring_in(source: Path, part: str, writer: str) -> int:
    """Writes the file of the writer; says what was left out."""
    target = PARTS[part] / f"{writer}.tsv"
    target.parent.mkdir(parents=True, exist_ok=True)
    others = [path for name in YIELDS_TO[part] for path in sorted(PARTS[name].glob("*.tsv"))]
    known = KnownSentences(parse(text) for path in others for _, text in lines_of(path))
    seen: set[tuple[str, str]] = set()
    own = KnownSentences(())
    kept: list[CorpusLine] = []
    left_out: Counter[str] = Counter()
    for where, text in lines_of(source):
        reason = ""
        try:
            line = parse(text)
        except CorpusError as error:
            reason = f"not readable: {error}"
        else:
            if strange := strange_letters(line):
                reason = f"letters of another alphabet: {strange}"
            elif (line.state, line.text) in seen:
                reason = "stands twice"
            elif copied := known.copied(line):
                reason = f"in another part: {copied}"
            elif part == "test" and (copied := own.copied(line, MOST_ALIKE - 1)) and "another name" in copied:
                reason = f"made from a template: {copied}"
        if reason:
            left_out[reason.partition(":")[0]] += 1
            if not reason.startswith("in another part") or part != "test":  # nobody looks at the test
                print(f"{where}: {reason}")
            continue
        seen.add((line.state, line.text))
        own.add(line)
        kept.append(line)
    target.write_text("".join(f"{written(line)}\n" for line in kept), encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {len(kept)} lines; left out: {dict(left_out) or 'none'}")
    rare = rare_intents(kept, labels().intents, LEAST)
    print(f"rare: {', '.join(f'{name} {count}' for name, count in rare.items()) or 'none'}")
    return 0


def check() -> int:
    """Says how large the parts are."""
    for name, folder in PARTS.items():
        lines = read_part(folder)
        other = sum(1 for line in lines if ELSEWHERE & set(line.intents))
        doubtful = sum(line.doubtful for line in lines)
        two = sum(1 for line in lines if len(line.parts) > 1)
        middle = sum(1 for line in lines if line.state != "start")
        writers = len(list(folder.glob("*.tsv")))
        print(
            f"{name}: {writers} writers, {len(lines)} lines, {len(lines) - other} for a library, {other} for nobody or "
            f"a librarian, {middle} in the middle of a conversation, {two} of two parts, {doubtful} for a native reader"
        )
        rare = rare_intents(lines, labels().intents, LEAST)
        print(f"  rare: {', '.join(f'{intent} {count}' for intent, count in rare.items()) or 'none'}")
    return 0


def main(argv: Sequence[str]) -> int:
    if argv == ["--check"]:
        return check()
    if len(argv) != 3 or argv[1] not in PARTS:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    return bring_in(Path(argv[0]), argv[1], argv[2])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
