"""`dauys library-system`, a folder of its own: the folder of commands is full."""

from voice.cli.library_system.trying import command

__all__ = ["command"]
