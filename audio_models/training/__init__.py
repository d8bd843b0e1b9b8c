"""How the starter models are made: from texts and voices to a model that Vosk loads. `README.md` tells it as a tutorial.

Needs the extra `training` (PyTorch, soundfile); nothing else in the product imports this package.
"""
