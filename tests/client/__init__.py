"""The client: requests, limits, repeats, errors, lists."""
