"""From definitions to what Terraform is told of them: types, attributes, whole schemas.

`cty` gives the type of a value on the wire (JSON-like types are strings there), `block` the
attributes of a resource or data source as Terraform's schema has them, in plain Python; the RPCs
turn that into messages.
"""

from __future__ import annotations

import json
from typing import Any

from segform.resources import data_sources, registry
from segform.resources.definition import Attribute, DataSource, Items, Nested, Resource, Type

TYPE = "segment"

_SCALARS = {"string": "string", "bool": "bool", "number": "number"}
_NESTING = {"object": 1, "list": 2, "set": 3, "map": 4}
_MARKDOWN = 1
_TYPES: dict[type, Any] = {}


def cty(kind: Type) -> Any:
    """The type of an attribute's value, as cty writes types in JSON."""
    if isinstance(kind, Items):
        return [kind.mode, _SCALARS.get(kind.element, "string")]
    if isinstance(kind, Nested):
        element = ["object", {item.name: cty(item.type) for item in kind.attributes}]
        return element if kind.mode == "object" else [kind.mode, element]
    return _SCALARS.get(kind, "string")


def object_type(definition: type[Resource] | type[DataSource]) -> Any:
    """The type of a whole resource or data source."""
    found = _TYPES.get(definition)
    if found is None:
        found = ["object", {name: cty(item.type) for name, item in definition.attributes.items()}]
        _TYPES[definition] = found
    return found


def attribute(item: Attribute) -> dict[str, Any]:
    """One attribute of a schema."""
    made: dict[str, Any] = {
        "name": item.name,
        "description": described(item),
        "description_kind": _MARKDOWN,
        "required": item.required,
        "optional": item.optional,
        "computed": item.computed,
        "sensitive": item.sensitive,
        "write_only": item.write_only,
    }
    if isinstance(item.type, Nested):
        made["nested_type"] = {
            "attributes": [attribute(inner) for inner in item.type.attributes],
            "nesting": _NESTING[item.type.mode],
        }
    else:
        made["type"] = json.dumps(cty(item.type)).encode()
    return made


def described(item: Attribute) -> str:
    """The attribute's description, with the limits that its definition names."""
    notes = []
    if item.one_of:
        notes.append(f"One of {', '.join(item.one_of)}.")
    if item.max_length:
        notes.append(f"At most {item.max_length} characters.")
    if item.replace:
        notes.append("Changing it makes a new object.")
    return " ".join([item.description, *notes])


def block(definition: type[Resource] | type[DataSource]) -> dict[str, Any]:
    """The schema of one resource or data source; the version is 0, as the official one's is."""
    return {
        "version": 0,
        "block": {
            "attributes": [attribute(item) for item in definition.attributes.values()],
            "description": definition.about.summary,
            "description_kind": _MARKDOWN,
        },
    }


def resource_schemas() -> dict[str, dict[str, Any]]:
    """Schemas of all resources, by type name (`segment_source`)."""
    return {type_name(name): block(kind) for name, kind in registry().items()}


def data_source_schemas() -> dict[str, dict[str, Any]]:
    """Schemas of all data sources, by type name."""
    return {type_name(name): block(kind) for name, kind in data_sources().items()}


def type_name(name: str) -> str:
    """A kind's name as Terraform's type."""
    return f"{TYPE}_{name}"


def kind_name(type_name_: str) -> str:
    """Terraform's type as a kind's name."""
    return type_name_.removeprefix(f"{TYPE}_")
