"""Home delivery: books to a reader's home and back, booked once, tracked, and never lost from sight."""
