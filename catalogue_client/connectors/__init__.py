"""A library system in front, our own means behind it: a copy to search and pending requests while it is away."""
