"""What a transformation makes of an event: rename, set, compute, allow, hash, or drop.

What the documentation leaves open is taken so. The changes are made in the order of this sentence.
A property's path may begin with `properties`, `traits` or `context`; one that begins otherwise is
below the properties (the traits of identify and group calls) where names are changed, allowed or
hashed, and as it stands where values are set. A renamed property takes the place of one that is
there. What does not exist is neither renamed nor hashed. Only objects of which the list of allowed
properties names something are thinned out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .errors import FQLError
from .evaluation import compile_statement, value
from .lexer import segments
from .parser import statement
from .syntax import Everything
from .values import json_text

_HOLDERS = ("properties", "traits", "context")
_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_Keys = tuple[str, ...]


def apply_transformation(
    transformation: Mapping[str, Any], event: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The event after a transformation as the API has it, None if it is dropped.

    The event that is given stays as it is; what changes is copied, all else is shared. Raises
    FQLSyntaxError or FQLError for a transformation that cannot be carried out.
    """
    found = dict(event)
    if transformation.get("enabled") is False:
        return found
    if not compile_statement(transformation["if"])(found):
        return found
    if transformation.get("drop"):
        return None
    holder = "traits" if event.get("type") in ("identify", "group") else "properties"
    name = transformation.get("newEventName")
    if name and event.get("type", "track") == "track":
        found["event"] = name
    for one in transformation.get("propertyRenames") or ():
        found = _renamed(found, _below(one["oldName"], holder), _below(one["newName"], holder))
    for one in transformation.get("propertyValueTransformations") or ():
        for path in one["propertyPaths"]:
            found = put(found, _keys(path), one["propertyValue"])
    for one in transformation.get("fqlDefinedProperties") or ():
        found = put(found, _keys(one["propertyName"]), evaluated(one["fql"], found))
    allowed = transformation.get("allowProperties")
    if allowed:
        found = _allowed(found, [_below(path, holder) for path in allowed])
    hashing = transformation.get("hashPropertiesConfiguration")
    if hashing:
        found = _hashed(found, hashing, holder)
    return found


def evaluated(source: Any, event: Mapping[str, Any]) -> Any:
    """The value of an FQL expression for an event: a text, a number, a list, true, false, null."""
    tree = statement(source)
    if isinstance(tree, Everything):
        return True
    found = value(tree)(event)
    return list(found) if isinstance(found, (list, tuple)) else found


def _keys(path: str) -> _Keys:
    keys = segments(path)
    if not all(keys) or not keys:
        raise FQLError(f"{path!r} is no path of a property", "Write properties.name")
    return keys


def _below(path: str, holder: str) -> _Keys:
    keys = _keys(path)
    return keys if keys[0] in _HOLDERS and len(keys) > 1 else (holder, *keys)


def _renamed(event: dict[str, Any], old: _Keys, new: _Keys) -> dict[str, Any]:
    moved = at(event, old)
    if moved is NOTHING or old == new:
        return event
    return put(_without(event, old), new, moved)


# What `at` gives where there is nothing.
NOTHING = object()


def at(event: Any, keys: _Keys) -> Any:
    """The value at the end of some keys, `NOTHING` where there is none."""
    for key in keys:
        if not isinstance(event, Mapping) or key not in event:
            return NOTHING
        event = event[key]
    return event


def put(event: dict[str, Any], keys: _Keys, new: Any) -> dict[str, Any]:
    """A copy with a value at the end of some keys; objects on the way are made."""
    top = dict(event)
    holder = top
    for key in keys[:-1]:
        inner = holder.get(key)
        holder[key] = dict(inner) if isinstance(inner, Mapping) else {}
        holder = holder[key]
    holder[keys[-1]] = new
    return top


def _without(event: dict[str, Any], keys: _Keys) -> dict[str, Any]:
    top = dict(event)
    holder = top
    for key in keys[:-1]:
        holder[key] = dict(holder[key])
        holder = holder[key]
    del holder[keys[-1]]
    return top


def _allowed(event: dict[str, Any], paths: list[_Keys]) -> dict[str, Any]:
    found = {**event, **{path[0]: {} for path in paths if isinstance(event.get(path[0]), Mapping)}}
    for path in paths:
        kept = at(event, path)
        if kept is not NOTHING:
            found = put(found, path, kept)
    return found


def _hashed(event: dict[str, Any], hashing: Mapping[str, Any], holder: str) -> dict[str, Any]:
    digest = _digest(hashing)
    for path in hashing["paths"]:
        keys = _below(path, holder)
        found = at(event, keys)
        if found is NOTHING or found is None:
            continue
        event = put(event, keys, digest(found if isinstance(found, str) else json_text(found)))
    return event


def _digest(hashing: Mapping[str, Any]) -> Callable[[str], str]:
    """The function that hashes a text as configured: plain, or keyed (HMAC) with a `key`."""
    import hashlib
    import hmac
    from base64 import b64encode, urlsafe_b64encode

    name = str(hashing["algorithm"]).lower().replace("-", "").replace("_", "").replace("hmac", "")
    if name not in _ALGORITHMS:
        known = ", ".join(_ALGORITHMS)
        raise FQLError(f"there is no algorithm {hashing['algorithm']!r}", f"Known here: {known}")
    writers: dict[str, Callable[[bytes], str]] = {
        "HEX": bytes.hex,
        "BASE16": lambda raw: raw.hex().upper(),
        "BASE64": lambda raw: b64encode(raw).decode(),
        "BASE64URL": lambda raw: urlsafe_b64encode(raw).decode(),
    }
    written = writers.get(str(hashing.get("encoding") or "HEX"))
    if written is None:
        known = ", ".join(writers)
        raise FQLError(f"there is no encoding {hashing['encoding']!r}", f"There are: {known}")
    key = hashing.get("key")

    def digest(text: str) -> str:
        raw = text.encode("utf-8", "surrogatepass")
        if key:
            secret = str(key).encode("utf-8", "surrogatepass")
            return written(hmac.digest(secret, raw, name))
        return written(hashlib.new(name, raw, usedforsecurity=False).digest())

    return digest


def changes(transformation: Mapping[str, Any]) -> Iterable[str]:
    """What a transformation does, a few words for each thing that it has."""
    if transformation.get("drop"):
        yield "drops the event"
        return
    if transformation.get("newEventName"):
        yield f"calls it “{transformation['newEventName']}”"
    for one in transformation.get("propertyRenames") or ():
        yield f"renames “{one['oldName']}” to “{one['newName']}”"
    for one in transformation.get("propertyValueTransformations") or ():
        yield f"sets {_quoted(one['propertyPaths'])} to “{one['propertyValue']}”"
    for one in transformation.get("fqlDefinedProperties") or ():
        yield f"sets “{one['propertyName']}” to {one['fql']}"
    if transformation.get("allowProperties"):
        yield f"keeps only {_quoted(transformation['allowProperties'])}"
    hashing = transformation.get("hashPropertiesConfiguration")
    if hashing:
        yield f"hashes {_quoted(hashing['paths'])} by {hashing['algorithm']}"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join([f"“{name}”" for name in names])
