"""All that is known of Kazakh, Russian and English, once: letters, tokens, numbers, dates, suffixes, scripts."""
