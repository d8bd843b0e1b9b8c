"""The dialogue as a pure function of state and event; no input or output happens here."""
