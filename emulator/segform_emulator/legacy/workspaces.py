"""The workspace of the token."""

from __future__ import annotations

from segform_emulator.workspace import Object

from .context import NO_TIME, Context


def shown(context: Context, _one: Object | None = None) -> Object:
    """The workspace as the Config API shows it."""
    workspace = context.workspace
    return {
        "name": context.name,
        "display_name": workspace.name,
        "id": workspace.id,
        "create_time": NO_TIME,
    }


def every(context: Context) -> Object:
    """`GET workspaces`: the one that the token opens, none for a token of the EU."""
    here = [shown(context)] if context.workspace.region == "us" else []
    return {"workspaces": here, "next_page_token": ""}


def get(context: Context) -> Object:
    """`GET workspaces/W`."""
    return shown(context)
