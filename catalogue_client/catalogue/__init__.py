"""The embedded catalogue: records and copies, and the vocabulary of their titles."""
