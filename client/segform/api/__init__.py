"""The Public API, one generated module per family of operations, over `segform.transport`."""

from __future__ import annotations
