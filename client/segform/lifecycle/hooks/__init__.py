"""What is special about a kind, named from its definition and run by the lifecycle."""
