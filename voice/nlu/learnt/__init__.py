"""The learnt reader of sentences: its corpus, its features, its training, its file."""
