"""Search, loans and holds on ИРБИС64 over its own TCP protocol."""
