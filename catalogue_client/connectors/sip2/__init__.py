"""Circulation on a library system that speaks SIP2 (3M Standard Interchange Protocol 2.00), as most of them do."""
