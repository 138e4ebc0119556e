"""The facts of the Public API, and the generators that read them (not shipped)."""

from __future__ import annotations
