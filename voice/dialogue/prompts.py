"""The assistant's sentences: one TOML file a language, with plural forms, long and short wordings.

What is only for a display stands in LANGUAGE.fingers.toml: `desk`, the words of a desk itself, and under `fingers`
other wordings of sentences that speak of keys and of saying, under the same keys. `swap` makes most of these: words
that are replaced in every sentence.

A sentence is a string, or a table of CLDR plural categories chosen by the value `count` (with `zero` for none at all),
or a table of `long` and `short`, each of them such a sentence. Other tables group
sentences: [ask] start = … is "ask.start".
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from voice.values.lines import Line, Span

log = logging.getLogger(__name__)

Value = str | int | Span
Forms = Mapping[str, str]
"""Plural category -> sentence; a sentence without a count has only "other"."""


def plural_ru(count: int) -> str:
    """CLDR rules for whole numbers in Russian."""
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else "many"


def plural_one_other(count: int) -> str:
    """CLDR rules for whole numbers in Kazakh and English."""
    return "one" if count == 1 else "other"


PLURALS: Mapping[str, Callable[[int], str]] = {"kk": plural_one_other, "ru": plural_ru, "en": plural_one_other}
CATEGORIES: Mapping[str, frozenset[str]] = {
    "kk": frozenset({"one", "other"}),
    "ru": frozenset({"one", "few", "many"}),
    "en": frozenset({"one", "other"}),
}
"""Plural categories that every counted sentence of a language must have."""
OPTIONAL = frozenset({"zero", "other"})
LENGTHS = frozenset({"long", "short"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the assistant in one language."""

    long: Forms
    short: Forms | None = None


FOLDER = Path(__file__).with_name("prompts")


@dataclass(slots=True)
class _Kept:
    """The sentences of one language, and the moments at which their files had been changed."""

    sentences: Mapping[str, Sentence]
    changed: tuple[int, ...]


FINGERS = "fingers."
"""Before the key of a sentence: its wording for a display."""
_kept: dict[str, _Kept] = {}
_version = 0


def sentences(language: str) -> Mapping[str, Sentence]:
    """Every sentence of a language by its dotted key. Raises FileNotFoundError for an unknown language."""
    if language not in _kept:
        _kept[language] = _Kept(_read(language), _changed(language))
    return _kept[language].sentences


def version() -> int:
    """Return how often sentences have been changed since the start."""
    return _version


def follow_changes() -> None:
    """Take over files that were changed since they were read. One with a mistake is logged and changes nothing.

    Sentences must not change while one is composed: for whoever holds conversations, between two of their events.
    """
    global _version
    for language, kept in _kept.items():
        changed = _changed(language)
        if changed == kept.changed:
            continue
        kept.changed = changed
        try:
            new = _read(language)
            _check(new, kept.sentences, CATEGORIES[language])
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            log.error("the sentences of %s are those from before its last change: %s", _files(language)[0], error)
            continue
        kept.sentences = new
        _version += 1
        log.warning("the sentences of %s were changed", _files(language)[0])


def _files(language: str) -> tuple[Path, Path]:
    return FOLDER / f"{language}.toml", FOLDER / f"{language}.fingers.toml"


def _changed(language: str) -> tuple[int, ...]:
    """When the files were changed, 0 for one that is gone."""

    def moment(path: Path) -> int:
        try:
            return path.stat().st_mtime_ns
        except OSError:
            return 0

    return tuple(moment(path) for path in _files(language))


def _read(language: str) -> Mapping[str, Sentence]:
    spoken, fingers = (tomllib.loads(path.read_text("utf-8")) for path in _files(language))
    swaps = [(str(old), str(new)) for old, new in fingers.pop("swap")]
    found = dict(_walk(spoken, ""))
    felt = {f"{FINGERS}{key}": _swapped(sentence, swaps) for key, sentence in found.items() if _is_said(key)}
    felt = {key: sentence for key, sentence in felt.items() if sentence != found[key.removeprefix(FINGERS)]}
    return {**found, **felt, **dict(_walk(fingers, ""))}


def _is_said(key: str) -> bool:
    """Whether this is a sentence, and no name of an intent."""
    return not key.startswith(("menu_label.", "request."))


def _swapped(sentence: Sentence, swaps: Sequence[tuple[str, str]]) -> Sentence:
    """Return the sentence in words for a display."""

    def swap(text: str) -> str:
        for old, new in swaps:
            text = text.replace(old, new)
        return text

    long, short = (
        {form: swap(text) for form, text in (forms or {}).items()} for forms in (sentence.long, sentence.short)
    )
    return Sentence(long, short or None)


def _check(new: Mapping[str, Sentence], old: Mapping[str, Sentence], categories: frozenset[str]) -> None:
    """Raises ValueError unless the new sentences are those that the program fills, with the same values, and have every
    plural form."""
    old = {key: sentence for key, sentence in old.items() if key in new or not key.startswith(FINGERS)}
    if lost := sorted(old.keys() - new.keys()):
        raise ValueError(f"{', '.join(lost[:3])} is missing")
    for key, sentence in old.items():
        if more := _fields(new[key]) - _fields(sentence):
            raise ValueError(f"{key} has {{{min(more)}}}, which it is not given")
        for forms in (new[key].long, new[key].short or {}):
            if forms and forms.keys() != {"other"} and (none := categories - forms.keys()):
                raise ValueError(f"{key} has no form for {min(none)}")


def _fields(sentence: Sentence) -> set[str]:
    forms = [*sentence.long.values(), *(sentence.short or {}).values()]
    return {field for form in forms for _, field, _, _ in Formatter().parse(form) if field is not None}


def _walk(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Sentence]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, Sentence({"other": value})
        elif value.keys() <= LENGTHS:
            yield key, Sentence(_forms(value["long"]), _forms(value["short"]))
        elif value.keys() <= {"zero", "one", "few", "many", "other"}:
            yield key, Sentence(value)
        else:
            yield from _walk(value, f"{key}.")


def _forms(value: str | Forms) -> Forms:
    return {"other": value} if isinstance(value, str) else value


def has(language: str, key: str) -> bool:
    """Whether there is such a sentence."""
    return key in sentences(language)


def placeholders(language: str, prompt: str) -> set[str]:
    """Names of the values that a sentence needs in any of its forms."""
    return _fields(sentences(language)[prompt])


def compose(language: str, prompt: str, brief: bool, /, **values: Value) -> Line:
    """The sentence `prompt` with its placeholders filled; a Span keeps its own language within the sentence.

    Raises KeyError for an unknown key or a missing value: both are faults of the program, found by its tests.
    """
    sentence = sentences(language)[prompt]
    short = _fill(_form(language, sentence.short, values), language, values) if sentence.short else ()
    if brief and short:
        return Line(short)
    spans = _fill(_form(language, sentence.long, values), language, values)
    return Line(spans, short="".join(span.text for span in short))


def text_of(language: str, prompt: str, /, **values: Value) -> str:
    """The same as plain text."""
    return compose(language, prompt, False, **values).text


def _form(language: str, forms: Forms, values: Mapping[str, Value]) -> str:
    count = values.get("count")
    if not isinstance(count, int) or len(forms) == 1:
        return forms["other"]
    if count == 0 and "zero" in forms:
        return forms["zero"]
    return forms[PLURALS[language](count)]


def _fill(template: str, language: str, values: Mapping[str, Value]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for literal, field, _, _ in Formatter().parse(template):
        pieces = [Span(literal, language)]
        if field is not None:
            value = values[field]
            pieces.append(value if isinstance(value, Span) else Span(str(value), language))
        for piece in pieces:
            if spans and spans[-1].language == piece.language:
                spans[-1] = Span(spans[-1].text + piece.text, language=piece.language)
            elif piece.text:
                spans.append(piece)
    return tuple(spans)
