"""Sessions: a channel, a dialogue and a library joined."""
