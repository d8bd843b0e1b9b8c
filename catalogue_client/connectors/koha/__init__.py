"""Circulation on Koha over its REST interface, version 1. Search Koha over SRU: its REST search knows no relevance."""
