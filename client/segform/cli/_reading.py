"""A workspace that is only read, with what the bindings know of it, if anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _place

if TYPE_CHECKING:
    from segform.workspace import Workspace


def reading(sender: Any) -> Workspace:
    """The workspace of a client, so that what is bound and not seen can be told."""
    from segform.workspace import Workspace

    try:
        return Workspace(sender, journal=False, bindings=_place.bound() or _place.bindings_file)
    except ValueError:
        # Those bindings are of another workspace: nothing is known of this one.
        return Workspace(sender, journal=False)
