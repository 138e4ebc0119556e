"""Exports: code of every format, from snapshots."""
