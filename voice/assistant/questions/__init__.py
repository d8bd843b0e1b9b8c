"""Questions about the library that staff have written themselves, in a conversation."""
