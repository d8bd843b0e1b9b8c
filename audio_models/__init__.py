"""Speech models: which there are, where they lie, how they are installed, verified, built and trained."""
