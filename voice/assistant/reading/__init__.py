"""The reading room in a session: its commands, and the place that is kept while a book is heard."""
