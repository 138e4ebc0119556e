"""UpgradeResourceState and MoveResourceState: states of this and of the official provider.

The schema version stays 0 and the attributes are the official ones, so a state only has to be
completed (attributes that we add), cleaned of what is unknown here, and relieved of the bulk of
the catalogue, where this process is configured and knows how much of it to keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from segform.resources import registry
from segform.resources._metadata import trimmed
from segform.resources.definition import Attribute, Items, Nested, Resource
from segform.resources.exact import loads
from segform_provider.schema import kind_name

from . import identities
from .common import answer, encoded, failure

# Addresses that end so: the official provider, wherever its registry is, and ours.
_MOVABLE = ("/segmentio/segment", "/segform/segment")
# What taking apart and encoding a value of another type ends with.
_UNFIT = (ValueError, TypeError, AttributeError, KeyError)
_SCALARS: dict[str, Any] = {"bool": bool, "number": (int, Decimal)}


def upgrade_resource_state(request: Any) -> Any:
    """A stored state in today's form."""
    if not request.raw_state.json:
        return answer("UpgradeResourceState", diagnostics=[_too_old(request.type_name)])
    kind = registry()[kind_name(request.type_name)]
    try:
        values = upgraded(kind, loads(request.raw_state.json))
        state = encoded(values, kind)
    except _UNFIT:
        problem = _unreadable(kind, request.type_name, request.raw_state.json)
        return answer("UpgradeResourceState", diagnostics=[problem])
    session = _session()
    if session:
        # Without a refresh, and in an apply, nothing else says which objects are this state's.
        session.life.meet(kind, values)
    return answer("UpgradeResourceState", upgraded_state=state)


def move_resource_state(request: Any) -> Any:
    """A `moved` block from the same type of the official provider, or of ours; else refused."""
    same = request.source_type_name == request.target_type_name
    # Others call themselves `…/segment` as well, and mean something else by the same types.
    if not same or not request.source_provider_address.endswith(_MOVABLE):
        return answer(
            "MoveResourceState",
            diagnostics=[
                failure(
                    "This move is not possible",
                    f"A {request.source_type_name} of {request.source_provider_address} cannot "
                    f"become a {request.target_type_name}. Only the same type of "
                    "segmentio/segment can be moved; remove the block and import the object "
                    "instead.",
                )
            ],
        )
    kind = registry()[kind_name(request.target_type_name)]
    raw = request.source_state.json
    try:
        values = upgraded(kind, loads(raw))
        state, identity = encoded(values, kind), identities.of(kind, values)
    except _UNFIT:
        identity = None
    if identity is None:
        problem = _unreadable(kind, request.source_type_name, raw)
        return answer("MoveResourceState", diagnostics=[problem])
    return answer(
        "MoveResourceState",
        target_state=state,
        target_private=request.source_private,
        target_identity=identity,
    )


def _too_old(type_name: str) -> Any:
    return failure(
        "This state is too old",
        f"The state of {type_name} was written by Terraform 0.11 or older. Run `terraform apply` "
        "with a Terraform between 0.12 and 1.x and the official provider first.",
    )


def _unreadable(kind: type[Resource], type_name: str, raw: bytes) -> Any:
    try:
        stored = loads(raw)
        where = next(_misfits(kind.attributes.values(), stored, ()), ())
        words = ".".join(map(str, where))
        told = f"`{words}` is not of the type that it has there" if words else "it is no object"
        if isinstance(stored, Mapping) and not words:
            told = "it lacks what tells the object from others"
    except ValueError:
        told = "it is not valid JSON"
    return failure(
        "This state cannot be read",
        f"The state of a {type_name} does not have the form of the official provider or of this "
        f"one: {told}. Take the state from a backup, or remove the object from it (`terraform "
        "state rm`) and import it.",
    )


def _misfits(items: Iterable[Attribute], raw: Any, path: tuple[Any, ...]) -> Iterator[Any]:
    """The paths of what is not of its attribute's type."""
    if not isinstance(raw, Mapping):
        yield path
        return
    for item in items:
        value, kind, here = raw.get(item.name), item.type, (*path, item.name)
        if value is None:
            continue
        if not isinstance(kind, (Nested, Items)):
            wanted = _SCALARS.get(str(kind), str)
            if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
                yield here
        elif kind.mode == "object" and isinstance(kind, Nested):
            yield from _misfits(kind.attributes, value, here)
        elif not isinstance(value, Mapping if kind.mode == "map" else list):
            yield here
        elif isinstance(kind, Nested):
            pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, element in pairs:
                yield from _misfits(kind.attributes, element, (*here, key))


def upgraded(kind: type[Resource], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a stored state, completed and trimmed."""
    values = _object(kind.attributes.values(), raw)
    for name, item in kind.attributes.items():
        if values[name] is None:
            values[name] = item.empty
        if item.flat:
            values[name] = trimmed(values[name], _keep())
    return values


def _session() -> Any:
    """The session of this process, where it is configured; the module is not loaded for that."""
    import sys

    module = sys.modules.get("segform_provider.session")
    return module.Current.session if module else None


def _keep() -> str:
    """How much of the catalogue stays: all of it where nobody has said yet."""
    session = _session()
    return session.catalog_in_state if session else "full"


def _object(items: Iterable[Attribute], raw: Mapping[str, Any]) -> dict[str, Any]:
    get = raw.get
    return {
        item.name: _nested(item.type, get(item.name))
        if isinstance(item.type, Nested)
        else get(item.name)
        for item in items
    }


def _nested(kind: Nested, raw: Any) -> Any:
    if raw is None:
        return raw
    if kind.mode == "object":
        return _object(kind.attributes, raw)
    if kind.mode == "map":
        return {key: _object(kind.attributes, element) for key, element in raw.items()}
    return [_object(kind.attributes, element) for element in raw]
