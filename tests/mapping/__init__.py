"""Mappings of destination actions, held against Segment's own evaluator."""
