"""All that is known of Kazakh, Russian and English, once: letters, tokens, numbers, dates, suffixes, scripts.

    LANGUAGES                                              the codes kk, ru and en
    language_of("менің кітабым қайда", otherwise="ru")     "kk"
    Numbers.load().read("жиырма бесінші")                  25
    Dates.load().readings("in two hours", now)             every day and time that may be meant
    cardinal(1984, "kk"), with_case("Абай жолы", "dative") words for numbers, names in their case forms
    convert("qazaq", Script.LATIN_2021).text               Kazakh of any script in Cyrillic

README.md has the modules and an example.
"""

from languages.codes import LANGUAGES, Language
from languages.date_parsing import Dates, ParsedDate
from languages.kazakh_suffixes import Case, with_case
from languages.language_identification import language_of
from languages.number_parsing import Numbers, ParsedNumber
from languages.numerals import cardinal, ordinal
from languages.scripts import Script, convert, script_of

__all__ = [
    "LANGUAGES",
    "Case",
    "Dates",
    "Language",
    "Numbers",
    "ParsedDate",
    "ParsedNumber",
    "Script",
    "cardinal",
    "convert",
    "language_of",
    "ordinal",
    "script_of",
    "with_case",
]
