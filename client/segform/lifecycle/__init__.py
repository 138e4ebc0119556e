"""Create, read, update and delete by definition: shared by the provider and the engine."""
