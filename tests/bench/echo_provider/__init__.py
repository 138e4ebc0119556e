"""A provider with our schemas that only says back what it is told: the floor of a plan."""
