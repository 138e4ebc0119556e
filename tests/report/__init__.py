"""Change sets in words."""
