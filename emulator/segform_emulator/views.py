"""Objects as lists show them, kept until they change: a page of 200 is put together, not made anew.

What a view shows depends on the object, on whether the role sees keys, and on the catalogue entry.
A table forgets a view when it hands the object out by its key, because objects change in place.
Views of entries that can change, those of functions, are not kept.
"""

from __future__ import annotations

from typing import Any

# Beyond so many of a table all are made anew, or memory would grow with every list.
MOST = 20_000


class View(dict[str, Any]):
    """An object as it is shown; `text` is its JSON, once it was written. Never changed."""

    __slots__ = ("text",)

    def __init__(self, shown: dict[str, Any]) -> None:
        super().__init__(shown)
        self.text: str | None = None


class Views:
    """The views of one table: by key, then by what the role sees."""

    def __init__(self) -> None:
        self._kept: dict[Any, dict[bool, View]] = {}

    def get(self, key: Any, keys_seen: bool) -> View | None:
        """The view of an object, if there is one."""
        held = self._kept.get(key)
        return None if held is None else held.get(keys_seen)

    def keep(self, key: Any, keys_seen: bool, shown: dict[str, Any]) -> View:
        """A new view."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        made = View(shown)
        self._kept.setdefault(key, {})[keys_seen] = made
        return made

    def forget(self, key: Any) -> None:
        """The object may change from now on."""
        self._kept.pop(key, None)
