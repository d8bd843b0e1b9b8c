"""What rooms of the assistant hand to one another: lines, intents, utterances, audio."""
