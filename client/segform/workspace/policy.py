"""What may differ between two workspaces, declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from segform.resources import kinds_of, registry

# Who works in a workspace is a matter of each, and a space has another id in each.
LEAVE = ("user", "user_group", "profiles_warehouse")


class Policy:
    """What may differ between two workspaces.

    * `leave`: kinds that are not promoted at all;
    * `differ`: patterns `address.attribute`, `*` for any text, of values that the other workspace
      keeps once it has the object: `source.*.enabled`, `source.web.settings.websiteUrl`.
    """

    def __init__(self, leave: Iterable[str] = LEAVE, differ: Iterable[str] = ()) -> None:
        try:
            self.leave = kinds_of(leave)
        except ValueError as problem:
            raise ValueError(f"what the policy leaves: {problem}") from None
        self.differ = tuple(differ)
        for pattern in self.differ:
            if pattern.partition(".")[0] not in registry() or pattern.count(".") < 2:
                raise ValueError(
                    f"{pattern!r} names no attribute: write `kind.name.attribute`, * for any text"
                )

    @classmethod
    def of(cls, given: Any) -> Policy:
        """A policy from `{"leave": [...], "differ": [...]}`. Raises ValueError."""
        if not isinstance(given, Mapping) or set(given) - {"leave", "differ"}:
            raise ValueError("a policy has `leave` and `differ`, and nothing else")
        for name, one in given.items():
            if not isinstance(one, list) or not all(isinstance(each, str) for each in one):
                raise ValueError(f"the policy's `{name}` has to be a list of texts")
        return cls(given.get("leave", LEAVE), given.get("differ", ()))

    def keeps(self, path: str) -> bool:
        """Whether the value at `address.attribute` may differ."""
        return any(fnmatchcase(path, pattern) for pattern in self.differ)
