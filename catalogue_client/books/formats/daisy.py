"""DAISY 2.02 (NCC) and DAISY 3 (NISO Z39.86): text, sound or both, packed as a ZIP archive."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from catalogue_client.books.errors import BrokenBook
from catalogue_client.books.formats.archives import Archive, beside
from catalogue_client.books.formats.markup import all_named, attribute, parsed, tag, text_of
from catalogue_client.books.formats.sound_overlays import SpokenElement, spoken_elements
from catalogue_client.books.formats.xhtml import read_xhtml
from catalogue_client.books.sentences import BookBuilder
from catalogue_client.values.books import BlockKind, BookText, SoundClip

MOST_SMILS = 2_000


def is_daisy(archive: Archive) -> bool:
    """Whether an archive looks like a DAISY book."""
    names = [name.lower() for name in archive.names]
    return any(name.endswith(("ncc.html", ".ncx", ".smil")) for name in names)


def read_daisy(data: bytes, name: str) -> BookText:
    """A DAISY book. Raises BrokenBook when neither an NCC nor a package is there, and BookTooLarge."""
    archive = Archive(data)
    ncc = next((each for each in archive.names if each.lower().endswith("ncc.html")), None)
    if ncc:
        return _with_ncc(archive, ncc, name)
    if any(each.lower().endswith(".opf") for each in archive.names):
        return _with_package(archive, archive.only(".opf"), name)
    raise BrokenBook(
        "neither ncc.html nor a package (.opf) is there, so its order is not known: ask for the book again"
    )


def _with_ncc(archive: Archive, ncc: str, name: str) -> BookText:
    root = parsed(archive.read(ncc), "the NCC")
    values = {meta.get("name", "").lower(): meta.get("content", "") for meta in all_named(root, "meta")}
    builder = BookBuilder(values.get("dc:title") or name, values.get("dc:creator", ""), values.get("dc:language", ""))
    headings = [each for each in all_named(root, "h1", "h2", "h3", "h4", "h5", "h6", "span") if _target(each)]
    smils = list(dict.fromkeys(beside(ncc, _target(each).partition("#")[0]) for each in headings))[:MOST_SMILS]
    spoken = [each for smil in smils if smil in archive for each in _smil(archive, smil)]
    documents = [each for each in dict.fromkeys(each.document for each in spoken) if each and each in archive]
    texts = [each for each in documents if each.lower() != ncc.lower()]
    if texts:
        _read_texts(archive, texts, spoken, builder)
    else:
        _sound_alone(archive, ncc, headings, builder)
    return builder.book()


def _target(heading: Element) -> str:
    return next((attribute(link, "href") for link in all_named(heading, "a")), "")


def _smil(archive: Archive, name: str) -> list[SpokenElement]:
    return list(spoken_elements(parsed(archive.read(name), name), name))


def _read_texts(archive: Archive, documents: list[str], spoken: list[SpokenElement], builder: BookBuilder) -> None:
    for document in documents:
        clips = {each.id: each.clip for each in spoken if each.document == document and each.id}
        read_xhtml(parsed(archive.read(document), document), builder, clips)


def _sound_alone(archive: Archive, ncc: str, headings: list[Element], builder: BookBuilder) -> None:
    """A recorded book: each heading, and behind it the sounds up to the next one."""
    for heading in headings:
        smil, _, target = _target(heading).partition("#")
        label = " ".join(text_of(heading).split())
        if tag(heading) == "span":
            if heading.get("class", "").startswith("page"):
                builder.page(label)
            continue
        spoken = _smil(archive, beside(ncc, smil)) if beside(ncc, smil) in archive else []
        level = int(tag(heading)[1])
        others = {_target(each).partition("#")[2] for each in headings if _target(each).startswith(f"{smil}#")}
        start = next((at for at, each in enumerate(spoken) if target in (each.own_id, each.id)), 0)
        rest = spoken[start:]
        end = next((at for at, each in enumerate(rest) if at and each.own_id in others), len(rest))
        _add_sounds(builder, label, level, [each.clip for each in rest[:end]])


def _add_sounds(builder: BookBuilder, label: str, level: int, clips: list[SoundClip]) -> None:
    if not clips:
        builder.add(BlockKind.HEADING, label, level=level)
        return
    builder.add_clip(label, clips[0], BlockKind.HEADING, level=level)
    for n, clip in enumerate(clips[1:], 1):
        builder.add_clip(f"{label}, {n}", clip)


def _with_package(archive: Archive, package: str, name: str) -> BookText:
    root = parsed(archive.read(package), "the package")
    values = {tag(each): " ".join(text_of(each).split()) for each in all_named(root, "title", "creator", "language")}
    builder = BookBuilder(values.get("title") or name, values.get("creator", ""), values.get("language", ""))
    items = {each.get("id", ""): each for each in all_named(root, "item")}
    spine = [item for ref in all_named(root, "itemref") if (item := items.get(ref.get("idref", ""))) is not None]
    smils = [beside(package, item.get("href", "")) for item in spine][:MOST_SMILS]
    spoken = [each for smil in dict.fromkeys(smils) if smil in archive for each in _smil(archive, smil)]
    texts = [
        beside(package, item.get("href", ""))
        for item in items.values()
        if item.get("media-type") == "application/x-dtbook+xml"
    ]
    if texts := [each for each in texts if each in archive]:
        _read_texts(archive, texts, spoken, builder)
    else:
        _contents_alone(archive, package, spoken, builder)
    return builder.book()


def _contents_alone(archive: Archive, package: str, spoken: list[SpokenElement], builder: BookBuilder) -> None:
    """A recorded DAISY 3 book: the names of its parts stand in the NCX, in a tree."""
    ncx = archive.only(".ncx")
    root = parsed(archive.read(ncx), "the NCX")
    labels: dict[str, tuple[str, int]] = {}

    def walk(element: Element, level: int) -> None:
        for point in (child for child in element if tag(child) == "navpoint"):
            label = next((text_of(each) for each in all_named(point, "text")), "")
            target = next((attribute(each, "src") for each in all_named(point, "content")), "")
            labels[target.partition("#")[2]] = (" ".join(label.split()), level)
            walk(point, level + 1)

    for tree in all_named(root, "navmap"):
        walk(tree, 1)
    label, level = builder.title, 1
    clips: list[SoundClip] = []
    for each in spoken:
        if each.own_id in labels:
            if clips:
                _add_sounds(builder, label, level, clips)
            clips, (label, level) = [], labels[each.own_id]
        clips.append(each.clip)
    _add_sounds(builder, label, level, clips)
