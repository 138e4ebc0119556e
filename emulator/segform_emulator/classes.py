"""The catalogue as one workspace sees it: with its own source and destination functions.

A destination of a destination function is made with the function's `catalogId` as its metadata id
(seen in the reports about the official provider); sources likewise (inferred). Functions are in no
list of the catalogue (unknown).
"""

from __future__ import annotations

from typing import Any

from .catalog import Catalog, completed
from .ids import slugified
from .workspace import Object, Workspace

_KINDS = {"sources": "SOURCE", "destinations": "DESTINATION"}
_TYPES = {"ARRAY": "array", "BOOLEAN": "boolean", "STRING": "string", "TEXT_MAP": "map"}


class OwnCatalog(Catalog):
    """A catalogue and a workspace's functions."""

    def __init__(self, shared: Catalog, workspace: Workspace) -> None:
        self.entries = shared.entries
        self._functions = workspace.more["functions"]

    def get(self, kind: str, entry_id: str) -> Object | None:
        """One entry, or None."""
        return super().get(kind, entry_id) or self._function(kind, entry_id)

    def _function(self, kind: str, entry_id: str) -> Object | None:
        for function in self._functions.values():
            if function.get("catalogId") == entry_id and function["resourceType"] == _KINDS[kind]:
                return _entry(kind, function)
        return None


def _entry(kind: str, function: Object) -> Object:
    name = str(function.get("displayName", function["id"]))
    return completed(
        kind,
        {
            "id": function["catalogId"],
            "name": name,
            "slug": slugified(name),
            "description": function.get("description", ""),
            "options": [_option(one) for one in function.get("settings", ())],
            "categories": ["Functions"],
            "status": "PRIVATE_BUILDING",
            "supportedFeatures": {"cloudModeInstances": "MULTIPLE"},
        },
    )


def _option(setting: dict[str, Any]) -> Object:
    """A setting of a function as an option: sensitive ones are passwords, and masked as such."""
    return {
        "name": setting["name"],
        "type": "password" if setting["sensitive"] else _TYPES[setting["type"]],
        "required": setting["required"],
        "description": setting["description"],
        "label": setting["label"],
    }
