"""Tracking plans: rules, and what they say about events."""
