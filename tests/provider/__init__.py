"""Tests of the provider that need no terraform."""
