"""EPUB 2 and 3: the documents of the spine in their order, printed pages, notes, and media overlays."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from catalogue_client.books.errors import BrokenBook
from catalogue_client.books.formats.archives import Archive, beside
from catalogue_client.books.formats.markup import all_named, attribute, parsed, tag, text_of
from catalogue_client.books.formats.sound_overlays import spoken_elements
from catalogue_client.books.formats.xhtml import read_xhtml
from catalogue_client.books.sentences import BookBuilder
from catalogue_client.values.books import BookText, SoundClip

CONTAINER = "META-INF/container.xml"
RIGHTS = ("META-INF/rights.xml", "META-INF/sinf.xml")
ENCRYPTION = "META-INF/encryption.xml"
FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Algorithms by which only fonts are made unreadable."""
DOCUMENTS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
MOST_DOCUMENTS = 5_000


def read_epub(data: bytes, name: str) -> BookText:
    """A book of an EPUB. Raises BrokenBook, also for a protected one, and BookTooLarge."""
    archive = Archive(data)
    _check_open(archive)
    package = _package_name(archive)
    root = parsed(archive.read(package), "the package")
    builder = BookBuilder(
        _metadata(root, "title") or name, ", ".join(_all_metadata(root, "creator")), _metadata(root, "language")
    )
    manifest = {item.get("id", ""): item for item in all_named(root, "item")}
    spine = [item for ref in all_named(root, "itemref") if (item := manifest.get(ref.get("idref", ""))) is not None]
    # A spine may name a document again and again: it is read once.
    for item in list({id(item): item for item in spine}.values())[:MOST_DOCUMENTS]:
        href = beside(package, item.get("href", ""))
        if item.get("media-type") not in DOCUMENTS or href not in archive or _is_contents(item):
            continue
        document = parsed(archive.read(href), href)
        read_xhtml(document, builder, _clips(archive, package, manifest.get(item.get("media-overlay", "")), href))
    return builder.book()


def _check_open(archive: Archive) -> None:
    if any(name in archive for name in RIGHTS):
        raise BrokenBook("the book is protected against copying; ask its publisher for an open file")
    if ENCRYPTION in archive:
        methods = all_named(parsed(archive.read(ENCRYPTION), ENCRYPTION), "encryptionmethod")
        if any(attribute(method, "Algorithm") not in FONTS_ONLY for method in methods):
            raise BrokenBook("the book is encrypted; ask its publisher for an open file")


def _package_name(archive: Archive) -> str:
    if CONTAINER in archive:
        for rootfile in all_named(parsed(archive.read(CONTAINER), CONTAINER), "rootfile"):
            return beside("", rootfile.get("full-path", ""))
    return archive.only(".opf")


def _all_metadata(root: Element, name: str) -> list[str]:
    metadata = next((child for child in root if tag(child) == "metadata"), root)
    return [text for each in all_named(metadata, name) if (text := " ".join(text_of(each).split()))]


def _metadata(root: Element, name: str) -> str:
    return next(iter(_all_metadata(root, name)), "")


def _is_contents(item: Element) -> bool:
    return "nav" in item.get("properties", "").split()


def _clips(archive: Archive, package: str, overlay: Element | None, document: str) -> dict[str, SoundClip]:
    """Id of an element of `document` -> where it is spoken; empty where no overlay belongs to it or it is broken."""
    if overlay is None:
        return {}
    name = beside(package, overlay.get("href", ""))
    if name not in archive:
        return {}
    try:
        root = parsed(archive.read(name), name)
    except BrokenBook:
        return {}  # the text can be read all the same
    return {each.id: each.clip for each in spoken_elements(root, name) if each.document == document and each.id}
