"""From words to an intent: phrasebook, numbers, dates."""
