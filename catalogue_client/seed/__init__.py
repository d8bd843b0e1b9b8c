"""What a demonstration is filled with: works, copies, readers, and generated catalogues."""
