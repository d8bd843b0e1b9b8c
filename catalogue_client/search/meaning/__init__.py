"""Finds works by what is meant: vectors of sentences, where a model that makes them is installed."""
