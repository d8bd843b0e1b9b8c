"""The little language in which phrases are written: text in, a tree out.

The marks:

    книг(а|у|и|)     one word with one of these endings; an empty one means none
    давай(те)        one word whose only ending may be left out
    аш(<verb_a>|қан) the endings of the set of that name, and others
    (a | b c)        one of these
    [a]              may be left out
    a+               once or several times
    <book>           the set of wordings of that name
    {n} {nth} {ns} {digits}   a number, an ordinal, several numbers, a run of digits
    {place#}         a number that goes into the slot as it was said
    {words*}         any words
    {format}         one of the values listed for that slot
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from languages.kazakh_suffixes import takes
from voice.values.errors import VoiceError


class TemplateError(VoiceError):
    """A phrase that cannot be read; the text says which and where."""


@dataclass(frozen=True, slots=True)
class TemplateWord:
    """One word in one of several forms."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[TemplateNode, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    parts: tuple[TemplateNode, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: TemplateNode


@dataclass(frozen=True, slots=True)
class TemplateReference:
    """A set of wordings that is written down elsewhere."""

    name: str


@dataclass(frozen=True, slots=True)
class TemplateSlot:
    name: str
    mark: str
    """* takes any words, # a number as it was said, "" what is listed for the slot."""


TemplateNode = TemplateWord | Sequence | Choice | Repeat | TemplateReference | TemplateSlot

NOTHING = Sequence(())
NO_ENDINGS: Mapping[str, str] = {}
_GROUP = re.compile(r"(\w+)\(([^()\s]*)\)")
_ENDINGS = re.compile(r"<(\w+)>")
_LEXEME = re.compile(
    r"\s*(?:<(?P<named>\w+)>|\{(?P<slot>\w+)(?P<tail>[*#]?)\}|(?P<word>[\w'№]+(?:\([^()\s]*\))?)|(?P<mark>[()\[\]|+]))"
)


def parse(text: str, endings: Mapping[str, str] = NO_ENDINGS) -> TemplateNode:
    """The tree of one template. Raises TemplateError with the place that cannot be read."""
    lexemes = list(_lexemes(_with_endings(text, endings)))
    lexemes.append(("end", "", ""))
    node, after = _choice(lexemes, 0, text)
    if lexemes[after][0] != "end":
        raise TemplateError(f"“{text}”: there is a “{lexemes[after][1]}” too many.")
    return node


def _with_endings(text: str, endings: Mapping[str, str]) -> str:
    """`text` with names of sets of endings replaced by those of them that the word before takes."""

    def named(stem: str, name: str) -> str:
        if name not in endings:
            raise TemplateError(f"“{text}”: there are no endings <{name}>.")
        return "|".join(ending for ending in endings[name].split("|") if takes(stem, ending))

    def group(found: re.Match[str]) -> str:
        return f"{found[1]}({_ENDINGS.sub(lambda name: named(found[1], name[1]), found[2])})"

    return _GROUP.sub(group, text)


Lexeme = tuple[str, str, str]


def _lexemes(text: str) -> Iterator[Lexeme]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _LEXEME.match(text, position)
        if match is None:
            raise TemplateError(f"“{text}”: “{text[position:].strip()}” cannot be read.")
        kind = next(name for name in ("named", "slot", "word", "mark") if match[name])
        if kind == "word" and text[match.end() : match.end() + 1] == "(":
            raise TemplateError(f"“{text}”: the endings of “{match[kind]}” may hold neither spaces nor brackets.")
        if match["mark"] == ")" and text[match.end() : match.end() + 1] == "(":
            raise TemplateError(f"“{text}”: endings belong to one word, not to what stands in brackets.")
        yield (kind, match[kind], match["tail"] or "")
        position = match.end()


def _choice(lexemes: list[Lexeme], at: int, text: str) -> tuple[TemplateNode, int]:
    parts = []
    while True:
        part, at = _sequence(lexemes, at, text)
        parts.append(part)
        if lexemes[at][:2] != ("mark", "|"):
            return (parts[0] if len(parts) == 1 else Choice(tuple(parts))), at
        at += 1


def _sequence(lexemes: list[Lexeme], at: int, text: str) -> tuple[TemplateNode, int]:
    parts: list[TemplateNode] = []
    while True:
        kind, value, tail = lexemes[at]
        node: TemplateNode
        match kind, value:
            case "word", _:
                node, at = TemplateWord(_forms(value)), at + 1
            case "named", _:
                node, at = TemplateReference(value), at + 1
            case "slot", _:
                node, at = TemplateSlot(value, tail), at + 1
            case "mark", "(" | "[":
                node, at = _choice(lexemes, at + 1, text)
                closing = ")" if value == "(" else "]"
                if lexemes[at][:2] != ("mark", closing):
                    raise TemplateError(f"“{text}”: “{closing}” is missing.")
                at += 1
                node = node if value == "(" else Choice((node, NOTHING))
            case "mark", "+" if parts:
                parts[-1], at = Repeat(parts[-1]), at + 1
                continue
            case _:
                return (parts[0] if len(parts) == 1 else Sequence(tuple(parts))), at
        parts.append(node)


def _forms(word: str) -> tuple[str, ...]:
    stem, _, group = word.partition("(")
    endings = group.rstrip(")").split("|")
    if len(endings) == 1:
        endings.append("")
    return tuple(dict.fromkeys(stem + ending for ending in endings))
