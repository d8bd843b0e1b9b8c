"""Finds a book by what was heard: folding, 3-grams, re-ranking. Each node keeps an index file of its own."""
