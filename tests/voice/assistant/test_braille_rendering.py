"""What a routing key stands under on a Braille display."""

from __future__ import annotations

from dataclasses import replace

import pytest

from braille import translate
from catalogue_client.values.accounts import Preferences
from tests.voice.dialogue.test_natural_yes import FOUND, LEADS
from tests.voice.dialogue.test_taking_back import caller, says
from voice.assistant.braille_rendering import BrailleRendering, layout
from voice.dialogue.events import Routed
from voice.dialogue.prompts import text_of
from voice.dialogue.states import SlotList
from voice.nlu.phrasebook import Phrasebook
from voice.values.lines import Line, Span


def test_only_a_row_about_an_entry_chooses_it() -> None:
    player = caller(Phrasebook.load(), "ru")
    says(player, FOUND["ru"], *LEADS["delivery"]["ru"][:-1])
    assert isinstance(player.context.state, SlotList)
    view = BrailleRendering(40)
    rows = view.show(player.lines, player.context.preferences)
    about = [view.record_under(row * 40 + 5) for row in range(len(rows))]
    # "thank you", the title, the two windows and the question
    assert about[0] is None and about[-1] is None and {0, 1} <= set(about)
    assert view.record_under(len(rows) * 40) is None
    before = player.context
    for row, record in enumerate(about):
        player.context = replace(before)
        player.happens(Routed(view.record_under(row * 40 + 5)))
        assert (player.context.name == "confirm") is (record is not None)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("width", [1, 2, 5, 12, 40, 80])
def test_yes_and_no_can_be_chosen_on_any_display(language: str, width: int) -> None:
    rows = layout((Line((Span("а", language),)),), Preferences(), answers=language)(width)
    found = {choice.name: (row, choice) for row in rows for choice in row.choices}
    assert list(found) == ["yes", "no"]
    for name, (row, choice) in found.items():
        assert choice.first < max(width, 1) and row.choice_at(choice.first) == name
        assert row.cells[choice.first : choice.end] == translate(text_of(language, f"desk.{name}"), language).cells
