"""The legacy Config API, over the same workspaces as the Public API.

`is_legacy` says which requests are meant for it, `Legacy` answers them. What is known of it and
how well stands in `facts`.
"""

from __future__ import annotations

from .face import HOST, Legacy, is_legacy

__all__ = ["HOST", "Legacy", "is_legacy"]
