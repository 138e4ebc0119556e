"""What a destination filter makes of an event: the four actions, in order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import FQLError
from .evaluation import compile_statement
from .values import json_text

_ACTIONS = ("DROP", "SAMPLE", "DROP_PROPERTIES", "ALLOW_PROPERTIES")


def apply_filter(
    filter: Mapping[str, Any],  # noqa: A002 - the API's word
    event: Mapping[str, Any],
    *,
    draw: Callable[[], float] = random.random,
) -> dict[str, Any] | None:
    """The event after a filter, None if it is dropped. The event that is given stays as it is.

    `filter` as in the API: `if` (FQL), `actions` (a list; `fields` maps the path of an object, ""
    for the event itself, to a list of its keys; `percent` 0 to 1, the share that is kept), and
    `enabled`, taken for true when it is missing. `draw` gives a number from 0 to 1 for SAMPLE
    without `path`; with a path the field's value decides, always the same way.

    Objects that change are new ones, all others are shared with the given event. Raises
    FQLSyntaxError or FQLError for an invalid filter. The service itself drops the event then.
    """
    found = dict(event)
    if filter.get("enabled") is False or not compile_statement(filter["if"])(found):
        return found
    for action in filter["actions"]:
        kind = action.get("type")
        if kind == "DROP":
            return None
        if kind == "SAMPLE":
            if not kept(action.get("percent"), action.get("path"), found, draw):
                return None
        elif kind in ("DROP_PROPERTIES", "ALLOW_PROPERTIES"):
            found = _cut(found, action, kind == "ALLOW_PROPERTIES")
        else:
            raise FQLError(f"there is no action {kind!r}", f"There are: {', '.join(_ACTIONS)}")
    return found


def kept(
    percent: Any, path: str | None, event: Mapping[str, Any], draw: Callable[[], float]
) -> bool:
    """Whether a sample of a share of all events has this one in it."""
    if percent is None or isinstance(percent, (bool, str)):
        raise FQLError("SAMPLE needs `percent`", "Give a number from 0 to 1")
    share = float(percent)
    if not 0 < share < 1:
        return share >= 1
    return (fraction(event, path) if path else draw()) < share


def fraction(event: Mapping[str, Any], path: str) -> float:
    """The number from 0 to 1 that the value of a field stands for, evenly spread over values."""
    from hashlib import md5

    value: Any = event
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    text = json_text(value).encode("utf-8", "surrogatepass")
    first = md5(text, usedforsecurity=False).digest()[:8]
    return int.from_bytes(first, "big") / 2**64


def _cut(event: dict[str, Any], action: Mapping[str, Any], allow: bool) -> dict[str, Any]:
    fields = action.get("fields")
    if not isinstance(fields, Mapping):
        raise FQLError(
            f"{action['type']} needs `fields`",
            'Give a map of objects to their keys: {"properties": ["email"]}',
        )
    found: Any = event
    for path, keys in fields.items():
        if isinstance(keys, str) or not isinstance(keys, Sequence):
            raise FQLError(f"`fields` has no list of keys for {path!r}", 'Write ["key"]')
        found = _at(found, path.split(".") if path else [], frozenset(keys), allow)
    return dict(found)


def _at(value: Any, path: Sequence[str], keys: frozenset[str], allow: bool) -> Any:
    """A value with the object, or the objects of the list, at the end of a path cut."""
    # Down and up again without recursion: a path may have any number of keys.
    parents: list[dict[str, Any]] = []
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return parents[0] if parents else value
        parents.append(value)
        value = value[key]
    if isinstance(value, list):
        value = [_one(item, keys, allow) for item in value]
    elif isinstance(value, dict):
        value = _one(value, keys, allow)
    for parent, key in zip(reversed(parents), reversed(path), strict=True):
        value = {**parent, key: value}
    return value


def _one(item: Any, keys: frozenset[str], allow: bool) -> Any:
    if isinstance(item, dict):
        return {key: value for key, value in item.items() if (key in keys) is allow}
    if isinstance(item, list):
        # A list in a list is taken for an object whose keys are its places; holes are null.
        return [
            value if (str(place) in keys) is allow else None for place, value in enumerate(item)
        ]
    return item
