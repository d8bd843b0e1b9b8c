"""A library system in front, our own means behind it: a copy to search, an outbox for wishes, while it is away."""
