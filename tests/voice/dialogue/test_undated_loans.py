"""A loan whose date the library's system does not say is told without one, in each language."""

from __future__ import annotations

import pytest

from catalogue_client.values.accounts import Loan
from languages.codes import LANGUAGES, Language
from tests.voice.dialogue.small_library import NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin
from voice.dialogue.commands import Renew
from voice.dialogue.features.my_loans import LoanList, loan_list
from voice.dialogue.features.read_back import renewed
from voice.values.audio import ChannelKind

LOAN = Loan("1", "1", "Абай жолы", "", None, 1, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_loan_without_a_date_is_told_without_one(language: Language) -> None:
    context = begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, language=language))
    told = [*loan_list(context, LoanList((LOAN,))), *renewed(context, Renew("1", "1"), LOAN).say]
    assert sum("Абай жолы" in line.text for line in told) == 2
    assert not any("None" in line.text for line in told)
