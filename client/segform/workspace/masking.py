"""Secrets that are parts of an attribute, as the key of a hash: masked, and never sent as masks.

Settings are masked by the API, and have `segform.lifecycle.settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.lifecycle.settings import MASK
from segform.resources.definition import STRING, Attribute, Nested

HIDDEN = MASK * 8


def masked(item: Attribute, value: Any) -> Any:
    """A value with its secret parts masked; a mask on either side of a plan means: leave it."""
    return _parts(item, value, lambda one: HIDDEN if one else one)


def without_masks(item: Attribute, value: Any) -> Any:
    """A value with its masks left out, for what is to be made."""
    return _parts(item, value, lambda one: None if MASK in one else one)


def _parts(item: Attribute, value: Any, change: Any) -> Any:
    if item.sensitive and item.type == STRING and isinstance(value, str):
        return change(value)
    if not item.hides or not isinstance(item.type, Nested):
        return value
    if isinstance(value, list):
        return [_object(item.type, one, change) for one in value]
    if item.type.mode == "map" and isinstance(value, Mapping):
        return {key: _object(item.type, one, change) for key, one in value.items()}
    return _object(item.type, value, change)


def _object(kind: Nested, value: Any, change: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    known = {one.name: one for one in kind.attributes}
    return {
        name: _parts(known[name], one, change) if name in known else one
        for name, one in value.items()
    }
