"""GetResourceIdentitySchemas, UpgradeResourceIdentity, and the identity beside every state.

An identity is the few attributes that tell an object from all others for as long as it exists
(Terraform 1.12 and newer): its id, or what its path has. It never changes while the object lives.
Older versions of Terraform leave the field out and ignore it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources import registry
from segform.resources.definition import Resource
from segform.resources.exact import loads
from segform.resources.values import UNKNOWN
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message
from segform_provider.schema import kind_name, type_name

from .common import answer, failure

Kind = type[Resource]


def get_resource_identity_schemas(_request: Any) -> Any:
    """The identity of every kind; all of it is needed for an import."""
    schemas = {}
    for name, kind in registry().items():
        made = message("ResourceIdentitySchema")(version=0)
        for attribute in kind.about.identity:
            made.identity_attributes.add(
                name=attribute,
                type=b'"string"',
                required_for_import=True,
                description=kind.attributes[attribute].description,
            )
        schemas[type_name(name)] = made
    return answer("GetResourceIdentitySchemas", identity_schemas=schemas)


def upgrade_resource_identity(request: Any) -> Any:
    """A stored identity in today's form: there has been no other."""
    kind = registry()[kind_name(request.type_name)]
    try:
        raw = loads(request.raw_identity.json or b"{}")
    except ValueError:
        raw = {}
    found = of(kind, raw if isinstance(raw, Mapping) else {})
    if found is None:
        problem = "It lacks an attribute. Import the object anew by its id."
        told = [failure("This identity cannot be read", problem)]
        return answer("UpgradeResourceIdentity", diagnostics=told)
    return answer("UpgradeResourceIdentity", upgraded_identity=found)


def _shape(kind: Kind) -> Any:
    return ["object", dict.fromkeys(kind.about.identity, "string")]


def of(kind: Kind, values: Mapping[str, Any]) -> Any:
    """The identity of an object; None while one of its attributes is not known."""
    found = {name: values.get(name) for name in kind.about.identity}
    if any(value is None or value is UNKNOWN for value in found.values()):
        return None
    return message("ResourceIdentityData")(identity_data=codec.encode(found, _shape(kind)))


def given(kind: Kind, identity: Any) -> dict[str, Any] | None:
    """The attributes of an identity that a request brings; None where it brings none."""
    found: dict[str, Any] | None = codec.decode(identity.identity_data, _shape(kind))
    return found


def kept(identity: Any) -> Any:
    """The identity of a request for its answer; None where the request has none."""
    return identity if identity.identity_data.msgpack else None
