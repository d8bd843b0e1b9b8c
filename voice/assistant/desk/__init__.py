"""A Braille desk: visits, the conversation under the fingers, the line being typed."""
