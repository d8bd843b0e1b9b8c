"""One module a feature of the dialogue."""
