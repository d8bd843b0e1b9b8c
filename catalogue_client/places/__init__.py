"""The library's places and how a spoken name is matched to one."""
