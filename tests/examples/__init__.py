"""The examples and the guides, run as they stand."""
