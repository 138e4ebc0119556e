"""A release: the self-contained archive, and what goes beside it."""
