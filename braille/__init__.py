"""Text to Braille cells and back, for Kazakh, Russian and English; layout for displays and paper."""
