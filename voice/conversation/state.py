"""Everything a conversation remembers."""
