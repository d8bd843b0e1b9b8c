"""The state that all readers share: one SQLite file, or PostgreSQL for several nodes."""
