"""The rules of the house: who may import whom, how large rooms are, and which words they are built from.

The table of rooms is the one of docs/architecture.md. What is not listed fails.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("languages", "audio_models", "braille", "catalogue_client", "devices", "voice")
LONGEST_FILE_LINES = 400
MOST_MODULES_IN_A_FOLDER = 20


def rooms(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in names.split())


CATALOGUE_CLIENT = rooms(
    "catalogue_client",
    "values errors protocols library store places works search circulation catalogue couriers delivery knowledge "
    "books seed connectors embedded_library",
)
LEAVES = frozenset({"audio_models", "braille", "catalogue_client", "devices"}) | CATALOGUE_CLIENT
SENTENCE = rooms("voice", "channels recognition nlu reading dialogue turntaking synthesis engines")
"""The rooms through which a sentence travels; none imports another."""
JOINED = SENTENCE | LEAVES | {"voice.configuration"}

MAY_IMPORT: dict[str, frozenset[str]] = {
    "languages": frozenset(),
    "audio_models": frozenset(),
    "braille": frozenset(),
    "devices": frozenset(),
    "catalogue_client": rooms("catalogue_client", "library embedded_library store"),
    "catalogue_client.errors": frozenset(),
    "catalogue_client.values": frozenset(),
    "catalogue_client.protocols": frozenset(),
    "catalogue_client.library": rooms("catalogue_client", "protocols"),
    "catalogue_client.store": frozenset(),
    "catalogue_client.places": frozenset(),
    "catalogue_client.couriers": frozenset(),
    "catalogue_client.works": frozenset(),
    "catalogue_client.search": rooms("catalogue_client", "store works"),
    "catalogue_client.circulation": rooms("catalogue_client", "store places"),
    "catalogue_client.catalogue": rooms("catalogue_client", "store places works search circulation"),
    "catalogue_client.seed": rooms("catalogue_client", "store places works search circulation"),
    "catalogue_client.delivery": rooms("catalogue_client", "store places circulation couriers"),
    "catalogue_client.books": rooms("catalogue_client", "store circulation"),
    "catalogue_client.knowledge": rooms("catalogue_client", "store places circulation delivery"),
    "catalogue_client.connectors": rooms("catalogue_client", "protocols library works search catalogue"),
    "catalogue_client.embedded_library": CATALOGUE_CLIENT - {"catalogue_client.connectors"},
    "voice.values": frozenset(),
    "voice.engines": frozenset(),
    "voice.channels": frozenset(),
    "voice.nlu": frozenset(),
    "voice.turntaking": frozenset(),
    "voice.reading": rooms("catalogue_client", "values"),
    "voice.recognition": frozenset({"audio_models", "voice.engines"}),
    "voice.dialogue": rooms("catalogue_client", "values") | {"voice.reading"},
    "voice.synthesis": rooms("catalogue_client", "values") | {"voice.engines"},
    "voice.configuration": CATALOGUE_CLIENT,
    "voice.assistant": JOINED,
    "voice.checks": LEAVES | rooms("voice", "configuration assistant"),
    "voice.operations": LEAVES | rooms("voice", "channels dialogue configuration assistant"),
    "voice.staff_site": LEAVES | rooms("voice", "configuration assistant checks operations"),
    "voice.server": rooms("voice", "channels configuration assistant checks operations staff_site"),
    "voice.cli": JOINED | rooms("voice", "assistant checks operations staff_site server"),
}
"""Room -> the other rooms that it may import. Always allowed: its own, `languages`, its package's values and errors."""

PARALLEL = {
    "catalogue_client.connectors.sru", "catalogue_client.connectors.koha", "catalogue_client.connectors.sip2",
    "catalogue_client.connectors.irbis", "catalogue_client.connectors.z3950",
    "voice.cli", "voice.staff_site",
}  # fmt: skip
"""Rooms whose modules are named for a system, a command or a page, and may be named alike."""
ALIKE_ANYWHERE = {"__init__", "__main__", "errors", "settings"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide who imports whom"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str:
    """`voice` and `catalogue_client` are houses of rooms; the other packages are one room each."""
    parts = module.split(".")
    if parts[0] == "catalogue_client" and len(parts) > 1 and f"{parts[0]}.{parts[1]}" not in MAY_IMPORT:
        return parts[0]
    return ".".join(parts[:2]) if parts[0] in ("voice", "catalogue_client") else parts[0]


def forbidden_imports() -> list[str]:
    found = []
    for package in PACKAGES:
        for path in modules(package):
            room = room_of(name_of(path))
            if room == "voice":
                continue  # the package's own empty __init__
            for name in imported(path):
                other = room_of(name)
                if other.split(".")[0] not in PACKAGES or other == room:
                    continue
                always = {"languages", f"{package}.values", f"{package}.errors"}
                if other not in MAY_IMPORT[room] | always or (room == f"{package}.values" and other != "languages"):
                    found.append(f"{name_of(path)} imports {name}")
    return sorted(set(found))


def test_every_room_stands_in_the_table() -> None:
    there = {room_of(name_of(path)) for package in PACKAGES for path in modules(package)} - {"voice"}
    assert there <= set(MAY_IMPORT), sorted(there - set(MAY_IMPORT))


def test_imports_run_the_way_the_table_says() -> None:
    assert forbidden_imports() == []


def test_no_module_lies_at_the_root_of_voice() -> None:
    assert [path.name for path in (ROOT / "voice").glob("*.py")] in (
        [],
        ["__init__.py"],
        ["__init__.py", "__main__.py"],
    )


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for package in (*PACKAGES, "scripts")
        for path in modules(package)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE_LINES
    }
    assert long == {}


def test_no_folder_is_too_full_to_overlook() -> None:
    crowded = {
        str(folder.relative_to(ROOT)): count
        for package in PACKAGES
        for folder in {path.parent for path in modules(package)}
        if (count := sum(1 for path in folder.glob("*.py") if not path.name.startswith("__")))
        > MOST_MODULES_IN_A_FOLDER
    }
    assert crowded == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for package in (*PACKAGES, "scripts")
        for path in modules(package)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_two_public_classes_share_a_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in modules(package):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].append(name_of(path))
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_no_two_modules_share_a_name_without_reason() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in modules(package):
            name = name_of(path)
            parent = name.rpartition(".")[0]
            if path.stem not in ALIKE_ANYWHERE and parent not in PARALLEL and not re.match(r"\d{4}_", path.stem):
                homes[path.stem].append(name)
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager", "misc"}
FORBIDDEN_WORDS = re.compile(r"\b(told|telling|wish(?:es)?|anew|whence|data base|for one in)\b", re.IGNORECASE)
"""Words of an older dialect; the glossary of docs/architecture.md has the field's."""


def test_no_drawer_of_odds_and_ends() -> None:
    assert [path for package in PACKAGES for path in modules(package) if path.stem in FORBIDDEN_NAMES] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_code_speaks_the_words_of_the_glossary(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in modules(package)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FORBIDDEN_WORDS.search(re.sub(r"[_\W]+", lambda match: " " if "_" in match[0] else match[0], line))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("folder", "allowed"), [("docs/adr", ()), ("scripts", ("for one in",)), ("tests", ("for one in", "told"))]
)
def test_what_stands_beside_the_code_speaks_them_too(folder: str, allowed: tuple[str, ...]) -> None:
    """Local names of old tests and benches are let be; words of sentences that people read are not."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {found[0]}"
        for path in sorted([*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.md")])
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for found in FORBIDDEN_WORDS.finditer(line)
        if found[0].lower() not in allowed
    ]
    assert found == []


def test_the_english_sentences_speak_the_words_of_the_glossary() -> None:
    text = (ROOT / "voice/dialogue/prompts/en.toml").read_text(encoding="utf-8")
    assert re.findall(r".*\bwish(?:es)?\b.*", text, re.IGNORECASE) == []


ERRORS = [path for package in PACKAGES for path in modules(package) if path.stem == "errors"]


@pytest.mark.parametrize("path", ERRORS, ids=name_of)
def test_a_module_of_errors_draws_the_tree_of_its_classes(path: Path) -> None:
    """In its docstring, each class where its base has it; classes of other modules stand above with their file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bases = {
        node.name: {ast.unparse(base) for base in node.bases} for node in tree.body if isinstance(node, ast.ClassDef)
    }
    drawn: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (ast.get_docstring(tree) or "").splitlines():
        if found := re.match(r"([ │]*(?:[├└]─ )?)([A-Z]\w+)(?:  |$)", line):
            depth = len(found[1])
            above = [(column, name) for column, name in above if column < depth]
            drawn[found[2]] = above[-1][1] if above else ""
            above.append((depth, found[2]))
    elsewhere = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(bases) == set(drawn) - elsewhere
    assert {name: drawn[name] for name in bases if drawn[name] and drawn[name] not in bases[name]} == {}


ONE_DOOR = {
    "pydub": {"audio_models.sound_files"},
    "pyttsx3": {"voice.synthesis.drivers.streaming_driver"},
    "louis": {"braille.liblouis"},
    "vosk": {"audio_models.decoding", "audio_models.training.export_validation", "voice.recognition.vosk_recogniser"},
}
"""Library from outside -> the only modules that know it: what it does otherwise next year is mended in one place."""


@pytest.mark.parametrize("library", ONE_DOOR)
def test_a_library_from_outside_is_known_to_few(library: str) -> None:
    knowing = {
        name_of(path)
        for package in PACKAGES
        for path in modules(package)
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert knowing == ONE_DOOR[library]


def test_the_length_of_a_frame_is_said_once() -> None:
    said = [
        name_of(path)
        for package in PACKAGES
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "FRAME_MS" for target in node.targets)
    ]
    assert said == ["voice.values.audio"]


DOCUMENTED = (
    "audio_models", "braille", "devices", "voice.values", "voice.configuration", "voice.checks", "voice.operations",
    "voice.staff_site", "voice.server", "voice.cli",
)  # fmt: skip
"""Rooms whose every public class, function and method says what it is for."""


def undocumented(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body)


@pytest.mark.parametrize("room", DOCUMENTED)
def test_whatever_is_public_says_what_it_is_for(room: str) -> None:
    folder = ROOT / room.replace(".", "/")
    bare = {
        name_of(path): names
        for path in folder.rglob("*.py")
        if (names := list(undocumented(ast.parse(path.read_text(encoding="utf-8")).body)))
    }
    assert bare == {}
