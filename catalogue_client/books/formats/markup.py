"""XML and XHTML from outside: parsed without entities, bounded in size and depth, walked without their namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalogue_client.books.errors import BookTooLarge, BrokenBook
from catalogue_client.books.limits import MOST_DEPTH, MOST_TEXT_BYTES

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>", re.DOTALL)
"""Looked for where the first one begins and nowhere else: from each of many it would run to the end of the document."""
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")


def parsed(data: bytes, what: str) -> Element:
    """Return the root of a document. A document type is left out, so that no entity is defined or fetched; those of
    HTML become their characters. Raises BrokenBook, BookTooLarge; `what` names the document."""
    if len(data) > MOST_TEXT_BYTES:
        raise BookTooLarge(f"{what} has more than {MOST_TEXT_BYTES // 2**20} MB of text")
    if (begins := data.find(b"<!DOCTYPE")) >= 0 and (doctype := _DOCTYPE.match(data, begins)):
        data = data[:begins] + data[doctype.end() :]
    data = _ENTITY.sub(_character, data)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise BrokenBook(f"{what} cannot be read: {error}") from error
    _check_depth(root, what)
    return root


def _character(entity: re.Match[bytes]) -> bytes:
    if entity[1] in _OF_XML:
        return entity[0]
    character = html5.get(entity[1].decode() + ";", " ")
    return "".join(f"&#{ord(letter)};" for letter in character).encode()


def _check_depth(root: Element, what: str) -> None:
    level = [root]
    for _ in range(MOST_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise BrokenBook(f"{what} has elements more than {MOST_DEPTH} deep inside one another")


def tag(element: Element) -> str:
    """Return the name of an element without its namespace; "" of a comment."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without a namespace; "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")


def language(element: Element, otherwise: str = "") -> str:
    """Return the language that an element says it is in."""
    return element.get(LANGUAGE) or element.get("lang") or otherwise


def all_named(root: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of these names, in the order of the document."""
    return (element for element in root.iter() if tag(element) in names)


def text_of(element: Element, leave_out: frozenset[str] = frozenset()) -> str:
    """Return the text inside an element, without what stands in elements of the names `leave_out`."""
    parts = [element.text or ""]
    for child in element:
        if tag(child) in ("br", "image", "img"):
            parts.append(" ")
        elif tag(child) and tag(child) not in leave_out:
            parts.append(text_of(child, leave_out))
        parts.append(child.tail or "")
    return "".join(parts)
