"""SMIL, as EPUB's media overlays and DAISY have it: which element of which document is spoken where in which sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from catalogue_client.books.formats.archives import beside
from catalogue_client.books.formats.markup import all_named, attribute, tag
from catalogue_client.values.books import SoundClip

_CLOCK = re.compile(r"^(?:npt=)?(?:(?:(\d{1,6}):)?(\d{1,6}):)?(\d{1,9}(?:\.\d{1,9})?)(h|min|s|ms)?$")
_UNITS = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001, None: 1.0}


@dataclass(frozen=True, slots=True)
class SpokenElement:
    """One element of a text and its sound."""

    document: str
    """Name of the file inside the book; "" where only the sound is known."""
    id: str
    """"" for the whole document."""
    clip: SoundClip
    own_id: str = ""
    """Of the SMIL element: what a table of contents points to."""


def seconds(clock: str) -> float | None:
    """Return a SMIL clock value (SMIL 3.0, 5.4.1) in seconds: "1:02:03.4", "02:03", "75.5s", "npt=3.2s"; None for what
    is none."""
    found = _CLOCK.match(clock.strip())
    if found is None:
        return None
    hours, minutes, rest, unit = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest) * _UNITS[unit]


def spoken_elements(root: Element, document: str) -> Iterator[SpokenElement]:
    """Yield what a SMIL document joins, in its order. Several sounds of one element become one where they follow each
    other in one file, else the first counts. `document` is its name inside the book."""
    for par in all_named(root, "par"):
        clips = [clip for each in par.iter() if tag(each) == "audio" and (clip := _clip(each, document))]
        if not clips:
            continue
        first, last = clips[0], clips[-1]
        clip = SoundClip(first.file, first.start_s, last.end_s if last.file == first.file else first.end_s)
        text = next((each for each in par.iter() if tag(each) == "text"), None)
        source = "" if text is None else attribute(text, "src")
        href, _, target = source.partition("#")
        own = par.get("id", "") or (text.get("id", "") if text is not None else "")
        yield SpokenElement(beside(document, href) if href else "", target, clip, own)


def _clip(audio: Element, document: str) -> SoundClip | None:
    source = attribute(audio, "src")
    start = seconds(audio.get("clipBegin") or audio.get("clip-begin") or "0")
    end = seconds(audio.get("clipEnd") or audio.get("clip-end") or "")
    if not source or start is None or (end is not None and end <= start):
        return None
    return SoundClip(beside(document, source), start, end)
