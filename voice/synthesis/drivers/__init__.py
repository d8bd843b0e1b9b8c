"""Drivers of pyttsx3 that stream: one for each engine that speaks."""
