"""The workspace engine."""
