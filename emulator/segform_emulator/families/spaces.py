"""Spaces: the service has no request that makes one, so the control plane does.

`POST /_emulator/spaces` with `{"name": …, "slug": …, "id": …}`; a snapshot and a seed
have them too.
"""

from __future__ import annotations

from typing import Any

from segform_emulator.errors import bad_request, conflict
from segform_emulator.ids import Maker, slugified
from segform_emulator.workspace import Object, Workspace

from .call import Call, Handler


def make_space(workspace: Workspace, given: Object, make: Maker) -> Object:
    """A new space. Raises `Fault` 400 without a name, 409 for a slug or an id that is taken."""
    name, own = given.get("name"), given.get("id")
    slug = given.get("slug") or slugified(str(name))
    if not isinstance(name, str) or not name.strip() or not isinstance(slug, str):
        raise bad_request("name and slug of a space are texts, and its name is not empty.")
    held = workspace.more["spaces"]
    if any(one["slug"] == slug for one in held.values()):
        raise conflict(f"A space with the slug {slug!r} already exists.")
    if own is not None and (not isinstance(own, str) or not own):
        raise bad_request("The id of a space is a text that is not empty.")
    if own in held:
        raise conflict(f"A space with the id {own!r} already exists.")
    made: Object = {"id": own or f"spa_{make.base58()}", "slug": slug, "name": name}
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
