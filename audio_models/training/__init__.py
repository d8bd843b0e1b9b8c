"""How the starter models are made: from texts and voices to a model for Vosk. `README.md` is a tutorial.

Needs the extra `training` (PyTorch, soundfile); nothing else in the product imports this package.
"""
