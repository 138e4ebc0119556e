"""The constructs: synthesized, typed, and deployed by the real command lines."""
