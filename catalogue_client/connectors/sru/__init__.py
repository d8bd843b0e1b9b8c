"""Search in a library system that answers SRU 1.1, 1.2 or 2.0 with MARCXML."""
