"""Text to Braille cells and back, for Kazakh, Russian and English; layout for displays and paper.

A cell is one byte, dot 1 the lowest bit and dot 8 the highest (ISO 11548-1); U+2800 plus the byte is its Unicode sign.

    translate("Абай жолы", "kk").cells          text to cells, with positions both ways
    back(from_unicode("⠁⠃⠁⠯"), "kk")            what was typed on Perkins keys, as text
    lay_out([passage("Абай жолы", "kk")], 40)   rows for a display
    paginate(passages, 40, 25)                  pages for an embosser; brf.write and pef.write make files of them
"""

from braille.cells import Cells, from_unicode, to_unicode
from braille.embosser_pages import paginate
from braille.layout import Passage, Row, Wrap, lay_out, passage
from braille.perkins import Typed, back, digits, is_number, readings
from braille.translation import translate

__all__ = [
    "Cells",
    "Passage",
    "Row",
    "Typed",
    "Wrap",
    "back",
    "digits",
    "from_unicode",
    "is_number",
    "lay_out",
    "paginate",
    "passage",
    "readings",
    "to_unicode",
    "translate",
]
