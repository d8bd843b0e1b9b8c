"""How the starter models are made: from texts and voices to a model for Vosk. `README.md` is a tutorial.

Needs the extra `training` (PyTorch, soundfile), but for texts.py, which also words our own test of models.
"""
