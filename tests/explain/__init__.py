"""The whole way of one event."""
