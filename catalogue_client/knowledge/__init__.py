"""What the library says about itself, kept in its store: answers, opening hours, special days, places' details."""
