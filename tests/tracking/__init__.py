"""Tracking plans: events, rules, validation, graded changes, lint."""
