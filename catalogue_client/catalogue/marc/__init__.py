"""Reads MARC21, UNIMARC and RUSMARC files into the store, whatever state they are in."""
