"""How much a book may be: a file from outside is hostile until it is read."""

from __future__ import annotations

MOST_FILE_BYTES = 512 * 1024 * 1024
"""Of one file that is added."""
MOST_TEXT_BYTES = 32 * 1024 * 1024
"""Of one text inside a book, unpacked: War and Peace has 3 MB."""
MOST_ENTRIES = 20_000
"""Files inside one archive."""
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
"""Of all texts of one book together."""
MOST_SENTENCES = 400_000
"""Of one book: about 20,000 pages."""
MOST_DEPTH = 200
"""Elements inside one another in a document."""
LONGEST_SENTENCE = 600
"""Characters after which a sentence is parted at a space: a position is kept to the sentence."""
