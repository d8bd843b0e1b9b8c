"""Records, copies, readers, loans, holds and deliveries: an embedded store and clients of real library systems."""
