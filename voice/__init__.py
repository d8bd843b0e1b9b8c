"""The assistant: hears, understands, converses and speaks; telephone, station, staff site and command line."""
