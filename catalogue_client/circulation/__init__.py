"""Readers, items, loans and holds of the embedded library, and the rules they follow."""
