"""The little language of the phrase files."""

from __future__ import annotations

import pytest

from voice.understanding.templates import Choice, Named, Repeat, Sequence, Slot, TemplateError, Word, parse


def test_every_mark() -> None:
    assert parse("книг(а|и|)") == Word(("книга", "книги", "книг"))
    assert parse("давай(те)") == Word(("давайте", "давай"))
    assert parse("аш(<verb>|қан)", {"verb": "|ыңыз"}) == Word(("аш", "ашыңыз", "ашқан"))
    assert parse("[a] (b | c d)") == Sequence(
        (Choice((Word(("a",)), Sequence(()))), Choice((Word(("b",)), Sequence((Word(("c",)), Word(("d",)))))))
    )
    assert parse("<piece>+") == Repeat(Named("piece"))
    assert parse("{words*} {n} {place#}") == Sequence((Slot("words", "*"), Slot("n", ""), Slot("place", "#")))


@pytest.mark.parametrize(
    "text", ["(a", "a)", "[a", "{}", "+", "a(b c)", "a((b))", "a & b", "<x", "аш(<verb>)", "(а|б)(в|г)"]
)
def test_mistakes_are_named(text: str) -> None:
    with pytest.raises(TemplateError, match="“"):
        parse(text)
