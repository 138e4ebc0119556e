"""What a snapshot says of itself, and where it has the objects of each kind.

Most kinds have a list of their own, their family. A link is no object by itself: the snapshot has
the id of the one object in a list of the other (`sourceIds` of a plan), and what else a link says
lies in the object that it is about (`schemaSettings` of a source). Which attributes those are is in
the definition: `Kind.links`, `Attribute.lies_in`.
"""

from __future__ import annotations

from typing import NamedTuple

from segform.lifecycle.mapping import wire_name
from segform.resources import registry
from segform.resources.definition import Attribute, Resource

FORMAT, VERSION = "segform.snapshot", 1

FAMILIES = {name: kind.about.family for name, kind in registry().items() if kind.about.family}


class Place(NamedTuple):
    """An attribute that names another object, and where the snapshot has that."""

    attribute: str
    wire: str
    kind: str
    family: str


class Link(NamedTuple):
    """How a snapshot has a link: the id of `member` in the list `ids` of `owner`.

    `parts`: the attributes that lie in another object, each with the place of that.
    """

    member: Place
    owner: Place
    ids: str
    parts: tuple[tuple[Attribute, Place], ...]


def _place(kind: type[Resource], name: str) -> Place:
    item = kind.attributes[name]
    referred = item.reference or ""
    return Place(name, wire_name(item), referred, FAMILIES[referred])


def _link(kind: type[Resource]) -> Link:
    member, owner = (_place(kind, name) for name in kind.about.links)
    parts = [(one, _place(kind, one.lies_in)) for one in kind.attributes.values() if one.lies_in]
    return Link(member, owner, f"{member.wire}s", tuple(parts))


LINKS = {name: _link(kind) for name, kind in registry().items() if kind.about.links}
