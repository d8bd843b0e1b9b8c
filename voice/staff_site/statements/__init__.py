"""Pages on which staff write what the library says about itself."""
