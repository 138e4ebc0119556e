"""The rules of a tracking plan, in whichever form a plan of either program has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import NoneType
from typing import Any

from segform.resources.exact import parsed
from segform.resources.tracking_plan import TYPES

from .model import LATER


def rules(values: Mapping[str, Any] | None) -> list[dict[str, Any]] | None:
    """The rules of a plan's values, in whichever form; None where they are not known.

    What is no rule is left out: the plan's own check has said so.
    """
    if values is None:
        return []
    by_key, by_set = values.get("rules_by_key"), values.get("rules")
    if isinstance(by_key, Mapping) and by_key:
        return rules_of(_keyed(key, one) for key, one in by_key.items())
    if isinstance(by_set, list) and by_set:
        return rules_of(by_set)
    return None if LATER in (by_key, by_set) else []


def _keyed(key: str, value: Any) -> dict[str, Any]:
    from segform.tracking.rules import parse_key

    try:
        kind, name, version = parse_key(key)
    except ValueError:
        return {}
    held = value if isinstance(value, Mapping) else {}
    return {**held, "type": kind, "key": name, "version": version}


def rules_of(given: Iterable[Any]) -> list[dict[str, Any]]:
    """Rules as the API has them; what is none is left out."""
    return [rule for one in given if isinstance(one, Mapping) if (rule := _rule(one)) is not None]


def _rule(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """A rule as the API has it; None for what is none."""
    kind, key, version = (value.get(name) for name in ("type", "key", "version"))
    if version is None or version is LATER:
        version = 1
    number = isinstance(version, (int, float, Decimal)) and not isinstance(version, bool)
    named = isinstance(kind, str) and kind in TYPES and isinstance(key, (str, NoneType))
    if not named or not number:
        return None
    schema = value.get("json_schema")
    if isinstance(schema, str):
        try:
            schema = parsed(schema)
        except ValueError:
            schema = {}
    found = schema if isinstance(schema, (Mapping, bool)) else {}
    made = {"type": kind, "version": version, "jsonSchema": found}
    return {**made, "key": key} if key else made
