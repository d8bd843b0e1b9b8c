"""Hears numbers: words and figures, Kazakh, Russian and English, in every case, cardinal and ordinal.

Exact look-up of known forms, never a pattern: столица, семья and алтын are no numbers. What does not add up to one
number ("сорок семь два") stays two numbers; nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from languages.codes import LANGUAGES
from languages.homophones import as_digits
from languages.number_halves import Halves
from languages.tokens import fold, tokens

_WRITTEN = re.compile(r"(\d+)(?:-?(\D+))?")
_PRONOUN = "он"
"""Kazakh ten is Russian "he": a number only beside another Kazakh number or a Kazakh word, or alone."""
_COUNTED = frozenset({"минут", "минуттан", "минутта", "минутқа", "минуттай", "апта", "аптадан", "ай", "айдан", "рет"})
"""Kazakh words beside numbers that have no Kazakh letter, or none that is always written."""
YEARS = (1400, 2100)
"""Numbers that may be a year of printing."""
YEAR_AFTER = ("год", "жыл")
YEAR_BEFORE = frozenset({"before", "after", "since", "in", "of", "from"})


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """One number at `start` (included) to `end` (excluded) of a list of words."""

    value: int
    digits: str
    """As it would be keyed; zeros in front are kept."""
    ordinal: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Atom:
    value: int
    language: str
    ordinal: bool
    multiplies: bool

    @property
    def leaves(self) -> int:
        """What may still be added must be below this: twenty leaves room for one to nine, twelve for nothing."""
        if self.value >= 100:
            return 100 if self.value < 1000 else 1000
        round_ten = self.value >= 20 or (self.value == 10 and self.language == "kk")
        return 10 if round_ten else 1


class Numbers:
    """The number words of three languages."""

    def __init__(
        self,
        atoms: dict[str, tuple[_Atom, ...]],
        ordinal_endings: frozenset[str],
        forms: frozenset[str],
        plain: dict[tuple[str, bool], list[tuple[int, str]]],
        several: dict[str, Any],
        alike: dict[str, str],
        halves: Halves,
    ) -> None:
        self._atoms = atoms
        self._alike = alike
        self._times: dict[str, int] = several["times"]
        self._zeros = frozenset(several["zeros"].split("|"))
        self._halves = halves
        self._ordinal_endings = ordinal_endings
        self._plain = plain
        self.forms = forms
        """Every number word as it is written."""

    @classmethod
    def load(cls) -> Numbers:
        """Read numbers.toml."""
        table = tomllib.loads(files(__package__).joinpath("numbers.toml").read_text(encoding="utf-8"))
        atoms: dict[str, tuple[_Atom, ...]] = {}
        forms = set()
        plain: dict[tuple[str, bool], list[tuple[int, str]]] = defaultdict(list)
        for language in LANGUAGES:
            for kind, rows in table[language].items():
                for value, text in rows.items():
                    atom = _Atom(int(value), language, kind.startswith("ordinal"), kind.endswith("times"))
                    spoken = list(_forms(text, table["endings"]))
                    plain[language, atom.ordinal].append((atom.value, spoken[0]))
                    for form in spoken:
                        forms.add(form)
                        atoms[fold(form)] = (*atoms.get(fold(form), ()), atom)
        halves = Halves(table["halves"])
        endings = frozenset(table["written"]["ordinal"].split("|"))
        return cls(atoms, endings, frozenset(forms), plain, table["several"], table["en_alike"], halves)

    def plain(self, language: str, *, ordinal: bool = False) -> list[tuple[int, str]]:
        """Value and dictionary form of the cardinals (or ordinals) of a language, without endings."""
        return self._plain[language, ordinal]

    def at(self, words: Sequence[str], start: int, *, hours: bool = False) -> ParsedNumber | None:
        """The longest number that begins at `start`. What is half of something is none, but for hundreds and more:
        "бір жарым мың" is 1500, "бір жарым" nothing; with `hours` it is 1, since the half is half an hour."""

        def whole(at: int) -> tuple[int, int] | None:
            number = self._at(words, at)
            return (number.value, number.end) if number else None

        def times(at: int) -> int:
            atoms = self._atoms.get(fold(words[at]), ()) if at < len(words) else ()
            return next((atom.value for atom in atoms if atom.multiplies), 1)

        if self._halves.is_part(words, start, times):
            return None
        if half := self._halves.at(words, start, whole, times):
            value, end = half
            return ParsedNumber(value, str(value), False, start, end)
        number = self._at(words, start)
        return None if number and not hours and self._halves.follow(words, number.end) else number

    def _at(self, words: Sequence[str], start: int) -> ParsedNumber | None:
        if written := _WRITTEN.fullmatch(words[start]):
            return self._written(words, start, written[1], written[2])
        atoms = self._atoms.get(fold(words[start]), ())
        found = [number for atom in atoms if (number := self._spoken(words, start, atom.language))]
        return max(found, key=lambda number: number.end, default=None)

    def years_in_digits(self, text: str) -> str:
        """`text` with spoken years in digits: "до тысяча девятьсот семнадцатого года" is "до 1917 года"."""
        words = text.split()
        for number in reversed(list(self.all(words))):
            before = words[number.start - 1] if number.start else ""
            if self.is_year(number, words) or (before in YEAR_BEFORE and YEARS[0] <= number.value <= YEARS[1]):
                words[number.start : number.end] = [str(number.value)]
        return " ".join(words)

    def is_year(self, number: ParsedNumber, words: Sequence[str]) -> bool:
        """Whether a number in `words` is a year of printing, since "year" follows; it chooses nothing from a list."""
        after = words[number.end] if number.end < len(words) else ""
        return YEARS[0] <= number.value <= YEARS[1] and after.startswith(YEAR_AFTER)

    def all(self, words: Sequence[str]) -> Iterator[ParsedNumber]:
        """Every number in `words`, from left to right."""
        at = 0
        while at < len(words):
            number = self.at(words, at)
            if number:
                yield number
            at = number.end if number else at + 1

    def written_out(self, words: Sequence[str]) -> list[str]:
        """Digits as they were meant, one by one: "double four" is "four four", "три нуля" three noughts, and "to" is
        two among other digits."""
        words = as_digits(words, self._alike, self._english)
        out: list[str] = []
        at = 0
        while at < len(words):
            after = words[at + 1] if at + 1 < len(words) else ""
            times = self._times.get(words[at], 0)
            count = self.read(words[at]) or 0
            if times and (self.read(after) if after else None) in range(10):
                out += [after] * times
                at += 2
            elif after in self._zeros and 1 < count < 10:
                out += ["0"] * count
                at += 2
            else:
                out.append(words[at])
                at += 1
        return out

    def read(self, text: str) -> int | None:
        """The value of `text` when the whole of it is one number."""
        words = tokens(text)
        number = self.at(words, 0) if words else None
        return number.value if number and number.end == len(words) else None

    def digits(self, text: str) -> str | None:
        """The digits of `text` when it holds nothing but numbers: "сорок семь ноль два" is 4702."""
        words = self.written_out(tokens(text))
        found = list(self.all(words))
        covered = sum(number.end - number.start for number in found)
        return "".join(number.digits for number in found) if words and covered == len(words) else None

    def _written(self, words: Sequence[str], start: int, digits: str, ending: str | None) -> ParsedNumber | None:
        if not digits.isascii() or len(digits) > 18:
            return None
        if ending is None:
            return ParsedNumber(int(digits), digits, False, start, start + 1)
        if ending in self._ordinal_endings:
            return ParsedNumber(int(digits), digits, True, start, start + 1)
        return None

    def _spoken(self, words: Sequence[str], start: int, language: str) -> ParsedNumber | None:
        total, group, room, below, at, ordinal = 0, 0, 1000, 10**9, start, False
        while at < len(words) and not ordinal:
            atom = self._atom(words[at], language)
            if atom is None:
                if not (words[at] == "and" and (group >= 100 or total) and self._fits(words, at + 1, room)):
                    break
                at += 1
                continue
            if atom.multiplies and atom.value == 100:
                if group > 9 or room == 100:
                    break
                group, room = max(group, 1) * 100, 100
            elif atom.multiplies:
                if atom.value >= below:
                    break
                total, group, room, below = total + max(group, 1) * atom.value, 0, 1000, atom.value
            elif atom.value >= 1000:
                if total or group:
                    break
                total = atom.value
            elif (atom.value == 0 and at > start) or atom.value >= room:
                break
            else:
                group, room = group + atom.value, atom.leaves if atom.value else 0
            ordinal = atom.ordinal
            at += 1
        if at == start or (fold(words[start]) == _PRONOUN and at == start + 1 and self._beside_russian(words, start)):
            return None
        return ParsedNumber(total + group, str(total + group), ordinal, start, at)

    def _atom(self, word: str, language: str) -> _Atom | None:
        return next((atom for atom in self._atoms.get(fold(word), ()) if atom.language == language), None)

    def _english(self, word: str) -> int | None:
        atom = None if word.isdigit() else self._atom(word, "en")
        return atom.value if atom and not atom.ordinal else None

    def _fits(self, words: Sequence[str], at: int, room: int) -> bool:
        atom = self._atom(words[at], "en") if at < len(words) else None
        return atom is not None and 0 < atom.value < room and not atom.multiplies

    def _beside_russian(self, words: Sequence[str], start: int) -> bool:
        """Whether a lone "он" stands beside neither a Kazakh number nor a Kazakh word."""
        neighbours = [words[at] for at in (start - 1, start + 1) if 0 <= at < len(words)]
        counted = start + 1 < len(words) and words[start + 1] in _COUNTED
        kazakh = (counted or self._atom(word, "kk") or word.isdigit() or fold(word) != word for word in neighbours)
        return bool(neighbours) and not any(kazakh)


def _forms(text: str, endings: dict[str, str]) -> Iterator[str]:
    """The forms of `a(<set>)|b(x|y)|c`."""
    text = re.sub(r"<(\w+)>", lambda match: endings[match[1]], text)
    for stem, group in re.findall(r"(\w+)(?:\(([^)]*)\))?", text):
        for ending in group.split("|"):
            yield stem + ending
