"""The workspace that a token belongs to."""

from __future__ import annotations

from typing import Any

from .call import Call, Handler


def get(call: Call) -> dict[str, Any]:
    """`GET /`."""
    workspace = call.workspace
    return {"workspace": {"id": workspace.id, "slug": workspace.slug, "name": workspace.name}}


HANDLERS: dict[str, Handler] = {"getWorkspace": get}
