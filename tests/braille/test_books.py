"""Books: blocks of a plain text, their pages on paper, and eBraille held against its specification."""

import io
import re
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from braille import ebraille, from_unicode, passage, to_unicode, translate
from braille.book_blocks import BookBlock, BookBlockKind, read_text
from braille.book_pages import book_pages
from braille.errors import BadSize

BOOK = """# Абай жолы

Бірінші тарау туралы ұзын сөйлем
осы жерде тұр.

## Қайтқанда

[[7]]

- бірінші
- екінші тармақ

# Екінші кітап

Мәтін.
\f# Үшінші

Соңы.
"""


def kazakh(_line: str) -> str:
    return "kk"


def shown(pages: list[tuple[bytes, ...]]) -> list[list[str]]:
    return [[to_unicode(row).rstrip("\u2800") for row in page] for page in pages]


def test_blocks_of_a_plain_text() -> None:
    blocks = read_text(BOOK, kazakh)
    assert [(block.kind, block.level, block.text) for block in blocks[:5]] == [
        (BookBlockKind.HEADING, 1, "Абай жолы"),
        (BookBlockKind.PARAGRAPH, 0, "Бірінші тарау туралы ұзын сөйлем осы жерде тұр."),
        (BookBlockKind.HEADING, 2, "Қайтқанда"),
        (BookBlockKind.PRINT_PAGE, 0, "7"),
        (BookBlockKind.ITEM, 0, "бірінші"),
    ]
    assert [block.kind for block in blocks[-3:]] == [
        BookBlockKind.NEW_PAGE,
        BookBlockKind.HEADING,
        BookBlockKind.PARAGRAPH,
    ]
    assert [block.text for block in read_text("бір\nекі", kazakh)] == ["бір", "екі"]
    assert [block.text for block in read_text("бір\r\nекі\r\n\r\nүш", kazakh)] == ["бір екі", "үш"]


def test_a_book_on_paper() -> None:
    pages = shown(book_pages(read_text(BOOK, kazakh), 28, 10, title=passage("Абай", "kk"), contents="kk"))
    contents, first, second, *_ = pages
    assert [row.strip("\u2800") for row in contents[:3]] == ["⠁⠃⠁⠯", "⠍⠁⠵⠍⠬⠝⠮", ""]
    assert contents[3] == "⠁⠃⠁⠯⠀⠚⠕⠇⠮⠀⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠀⠼⠃"
    assert first[1:4] == ["⠀" * 9 + "⠁⠃⠁⠯⠀⠚⠕⠇⠮", "", "⠀⠀⠃⠽⠗⠽⠝⠱⠽⠀⠞⠁⠗⠁⠥⠀⠞⠥⠗⠁⠇⠮⠀⠬⠵⠮⠝"]
    assert first[6:9] == ["⠀⠀⠀⠀⠹⠁⠯⠞⠹⠁⠝⠙⠁", "⠤" * 26 + "⠼⠛", "⠃⠽⠗⠽⠝⠱⠽"]
    assert second[1:4] == ["⠑⠅⠽⠝⠱⠽⠀⠞⠁⠗⠍⠁⠹", "", "⠀" * 8 + "⠑⠅⠽⠝⠱⠽⠀⠅⠽⠞⠁⠏"]
    assert [page[0].strip("\u2800") for page in pages] == ["⠁⠃⠁⠯"] * len(pages)
    assert [page[-1].strip("\u2800") for page in pages] == ["⠼⠁", "⠼⠃", "⠼⠉", "⠼⠙"]
    assert pages[-1][1].strip("\u2800") == "⠌⠱⠽⠝⠱⠽"


def test_the_contents_say_where_each_heading_stands() -> None:
    text = "\n\n".join(f"# Тарау {n}\n\n" + "Сөйлем. " * 30 for n in range(1, 30))
    pages = book_pages(read_text(text, kazakh), 30, 12, contents="kk")
    entries = {}
    for page in pages:
        for row in page[:-1]:
            if b"\x04\x04\x04" in row:
                name, _, number = to_unicode(row).partition("⠀⠄⠄")
                entries[name] = number.rpartition("⠼")[2]
    assert len(entries) == 29
    digits = str.maketrans("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚", "1234567890")
    for name, number in entries.items():
        page = pages[int(number.translate(digits)) - 1]
        assert from_unicode(name) in [row.strip(b"\0") for row in page]


def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    for rows in range(6, 20):
        pages = book_pages(read_text("бір\n\nекі\n\nүш\n\n# Тарау\n\nмәтін\n\n# Тағы\n\nмәтін", kazakh), 20, rows)
        for page in shown(pages):
            text = [row for row in page[:-1] if row]
            assert text[-1].strip("\u2800") not in ("⠞⠁⠗⠁⠥", "⠞⠁⠻⠮")


@given(st.text(max_size=300), st.integers(8, 45), st.integers(5, 30), st.booleans())
def test_any_text_fits_its_pages(text: str, width: int, height: int, contents: bool) -> None:
    pages = book_pages(read_text(text, kazakh), width, height, contents="ru" if contents else None)
    assert all(len(page) == height and all(len(row) <= width for row in page) for page in pages)


def test_too_low_a_page_is_refused() -> None:
    with pytest.raises(BadSize, match="5 rows"):
        book_pages([], 40, 4)


ABOUT = ebraille.About(
    "urn:uuid:0d1b5b6e-0000-4000-8000-000000000001",
    "Абай жолы & <екі>",
    "kk",
    ("Мұхтар Әуезов",),
    "1942",
    "Алматы кітапханасы",
    datetime(2026, 12, 1, 5, tzinfo=UTC),
)
DC, OPF, XHTML = (
    "{http://purl.org/dc/elements/1.1/}",
    "{http://www.idpf.org/2007/opf}",
    "{http://www.w3.org/1999/xhtml}",
)
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
ONE, SOME = "exactly one", "one or more"
REQUIRED = {
    "a11y:brailleCellType": (ONE, r"6|8|6, 8|8, 6"),
    "a11y:brailleSystem": (SOME, r".+"),
    "a11y:completeTranscription": (ONE, r"true|false"),
    "dcterms:dateCopyrighted": (ONE, r"\d{4}(-\d\d(-\d\d)?)?"),
    "dcterms:modified": (ONE, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "a11y:producer": (SOME, r".+"),
    "a11y:tactileGraphics": (ONE, r"none|(JPG|PNG|SVG|PDF)(, ?(JPG|PNG|SVG|PDF))*"),
    f"{DC}creator": (SOME, r".+"),
    f"{DC}format": (ONE, r"eBraille 1\.0"),
    f"{DC}identifier": (SOME, r".+"),
    f"{DC}language": (SOME, r"[a-z]{2,3}-Brai(-\w+)*"),
    f"{DC}date": (ONE, r"\d{4}-\d\d-\d\d"),
    f"{DC}title": (SOME, r".+"),
}
"""Section 5.3.3: what the metadata must have, and how its values look."""


def ebraille_faults(data: bytes) -> list[str]:
    """What breaks eBraille 1.0 (14 August 2025) or the parts of EPUB 3.3 on which it rests."""
    package = zipfile.ZipFile(io.BytesIO(data))
    names = package.namelist()
    first = package.infolist()[0]
    faults = [] if (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"") else ["mimetype first"]
    faults += [] if package.read("mimetype") == b"application/epub+zip" else ["mimetype"]
    faults += [f"no {name}" for name in ("META-INF/container.xml", "package.opf", "index.html") if name not in names]
    if faults:
        return faults
    root = ET.fromstring(package.read("package.opf"))
    metadata, manifest, spine = root[0], root[1], root[2]
    faults += [] if (root.tag, root.get("version")) == (f"{OPF}package", "3.0") else ["package"]
    values: dict[str, list[str]] = {}
    for child in metadata:
        values.setdefault(child.get("property") or child.tag, []).append(child.text or "")
    for name, (count, pattern) in REQUIRED.items():
        found = values.get(name, [])
        faults += [] if found and (count == SOME or len(found) == 1) else [f"{name}: {count}"]
        faults += [f"{name}: {value}" for value in found if not re.fullmatch(pattern, value)]
    ids = {child.get("id"): child.text for child in metadata}
    faults += [] if ids.get(root.get("unique-identifier")) else ["unique identifier"]
    items = {item.get("id"): item for item in manifest}
    listed = {item.get("href") for item in manifest}
    faults += [
        f"not in the manifest: {name}"
        for name in set(names) - listed - {"mimetype", "META-INF/container.xml", "package.opf"}
    ]
    faults += [f"not there: {name}" for name in listed - set(names)]
    navigation = [item.get("href") for item in manifest if item.get("properties") == "nav"]
    faults += [] if navigation == ["index.html"] else ["nav"]
    faults += [] if not any("fallback" in item.attrib for item in manifest) else ["fallback"]
    for reference in spine:
        item = items[reference.get("idref")]
        faults += [] if item.get("media-type") == "application/xhtml+xml" else ["spine"]
    for name in names:
        if name.endswith(("html", "xhtml")):
            faults += document_faults(name, package)
    return faults


def document_faults(name: str, package: zipfile.ZipFile) -> list[str]:
    """What breaks sections 6 (content documents) and 8 (primary entry page)."""
    root = ET.fromstring(package.read(name))
    faults = [] if root.tag == f"{XHTML}html" else [f"{name}: html"]
    faults += [f"{name}: {node.tag}" for node in root.iter() if node.tag in (f"{XHTML}script", f"{XHTML}form")]
    body = root.find(f"{XHTML}body")
    assert body is not None
    strange = set("".join(body.itertext())) - set(map(chr, range(0x2800, 0x2840))) - set("\n ")
    faults += [f"{name}: not Braille {sorted(strange)}"] if strange else []
    anchors = {node.get("id") for node in root.iter() if node.get("id")}
    if name != "index.html":
        ids = [node.get("id") for node in root.iter() if node.get("id")]
        return faults + ([] if len(ids) == len(anchors) else [f"{name}: ids"])
    links = [(node.get("rel"), node.get("href"), node.get("type")) for node in root.iter(f"{XHTML}link")]
    faults += [] if ("publication", "package.opf", "application/oebps-package+xml") in links else ["publication link"]
    roles = {nav.get(EPUB_TYPE): nav for nav in root.iter(f"{XHTML}nav")}
    for kind, role in (("toc", "doc-toc"), ("page-list", "doc-pagelist")):
        nav = roles.get(kind)
        if nav is None:
            faults += ["no contents"] if kind == "toc" else []
            continue
        faults += [] if nav.get("role") == role else [f"{kind}: role"]
        faults += [] if len(nav.findall(f"{XHTML}ol")) == 1 else [f"{kind}: one list"]
        faults += [f"{kind}: empty item" for item in nav.iter(f"{XHTML}li") if item[0].tag != f"{XHTML}a"]
        faults += [
            "page list: title" for link in nav.iter(f"{XHTML}a") if kind == "page-list" and not link.get("title")
        ]
        for link in nav.iter(f"{XHTML}a"):
            target, _, anchor = (link.get("href") or "").partition("#")
            there = target in package.namelist() and f'id="{anchor}"' in package.read(target).decode()
            faults += [] if there else [f"{kind}: {link.get('href')} leads nowhere"]
    return faults


@pytest.mark.parametrize(
    "text", [BOOK, "", "# a\n\n#### b\n\n## c\n\n### d\n\n# e\n\n[[ix]]\n\n[[1]]", "жай мәтін & <b>"]
)
def test_ebraille_is_what_the_specification_says(text: str) -> None:
    data = ebraille.write(read_text(text, kazakh), ABOUT)
    assert ebraille_faults(data) == []
    content = zipfile.ZipFile(io.BytesIO(data)).read("ebraille/text.xhtml").decode()
    for block in read_text(text, kazakh):
        assert to_unicode(translate(block.text, "kk").cells) in content


def test_the_check_itself_finds_faults() -> None:
    about = ebraille.About("", "", "kk", (), "soon", "", datetime(2026, 12, 1, tzinfo=UTC))
    faults = ebraille_faults(ebraille.write([BookBlock(BookBlockKind.PARAGRAPH, passage("а", "kk"))], about))
    assert {"dcterms:dateCopyrighted: soon", "unique identifier", f"{DC}creator: one or more"} <= set(faults)
    assert "a11y:producer: " in faults
