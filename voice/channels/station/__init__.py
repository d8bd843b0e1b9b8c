"""A book station or a desk with a microphone and a loudspeaker of its own."""
