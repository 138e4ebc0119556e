"""Functions, as far as public clients show them: read here, written through the Public API."""

from __future__ import annotations

from segform_emulator.errors import not_found
from segform_emulator.families.functions import PREFIXES
from segform_emulator.workspace import Object

from .context import Context
from .errors import invalid


def shown(context: Context, one: Object) -> Object:
    """A function as the Config API shows it, its code included (unknown)."""
    return {
        "id": one["id"],
        "workspace_id": context.workspace.id,
        "type": one["resourceType"],
        "display_name": one["displayName"],
        "code": one["code"],
    }


def every(context: Context) -> Object:
    """`GET workspaces/W/functions?type=…`: those of one type; 400 for none that there is."""
    wanted = context.asked("type")
    if wanted not in PREFIXES:
        raise invalid(f"type has to be one of {', '.join(PREFIXES)}")
    held = context.workspace.more["functions"].values()
    return context.page([one for one in held if one["resourceType"] == wanted], "functions", shown)


def get(context: Context) -> Object:
    """`GET workspaces/W/functions/F`."""
    wanted = context.path["function"]
    found = context.workspace.more["functions"].get(wanted)
    if found is None:
        raise not_found(f"{context.name}/functions/{wanted}")
    return shown(context, found)
