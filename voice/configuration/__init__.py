"""Settings, paths, clock and secrets, and the library that they describe."""
