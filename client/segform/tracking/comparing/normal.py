"""A schema in the one form that is compared: without notes, order and other spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources.exact import dumps
from segform.tracking.rules import NOTES as SERVERS_NOTES

from .walk import NOTES

_EMPTY: dict[str, Any] = {
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "uniqueItems": False,
    "additionalProperties": True,
    "additionalItems": True,
    "items": True,
    "contains": None,
}
TRUTHS = "$truths"
_LISTS = ("allOf", "anyOf", "oneOf")
_NAMED = ("properties", "patternProperties")


# A schema that refers to itself is unrolled no further; the rest of it stays a reference.
_UNROLLED = 6


def whole(schema: Any, *, notes: bool = False) -> Any:
    """The normal form of a rule's schema, with what it refers to in place."""
    if isinstance(schema, Mapping) and _refers(schema):
        schema = _inlined(schema, schema, 0)
    found = meaning(schema, notes=notes)
    if found is True:
        return {"type": "object"}
    # A message is an object, whether its rule says so or not.
    return {"type": "object", **found} if isinstance(found, Mapping) else found


def _refers(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "$ref" in value or any(map(_refers, value.values()))
    return isinstance(value, list) and any(map(_refers, value))


def _inlined(value: Any, root: Mapping[str, Any], depth: int) -> Any:
    if isinstance(value, list):
        return [_inlined(one, root, depth) for one in value]
    if not isinstance(value, Mapping):
        return value
    target = value.get("$ref")
    if isinstance(target, str) and target.startswith("#/") and depth < _UNROLLED:
        found: Any = root
        for step in target[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, Mapping) else None
        if found is not None:
            return _inlined(found, root, depth + 1)
    return {
        key: _inlined(one, root, depth + (key == "$ref"))
        for key, one in value.items()
        if key != "definitions"
    }


def meaning(schema: Any, *, notes: bool = False) -> Any:
    """The normal form of a schema; two that are spelled differently have the same."""
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, Any] = {}
    for key, said in schema.items():
        if key in SERVERS_NOTES or (key in NOTES and not (notes and key == "description")):
            continue
        if key == "description" and said == "":
            continue
        found = _keyword(key, said, notes)
        if not _says_nothing(key, found):
            made[key] = found
    if "const" in made:
        only = made.pop("const")
        made["enum"] = [only] if "enum" not in made or only in made["enum"] else []
    if isinstance(made.get("enum"), list):
        truths = sum(isinstance(one, bool) for one in made["enum"])
        if truths:
            # Python takes 1 and true for the same, which this keeps apart.
            made[TRUTHS] = truths
    return made or True


def _keyword(key: str, said: Any, notes: bool) -> Any:
    if key == "type":
        return _types(said)
    if key == "required" and isinstance(said, list):
        return sorted({str(name) for name in said})
    if key == "enum" and isinstance(said, list):
        return sorted(said, key=_spelled)
    if key in _NAMED and isinstance(said, Mapping):
        return {name: meaning(inner, notes=notes) for name, inner in said.items()}
    if key in _LISTS and isinstance(said, list):
        several = [meaning(one, notes=notes) for one in said]
        return sorted(several, key=_spelled)
    if key == "dependencies" and isinstance(said, Mapping):
        return {
            name: sorted(map(str, one)) if isinstance(one, list) else meaning(one, notes=notes)
            for name, one in said.items()
        }
    if key == "items" and isinstance(said, list):
        return [meaning(one, notes=notes) for one in said]
    return meaning(said, notes=notes)


def _types(said: Any) -> Any:
    if not isinstance(said, list):
        return said
    found = sorted({str(one) for one in said} - ({"integer"} if "number" in said else set()))
    return found[0] if len(found) == 1 else found


def _spelled(value: Any) -> str:
    try:
        return dumps(value)
    except TypeError:
        return repr(value)


def _says_nothing(key: str, said: Any) -> bool:
    if key in ("required", "properties", "patternProperties", "dependencies", "allOf"):
        return not said
    known = _EMPTY.get(key)
    return known is not None and type(said) is type(known) and bool(said == known)
