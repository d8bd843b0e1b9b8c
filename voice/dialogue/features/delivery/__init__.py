"""Books brought home and fetched: the order, its hours, notes and address, and what becomes of it."""
