"""UpgradeResourceState and MoveResourceState: states of this and of the official provider.

The schema version stays 0 and the attributes are the official ones, so a state only has to be
completed (attributes that we add), cleaned of what is unknown here, and relieved of the bulk of
the catalogue, where this process is configured and knows how much of it to keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segform.resources import registry
from segform.resources._metadata import trimmed
from segform.resources.definition import Attribute, Nested, Resource
from segform.resources.exact import loads
from segform_provider.schema import kind_name

from . import identities
from .common import answer, encoded, failure


def upgrade_resource_state(request: Any) -> Any:
    """A stored state in today's form."""
    if not request.raw_state.json:
        return answer("UpgradeResourceState", diagnostics=[_too_old(request.type_name)])
    kind = registry()[kind_name(request.type_name)]
    values = upgraded(kind, loads(request.raw_state.json))
    session = _session()
    if session:
        # Without a refresh, and in an apply, nothing else says which objects are this state's.
        session.life.meet(kind, values)
    return answer("UpgradeResourceState", upgraded_state=encoded(values, kind))


def move_resource_state(request: Any) -> Any:
    """A `moved` block from the same type of a Segment provider; other types are refused."""
    same = request.source_type_name == request.target_type_name
    if not same or not request.source_provider_address.endswith("/segment"):
        return answer(
            "MoveResourceState",
            diagnostics=[
                failure(
                    "This move is not possible",
                    f"A {request.source_type_name} of {request.source_provider_address} cannot "
                    f"become a {request.target_type_name}. Only the same type of a Segment "
                    "provider can be moved; remove the block and import the object instead.",
                )
            ],
        )
    kind = registry()[kind_name(request.target_type_name)]
    values = upgraded(kind, loads(request.source_state.json))
    return answer(
        "MoveResourceState",
        target_state=encoded(values, kind),
        target_private=request.source_private,
        target_identity=identities.of(kind, values),
    )


def _too_old(type_name: str) -> Any:
    return failure(
        "This state is too old",
        f"The state of {type_name} was written by Terraform 0.11 or older. Run `terraform apply` "
        "with a Terraform between 0.12 and 1.x and the official provider first.",
    )


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
    return {item.name: _value(item, raw.get(item.name)) for item in items}


def _value(item: Attribute, raw: Any) -> Any:
    kind = item.type
    if raw is None or not isinstance(kind, Nested):
        return raw
    if kind.mode == "object":
        return _object(kind.attributes, raw)
    if kind.mode == "map":
        return {key: _object(kind.attributes, element) for key, element in raw.items()}
    return [_object(kind.attributes, element) for element in raw]
