"""From readings of an utterance to one act; decision.py says how."""
