"""The policy of what changes the world: every threshold that stands between words and an act, each with its unit.

Confidences are those of voice/values/utterances.py, 0 to 1, of what the recogniser heard. They were chosen on 205
clips of espeak-ng voices that never trained the models: utterances of tests/voice/nlu/corpus, titles said alone,
answers, digits and talk not meant for a library, by telephone, clean and in noise at 10 dB. Of the clean requests 5 of
85 that were heard right lie below the floor; of the wrong ones in noise 21 of 35, and of other talk that was taken for
a request 20 of 23. Commands said clearly came at 0.79 and more, the surest wrong setting at 0.36, the unsurest clear
yes at 0.26. `scripts/bench mishearing` measures what a change brings.

Probabilities, 0 to 1, are of what the words mean. Turns are what a reader has to say until she is where she would have
been, had Dauys understood her at once; voice/nlu/deciding/decision.toml counts in the same unit what asking and
refusing cost. `scripts/bench requests` measures a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class Cost(StrEnum):
    """What it costs to obey an intent that nobody meant. How sure each must be stands below."""

    HARMLESS = "harmless"
    """A moment: never asked about above the floor."""
    LEADS = "leads"
    """An answer that nobody wanted, at another place. What says nothing of its cost has this one."""
    SETTING = "setting"
    """Answers sound or read differently from now on."""
    ENDING = "ending"
    """Ends the call, takes something back, agrees to something or brings a person."""
    CONFIRMING = "confirming"
    """A yes to what waits for one; where that is the registry knows, no feature says it."""


MIN_HEARD_CONFIDENCE = 0.05
"""Below this nothing is acted upon, asked about or searched for."""
MIN_YES_CONFIDENCE = 0.2
"""A yes to a read-back or a question counts from here on; below, the question is asked again."""
MIN_COMMAND_CONFIDENCE = 0.4
"""Below this an intent that leads somewhere is asked about."""
MIN_SETTING_CONFIDENCE = 0.4
"""Below this a change of how answers sound or read is asked about."""
MIN_ENDING_CONFIDENCE = 0.5
"""Below this what ends, takes back or agrees to something is asked about."""
MIN_BARGE_IN_CONFIDENCE = 0.6
"""While Dauys itself speaks, what ends, takes back, confirms or changes something counts from here on, and so does a
short word whatever it would do: echoes of its own lines at -12 to -30 dB are mostly heard as short words."""
MIN_HARMLESS_BARGE_IN_CONFIDENCE = 0.2
"""While Dauys itself speaks, a longer utterance that costs nothing counts from here on."""
MIN_LANGUAGE_CONFIDENCE = 0.5
"""Below this an utterance does not change the language of the answers."""
MIN_READ_BACK_SCORE = 0.8
"""Words of which a smaller share makes a request (Intent.score) are not read back: the question would be nonsense."""

LEAST_CONFIDENCE: Mapping[Cost, float] = {
    Cost.CONFIRMING: MIN_YES_CONFIDENCE,
    Cost.ENDING: MIN_ENDING_CONFIDENCE,
    Cost.SETTING: MIN_SETTING_CONFIDENCE,
    Cost.HARMLESS: MIN_HEARD_CONFIDENCE,
    Cost.LEADS: MIN_COMMAND_CONFIDENCE,
}
"""What an intent costs -> the confidence from which on it is acted upon without a question."""

MIN_ACT_PROBABILITY = 0.3
"""Below this no meaning is acted upon, whatever asking or refusing would cost."""

WRONG_ACT_TURNS: Mapping[Cost, float] = {
    Cost.HARMLESS: 3.1,  # an answer that nobody wanted
    Cost.LEADS: 3.6,  # another place of the dialogue
    Cost.SETTING: 4.2,  # answers sound or read differently
    Cost.ENDING: 9.0,  # the call is over, a booking taken back, a person on the line
    Cost.CONFIRMING: 40.0,  # a yes that was none: something is booked or renewed
}
"""What an intent costs -> the turns that it takes to come back from it when it was not meant."""

UNDO_TIME = timedelta(minutes=10)
"""How long a hold can be taken back without a reason; a delivery brings its own time."""
