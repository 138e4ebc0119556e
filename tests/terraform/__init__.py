"""Tests with the real terraform."""
