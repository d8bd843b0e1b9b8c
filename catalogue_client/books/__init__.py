"""The electronic reading room: books from files in one inner form, who may read them, and where readers are."""
