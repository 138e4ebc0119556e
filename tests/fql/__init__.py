"""FQL, held against Segment's own evaluators."""
