"""Resource names, and the objects that they stand for.

A source is its slug, a destination the slug of its catalogue entry, a tracking plan `rs_…` where
the Public API says `tp_…`. The Config API knows one destination of a kind below a source; of
several that the Public API made, the first has that name and the others end in their id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segform_emulator.workspace import Object, Workspace

from .errors import invalid

if TYPE_CHECKING:
    from .context import Context

_HERE, _THERE = "rs_", "tp_"


def source(workspace: Workspace, slug: str) -> Object | None:
    """The source of a slug."""
    return workspace.sources.with_slug(slug)


def destination(context: Context, source_id: str, last: str) -> Object | None:
    """The destination of a source whose name ends so."""
    mine = of_source(context.workspace, source_id)
    by_id = next((one for one in mine if one["id"] == last), None)
    found = entry(context, "destinations", last)
    if by_id is not None or found is None:
        return by_id
    return next((one for one in mine if one["metadataId"] == found["id"]), None)


def of_source(workspace: Workspace, source_id: str) -> list[Object]:
    """The destinations of a source, oldest first."""
    return [one for one in workspace.destinations.values() if one["sourceId"] == source_id]


def last_of(context: Context, one: Object) -> str:
    """What the name of a destination ends in."""
    alike = (one["sourceId"], one["metadataId"])
    for other in context.workspace.destinations.values():
        if (other["sourceId"], other["metadataId"]) == alike:
            found = context.catalog.get("destinations", one["metadataId"])
            return str(found["slug"]) if found and other is one else str(one["id"])
    return str(one["id"])


def entry(context: Context, kind: str, slug: str) -> Object | None:
    """The catalogue entry of a slug."""
    return next((one for one in context.catalog.all(kind) if one["slug"] == slug), None)


def plan(workspace: Workspace, name: str) -> str | None:
    """The id of the plan that is called so here."""
    rest = name.removeprefix(_HERE)
    if rest == name:
        return None
    return next((one for one in (_THERE + rest, rest) if one in workspace.plans), None)


def plan_last(plan_id: str) -> str:
    """What the name of a plan ends in."""
    return _HERE + plan_id.removeprefix(_THERE)


def below(name: Any, parent: str, what: str) -> str:
    """The last part of a resource name that has to be one step below its parent."""
    if not isinstance(name, str) or not name:
        raise invalid(f"{what} is required")
    last = name.removeprefix(f"{parent}/")
    if last == name or not last or "/" in last:
        raise invalid(f"{what} has to be {parent}/…")
    return last
