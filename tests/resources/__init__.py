"""Definitions: what every kind says of itself."""
