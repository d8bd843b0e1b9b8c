"""What the dialogue knows of the electronic reading room: its places, and what is asked of it."""
