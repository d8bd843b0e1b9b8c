"""Mutation tests of the policy: small changes to listed code, each of which a test must notice.

The list is mutants.toml. An entry has `file`, `tests` (what pytest is given) and, if not all of the file is meant,
`names`: functions, "Class.method", classes or constants. `equivalent` explains, change by change, what no test can see.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parent.parent
LIST = Path(__file__).with_name("mutants.toml")
NUDGE = 0.02
"""A float is moved by this share of itself: a test of a threshold must look closer than that."""
SLACK_S = 20.0
"""Beyond three times the tests' own time a mutant counts as noticed: it hangs."""

BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list."""

    file: str
    tests: tuple[str, ...]
    names: tuple[str, ...] = ()
    equivalent: dict[str, str] = field(default_factory=dict)
    """Mutant, as it is printed -> why no test can notice it."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one file."""

    name: str
    """What is changed, without a line number, so that it stays the same when lines move."""
    line: int
    source: str
    """The whole file with the change."""


def read_list(path: Path = LIST) -> tuple[Entry, ...]:
    """The entries of the list. Raises OSError, tomllib.TOMLDecodeError, KeyError or TypeError for what is no list."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutants"]
    return tuple(
        Entry(**{key: tuple(value) if isinstance(value, list) else value for key, value in each.items()})
        for each in entries
    )


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare(ops=ops):
            for number, op in enumerate(ops):
                for table in (BOUNDARY, NEGATED):
                    if type(op) in table:
                        other = copy.deepcopy(node)
                        other.ops[number] = table[type(op)]()
                        yield other
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield from (ast.Constant(round(value + by * (value or 1.0), 12)) for by in (NUDGE, -NUDGE))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))


def _declared(node: ast.AST) -> list[ast.AST]:
    """What says of which type or kind something is, and not what it does."""
    match node:
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
            return [annotation]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.decorator_list, *([node.returns] if node.returns else [])]
        case ast.ClassDef():
            return [*node.decorator_list]
    return []


def nodes(tree: ast.AST, names: Sequence[str], inside: str = "", chosen: bool = False) -> Iterator[tuple[str, ast.AST]]:
    """Every node below the names and the name it belongs to. Annotations, decorators, assertions are no policy."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Assert) or child in _declared(tree):
            continue
        name = inside
        match child:
            case ast.FunctionDef(name=own) | ast.AsyncFunctionDef(name=own) | ast.ClassDef(name=own):
                name = f"{inside}.{own}" if inside else own
            case ast.Assign(targets=[ast.Name(id=own)]) | ast.AnnAssign(target=ast.Name(id=own)) if isinstance(
                tree, ast.Module | ast.ClassDef
            ):
                name = f"{inside}.{own}" if inside else own
        taken = chosen or not names or name in names
        if taken:
            yield name, child
        yield from nodes(child, names, name, taken)


def mutants(source: str, names: Sequence[str] = ()) -> Iterator[Mutant]:
    """Every mutant of a file. Raises ValueError for a name that is not in it."""
    tree = ast.parse(source)
    found = list(nodes(tree, names))
    if missing := [one for one in names if not any(name == one or name.startswith(f"{one}.") for name, _ in found)]:
        raise ValueError(f"there is no {', '.join(missing)}")
    seen: dict[str, int] = {}
    for name, node in found:
        for other in variants(node):
            what = f"{name}: {ast.unparse(node)} -> {ast.unparse(other)}"
            seen[what] = seen.get(what, 0) + 1
            if seen[what] > 1:
                what += f" ({seen[what]})"
            changed = ast.fix_missing_locations(_Swap(node, other).visit(copy.copy(tree)))
            line = getattr(node, "lineno", 0)
            yield Mutant(what, line, ast.unparse(changed) + "\n")


class _Swap(ast.NodeTransformer):
    """A copy of a tree with one node exchanged; the tree itself stays."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._old:
            return self._new
        result = copy.copy(node)
        for key, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(result, key, [self.visit(one) if isinstance(one, ast.AST) else one for one in value])
            elif isinstance(value, ast.AST):
                setattr(result, key, self.visit(value))
        return result


class Copy:
    """A copy of the working tree in which one file at a time is changed."""

    def __init__(self, root: Path, folder: Path) -> None:
        listed = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.run(listed, check=True, capture_output=True).stdout.decode().split("\0"):
            if name and (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name)
        self.folder = folder

    def noticed(self, entry: Entry, source: str | None, limit_s: float | None = None) -> bool:
        """Whether the entry's tests fail, or last longer than the limit, with `source` in the place of its file."""
        path = self.folder / entry.file
        original = path.read_bytes()
        try:
            if source is not None:
                self._write(path, source.encode("utf-8"))
            return self._fails(entry.tests, limit_s)
        finally:
            self._write(path, original)

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            cached.unlink()  # it is valid for a file of the same size and second

    def _fails(self, tests: Sequence[str], limit_s: float | None) -> bool:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                return process.wait(limit_s) != 0
            except subprocess.TimeoutExpired:
                return True
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def run_entry(entry: Entry, copies: Sequence[Copy], survived: Callable[[Mutant], None]) -> tuple[int, int, list[str]]:
    """The numbers of mutants and of those killed, and explanations that belong to no mutant any more.

    `survived` gets each survivor as soon as it is known. Raises ValueError when the tests fail without any change.
    """
    whole = list(mutants((copies[0].folder / entry.file).read_text(encoding="utf-8"), entry.names))
    names = {mutant.name for mutant in whole}
    stale = [name for name in entry.equivalent if name not in names]
    started = time.monotonic()
    if copies[0].noticed(entry, None):
        raise ValueError("its tests fail without any change")
    limit_s = 3 * (time.monotonic() - started) + SLACK_S
    free: SimpleQueue[Copy] = SimpleQueue()
    for one in copies:
        free.put(one)

    def survives(mutant: Mutant) -> bool:
        mine = free.get()
        try:
            return not mine.noticed(entry, mutant.source, limit_s)
        finally:
            free.put(mine)

    tried = [mutant for mutant in whole if mutant.name not in entry.equivalent]
    killed = 0
    with ThreadPoolExecutor(len(copies)) as pool:
        for mutant, lives in zip(tried, pool.map(survives, tried), strict=True):
            killed += not lives
            if lives:
                survived(mutant)
    return len(tried), killed, stale


def main(arguments: Sequence[str], root: Path = ROOT, path: Path = LIST) -> int:
    """Run the list; returns the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("words", nargs="*", help="only files whose name has one of these words")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    parser.add_argument("--jobs", type=int, default=1, help="so many at the same time")
    options = parser.parse_args(arguments)
    entries = [one for one in read_list(path) if not options.words or any(word in one.file for word in options.words)]
    failed = not entries
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        copies: list[Copy] = []
        for entry in entries:
            if options.list:
                for mutant in mutants((root / entry.file).read_text(encoding="utf-8"), entry.names):
                    print(f"{entry.file}:{mutant.line}: {mutant.name}")
                continue
            while len(copies) < max(options.jobs, 1):
                copies.append(Copy(root, Path(folder) / str(len(copies))))
            try:
                count, killed, stale = run_entry(entry, copies, partial(_report, entry.file))
            except (OSError, ValueError) as error:
                print(f"{entry.file}: {error}", flush=True)
                failed = True
                continue
            for name in stale:
                print(f"{entry.file}: explained, and no mutant any more: {name}")
            print(f"{entry.file}: {killed} of {count} killed", flush=True)
            failed |= killed < count or bool(stale)
    return int(failed)


def _report(file: str, mutant: Mutant) -> None:
    print(f"{file}:{mutant.line}: survived: {mutant.name}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
