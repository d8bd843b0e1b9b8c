"""Refreshable Braille displays through BRLTTY, their keys, and the desks they stand on."""
