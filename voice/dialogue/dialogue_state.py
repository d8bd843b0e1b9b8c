"""A place of the dialogue: where a reader can be.

`name` is the state in JSON and picks the prompts ask.<name>, where.<name> and help.<name>.
`expects` is what the reader will probably give there. `kept` places are those that `back` returns to: never a
confirmation, so that nothing is booked twice, and never a half-keyed number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from voice.values.expected_input import ExpectedInput


@dataclass(frozen=True, slots=True)
class DialogueState:
    """A place of the dialogue."""

    name: ClassVar[str]
    expects: ClassVar[ExpectedInput] = ExpectedInput.SPEECH
    kept: ClassVar[bool] = True
    resumed: ClassVar[bool] = False
    """Not kept, but a question in between ("is that what you said?") leads back here."""

    between: ClassVar[bool] = False
    """A question in between, which leads back to where the reader was."""

    takes_words: ClassVar[bool] = False
    """Any words are an answer here: a name, a note, a place, letters."""
    takes_digits: ClassVar[bool] = False
    """Digits are keyed here, one by one."""
    takes_titles: ClassVar[bool] = False
    """Words without an intent may be a title said alone."""

    @property
    def question(self) -> str:
        """The prompt, under `ask`, that ends what is said here."""
        return self.name

    @property
    def about(self) -> str:
        """The words that the question repeats; "" when it repeats none."""
        return ""
