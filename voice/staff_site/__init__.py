"""Pages for library staff, usable with a screen reader and without JavaScript."""
