"""Running the service: backups, desks, usage, metrics, slips, the demonstration call."""
