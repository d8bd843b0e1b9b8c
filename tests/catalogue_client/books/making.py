"""Books in every format, made in code: small ones that are right, and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

CONTAINER = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>' \
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'  # fmt: skip


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def epub(
    body: str, *, language: str = "ru", overlay: str = "", extra: Mapping[str, str | bytes] | None = None
) -> bytes:
    """An EPUB of one chapter; `overlay` is its SMIL."""
    spoken = ' media-overlay="smil"' if overlay else ""
    package = f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Степь</dc:title>
      <dc:creator>Антон Чехов</dc:creator><dc:language>{language}</dc:language></metadata><manifest>
      <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
      <item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"{spoken}/>
      <item id="smil" href="text/one.smil" media-type="application/smil+xml"/></manifest>
      <spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="one"/><itemref idref="gone"/></spine>
      </package>"""
    page = f"""<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"
      xmlns:epub="http://www.idpf.org/2007/ops"><head><title>no</title></head><body>{body}</body></html>"""
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package,
             "OEBPS/nav.xhtml": page, "OEBPS/text/one.xhtml": page}  # fmt: skip
    return zipped({**files, **({"OEBPS/text/one.smil": overlay} if overlay else {}), **(extra or {})})


def smil(*clips: tuple[str, str, str, str]) -> str:
    """Clips of (text, sound, begin, end)."""
    pars = "".join(
        f'<par id="p{n}"><text src="{text}"/><audio src="{sound}" clipBegin="{begin}" clipEnd="{end}"'
        f' clip-begin="npt={begin}" clip-end="npt={end}"/></par>'
        for n, (text, sound, begin, end) in enumerate(clips)
    )
    return f'<?xml version="1.0"?><smil xmlns="http://www.w3.org/ns/SMIL"><body><seq>{pars}</seq></body></smil>'


def fb2(body: str) -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?><FictionBook
      xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"><description>
      <title-info><author><first-name>Абай</first-name><last-name>Құнанбайұлы</last-name></author>
      <book-title>Қара сөздер</book-title><lang>kk</lang></title-info></description>{body}</FictionBook>""".encode()


def daisy_202(*, ncc: bool = True, smil_text: str = "ncc.html") -> bytes:
    """A recorded book of two chapters, the second with two phrases."""
    contents = """<html xmlns="http://www.w3.org/1999/xhtml"><head><meta name="dc:title" content="Дала"/>
      <meta name="dc:language" content="kk"/></head><body>
      <h1 id="a"><a href="one.smil#p0">Бірінші тарау</a></h1>
      <span class="page-normal" id="s"><a href="one.smil#p1">7</a></span>
      <h1 id="b"><a href="two.smil#p0">Екінші тарау</a></h1></body></html>"""
    files: dict[str, str | bytes] = {
        "one.smil": smil((f"{smil_text}#a", "one.mp3", "0.000s", "2.500s")),
        "two.smil": smil((f"{smil_text}#b", "two.mp3", "0s", "1.5s"), (f"{smil_text}#b", "two.mp3", "1.5s", "4s")),
    }
    return zipped({**files, **({"ncc.html": contents} if ncc else {})})
