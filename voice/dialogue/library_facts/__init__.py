"""The rules, hours and days of the library, as they are asked for and said."""
