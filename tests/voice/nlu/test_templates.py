"""The little language of the phrase files."""

from __future__ import annotations

import pytest

from voice.nlu.templates import (
    Choice,
    Repeat,
    Sequence,
    TemplateError,
    TemplateReference,
    TemplateSlot,
    TemplateWord,
    parse,
)


def test_every_mark() -> None:
    assert parse("книг(а|и|)") == TemplateWord(("книга", "книги", "книг"))
    assert parse("давай(те)") == TemplateWord(("давайте", "давай"))
    assert parse("аш(<verb>|қан)", {"verb": "|ыңыз"}) == TemplateWord(("аш", "ашыңыз", "ашқан"))
    assert parse("[a] (b | c d)") == Sequence(
        (
            Choice((TemplateWord(("a",)), Sequence(()))),
            Choice((TemplateWord(("b",)), Sequence((TemplateWord(("c",)), TemplateWord(("d",)))))),
        )
    )
    assert parse("<piece>+") == Repeat(TemplateReference("piece"))
    assert parse("{words*} {n} {place#}") == Sequence(
        (TemplateSlot("words", "*"), TemplateSlot("n", ""), TemplateSlot("place", "#"))
    )


@pytest.mark.parametrize(
    "text", ["(a", "a)", "[a", "{}", "+", "a(b c)", "a((b))", "a & b", "<x", "аш(<verb>)", "(а|б)(в|г)"]
)
def test_mistakes_are_named(text: str) -> None:
    with pytest.raises(TemplateError, match="“"):
        parse(text)
