"""Search in a library system that answers Z39.50 with MARC records, through Debian's yaz-client."""
