"""Keeps the catalogue the same as the library's own systems have it: sources, runs, copies, codes of places."""
