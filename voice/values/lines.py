"""A reply as a list of lines, made once: speech says them, Braille shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or list entry. Spans are joined without anything between them."""

    spans: tuple[Span, ...]
    record: int | None = None
    """0-based position in the results when the line is about one: a routing key on any of its cells selects it."""
    private: bool = False
    """Spoken only where nobody else hears; always shown in Braille."""
    short: str = ""
    """A shorter wording for a narrow Braille display; "" when the text itself is short."""
    spelled: bool = False
    """Spoken letter by letter or digit by digit."""

    @property
    def text(self) -> str:
        """The whole line, its spans joined."""
        return "".join(span.text for span in self.spans)

    @property
    def language(self) -> str:
        """The language of the sentence: that of its first span."""
        return self.spans[0].language if self.spans else "kk"


def line(text: str, language: str) -> Line:
    """A line in one language."""
    return Line((Span(text, language),))
