"""Spaces: the service has no request that makes one, so the control plane does.

`POST /_emulator/spaces` with `{"name": …, "slug": …}`; a snapshot and a seed have them too.
"""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, conflict
from segform_emulator.ids import Maker, slugified
from segform_emulator.workspace import Object, Workspace

from .call import Call, Handler


def make_space(workspace: Workspace, given: Object, make: Maker) -> Object:
    """A new space. Raises `Fault` 400 for one without a name, 409 for a slug that is taken."""
    name = given.get("name")
    slug = given.get("slug") or slugified(str(name))
    if not isinstance(name, str) or not name.strip() or not isinstance(slug, str):
        raise bad_request("name and slug of a space are texts, and its name is not empty.")
    held = workspace.more["spaces"]
    if any(one["slug"] == slug for one in held.values()):
        raise conflict(f"A space with the slug {slug!r} already exists.")
    made: Object = {"id": f"spa_{make.base58()}", "slug": slug, "name": name}
    held[made["id"]] = made
    return made


def space_of(call: Call) -> Object:
    """The space of a path, or `Fault` 404."""
    return call.workspace.one("spaces", call.path["spaceId"], "The space")


def every(call: Call) -> dict[str, Any]:
    """`GET /spaces`."""
    return call.page(list(call.workspace.more["spaces"].values()), "spaces")


def get(call: Call) -> dict[str, Any]:
    """`GET /spaces/{spaceId}`."""
    return {"space": space_of(call)}


HANDLERS: dict[str, Handler] = {"listSpaces": every, "getSpace": get}
