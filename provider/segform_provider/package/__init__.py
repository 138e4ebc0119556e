"""What a provider package folder is made of: the launcher."""

from __future__ import annotations
