"""Between an attribute's value and the API's JSON: bodies of requests, objects of answers.

A definition says where each attribute lives (`wire`, else its name in camelCase) and in which
bodies it goes; this module does the translation for all kinds. JSON-like attributes are text on
our side and values on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from segform.resources.definition import (
    JSON,
    NUMBER,
    RULE_SCHEMA,
    SETTINGS,
    Attribute,
    Items,
    Nested,
    Type,
    camel,
)
from segform.resources.exact import dumps, parsed
from segform.resources.values import UNKNOWN

if TYPE_CHECKING:
    from .run import Run

_JSON_LIKE = (JSON, SETTINGS, RULE_SCHEMA)


def wire_name(item: Attribute) -> str:
    """The attribute's key in the API's objects."""
    return item.wire or camel(item.name)


def to_api(kind: Type, value: Any) -> Any:
    """An attribute's value as the API takes it; nulls inside objects are left out.

    An unknown value stays one, by itself or as an element: whoever looks at a body before apply
    sees it.
    """
    if value is None or value is UNKNOWN:
        return value
    if isinstance(kind, Items):
        if kind.mode == "map":
            return {key: to_api(kind.element, item) for key, item in value.items()}
        return [to_api(kind.element, item) for item in value]
    if isinstance(kind, Nested):
        if kind.mode == "object":
            return _object_to_api(kind, value)
        if kind.mode == "map":
            return {key: _object_to_api(kind, item) for key, item in value.items()}
        return [_object_to_api(kind, item) for item in value]
    if kind in _JSON_LIKE and isinstance(value, str):
        return parsed(value)
    if kind == NUMBER and isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _object_to_api(kind: Nested, value: Any) -> Any:
    if value is None or value is UNKNOWN:
        return value
    body = {}
    for item in kind.attributes:
        given = value.get(item.name)
        if given is not None and given is not UNKNOWN:
            body[wire_name(item)] = to_api(item.type, given)
    return body


def from_api(kind: Type, value: Any) -> Any:
    """The API's value as an attribute's; what the answer lacks is null."""
    if value is None:
        return None
    if isinstance(kind, Nested):
        if kind.mode == "object":
            return _object_from_api(kind, value)
        if kind.mode == "map":
            return {key: _object_from_api(kind, item) for key, item in value.items()}
        return [_object_from_api(kind, item) for item in value]
    if isinstance(kind, Items):
        if kind.mode == "map":
            return {key: from_api(kind.element, item) for key, item in value.items()}
        return [from_api(kind.element, item) for item in value]
    if kind in _JSON_LIKE:
        return dumps(value)
    if kind == NUMBER:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    if kind == "string" and not isinstance(value, str):
        # The service widens types now and then (a number where the contract says string).
        return dumps(value)
    return value


def _object_from_api(kind: Nested, value: Any) -> Any:
    return {item.name: from_api(item.type, value.get(wire_name(item))) for item in kind.attributes}


def create_body(
    attributes: Mapping[str, Attribute], values: Mapping[str, Any], extra: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of a create: what is given and known, and the kind's `extra_create`."""
    body: dict[str, Any] = {}
    for item in attributes.values():
        value = values.get(item.name)
        if item.create and value is not None and value is not UNKNOWN:
            put(body, item, value)
    body.update(extra)
    return body


def update_body(
    attributes: Mapping[str, Attribute], prior: Mapping[str, Any], planned: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of an update: what differs, SETTINGS left out (they are merged, not replaced)."""
    body: dict[str, Any] = {}
    for item in attributes.values():
        value = planned.get(item.name)
        if not item.update or item.type == SETTINGS or value is UNKNOWN:
            continue
        if value == prior.get(item.name):
            continue
        if value is not None:
            put(body, item, value)
        elif item.clear == "null":
            body[wire_name(item)] = None
        elif item.clear == "empty":
            body[wire_name(item)] = ""
        elif item.clear is not None:
            body[wire_name(item)] = dict(item.clear)
    return body


def put(body: dict[str, Any], item: Attribute, value: Any) -> None:
    """Write one attribute into a body; a `flat` one goes by the id of its object."""
    if item.flat:
        body[camel(item.flat)] = value["id"]
    else:
        body[wire_name(item)] = to_api(item.type, value)


def secrets_of(run: Run) -> dict[str, dict[str, Any]]:
    """The write-only entries of the configuration, by the key of the body that they go into."""
    found: dict[str, dict[str, Any]] = {}
    for name, item in run.kind.attributes.items():
        given = run.config.get(name)
        if item.into and isinstance(given, dict):
            entries = {key: value for key, value in given.items() if value is not None}
            found.setdefault(wire_name(run.kind.attributes[item.into]), {}).update(entries)
    return found


def secrets_changed(run: Run) -> bool:
    """Whether the version beside the write-only entries differs from the state's."""
    return any(
        run.adopted
        or run.planned_value(f"{name}_version") != (run.prior or {}).get(f"{name}_version")
        for name, item in run.kind.attributes.items()
        if item.into
    )
