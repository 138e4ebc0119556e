"""The catalogue's answers."""
