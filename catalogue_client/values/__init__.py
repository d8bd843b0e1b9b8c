"""The values that the library hands out: records, accounts, opening hours, shipments."""
