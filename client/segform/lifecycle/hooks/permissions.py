"""Permissions of users and groups, as the API shows them and as it takes them."""

from __future__ import annotations

from typing import Any

from segform.lifecycle.mapping import to_api
from segform.resources._permissions import PERMISSIONS


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """A user or group in which every resource of a permission has labels, if only none."""
    if "permissions" not in found:
        return found
    permissions = [
        {
            **one,
            "resources": [{"labels": [], **resource} for resource in one.get("resources") or ()],
        }
        for one in found["permissions"] or ()
    ]
    return {**found, "permissions": permissions}


def body(planned: Any) -> dict[str, Any]:
    """What replaces permissions: each with its resources, if only none."""
    made = to_api(PERMISSIONS, planned)
    for one in made:
        one.setdefault("resources", [])
    return {"permissions": made}
