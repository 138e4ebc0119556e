"""Features that a workspace may lack: what belongs to one is refused then.

Every workspace has all of them until the control plane says otherwise. Which operations need which
feature is in the contract (seen in SDK); that they answer 403 without it is inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .contract import Operation, operations
from .errors import bad_request, forbidden
from .workspace import Workspace


class Features:
    """Which features each workspace lacks."""

    def __init__(self) -> None:
        self._lacking: dict[str, set[str]] = {}

    @staticmethod
    def known() -> list[str]:
        """The features that operations need, by name."""
        return sorted({one.feature for one in operations().values() if one.feature})

    def of(self, workspace: Workspace) -> dict[str, bool]:
        """Each feature, and whether a workspace has it."""
        lacking = self._lacking.get(workspace.id, set())
        return {name: name not in lacking for name in self.known()}

    def switch(self, workspace: Workspace, given: Mapping[str, Any]) -> None:
        """Switch features on and off. Raises `Fault` 400 for what is none."""
        unknown = [name for name in given if name not in self.known()]
        if unknown or not all(isinstance(on, bool) for on in given.values()):
            raise bad_request(f"Features are true or false: {', '.join(self.known())}.")
        lacking = self._lacking.setdefault(workspace.id, set())
        for name, on in given.items():
            if on:
                lacking.discard(name)
            else:
                lacking.add(name)

    def check(self, workspace: Workspace, operation: Operation) -> None:
        """Raises `Fault` 403 for an operation whose feature a workspace lacks."""
        if operation.feature in self._lacking.get(workspace.id, ()):
            raise forbidden(f"The workspace does not have the feature {operation.feature}.")

    def clear(self) -> None:
        """All features for all workspaces again."""
        self._lacking.clear()
