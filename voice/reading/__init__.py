"""Where a reader is in a book and what a move leads to: pure, without clock or I/O."""
