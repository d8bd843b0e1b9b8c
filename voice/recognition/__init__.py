"""From audio frames to words: endpointing, recognition, the grammar listened for."""
