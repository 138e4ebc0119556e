"""The legacy Config API: its client, and the way from it to a snapshot."""
