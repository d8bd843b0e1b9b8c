"""What the library says about itself, in sentences: its rules, hours and special days."""
