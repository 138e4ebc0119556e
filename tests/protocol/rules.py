"""Terraform core's rules on values: what it proposes, which plans it takes, which results.

Written from what core does, on plain values and the schema that the provider gives: so that a plan
which the real Terraform would refuse is refused here, in microseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from segform.resources.values import UNKNOWN
from segform_provider.protocol.codec import packed

SINGLE, LIST, SET, MAP = 1, 2, 3, 4
Attributes = Any  # the `attributes` of a schema message


def type_of(attribute: Any) -> Any:
    """The type of an attribute, as cty writes it."""
    if not attribute.HasField("nested_type"):
        return json.loads(attribute.type)
    inner = ["object", {x.name: type_of(x) for x in attribute.nested_type.attributes}]
    nesting = attribute.nested_type.nesting
    return inner if nesting == SINGLE else [{LIST: "list", SET: "set", MAP: "map"}[nesting], inner]


def object_type(attributes: Attributes) -> Any:
    """The type of a whole object."""
    return ["object", {x.name: type_of(x) for x in attributes}]


def same(attribute: Any, a: Any, b: Any) -> bool:
    """Equal to the last byte, sets without order."""
    return packed(a, type_of(attribute)) == packed(b, type_of(attribute))


def proposed(attributes: Attributes, prior: Mapping[str, Any] | None, config: Any) -> Any:
    """The new state that core proposes: the configuration, completed by the prior state."""
    if config is None or config is UNKNOWN:
        return config
    before = prior or {}
    return {x.name: _proposed(x, before.get(x.name), config.get(x.name)) for x in attributes}


def _proposed(attribute: Any, prior: Any, config: Any) -> Any:
    if attribute.write_only:
        return None
    if config is None and attribute.computed:
        return prior
    if config is None or config is UNKNOWN or not attribute.HasField("nested_type"):
        return config
    inner = attribute.nested_type.attributes
    nesting = attribute.nested_type.nesting
    if nesting == SINGLE:
        return proposed(inner, prior, config)
    if nesting == MAP:
        return {k: proposed(inner, (prior or {}).get(k), v) for k, v in config.items()}
    if nesting == LIST:
        before = [*(prior or []), *([None] * len(config))]
        return [proposed(inner, before[i], v) for i, v in enumerate(config)]
    # Elements of sets have no identity for core; without computed members they stay as they are.
    return config


def invalid_plan(
    attributes: Attributes, prior: Any, config: Any, planned: Any, at: str = ""
) -> Iterator[str]:
    """Why core would call a plan invalid."""
    if planned is None or config is None or config is UNKNOWN:
        return
    for x in attributes:
        before = None if prior is None else prior.get(x.name)
        yield from _invalid(x, before, config.get(x.name), planned.get(x.name), f"{at}.{x.name}")


def _invalid(x: Any, prior: Any, config: Any, planned: Any, at: str) -> Iterator[str]:
    if x.write_only:
        if planned is not None:
            yield f"{at}: a write-only value is planned"
        return
    if same(x, planned, config):
        return
    if config is None and x.computed:
        return
    if prior is not None and config is not None and same(x, planned, prior):
        return
    if x.HasField("nested_type") and config is not None and planned is not None:
        if config is UNKNOWN or planned is UNKNOWN:
            yield f"{at}: planned {planned!r} for {config!r}"
            return
        yield from _invalid_nested(x, prior, config, planned, at)
        return
    yield f"{at}: planned {planned!r} for {config!r}, prior {prior!r}"


def _invalid_nested(x: Any, prior: Any, config: Any, planned: Any, at: str) -> Iterator[str]:
    inner, nesting = x.nested_type.attributes, x.nested_type.nesting
    if nesting == SINGLE:
        yield from invalid_plan(inner, prior, config, planned, at)
    elif nesting == MAP:
        if planned.keys() != config.keys():
            yield f"{at}: planned keys {sorted(planned)} for {sorted(config)}"
            return
        for key, value in config.items():
            before = (prior or {}).get(key)
            yield from invalid_plan(inner, before, value, planned[key], f"{at}[{key!r}]")
    elif len(planned) != len(config):
        yield f"{at}: planned {len(planned)} elements for {len(config)}"
    elif nesting == LIST:
        before_list = [*(prior or []), *([None] * len(config))]
        for i, value in enumerate(config):
            yield from invalid_plan(inner, before_list[i], value, planned[i], f"{at}[{i}]")
    # Of a set core only asks that there are as many; each may be the prior one.


def incompatible(attributes: Attributes, planned: Any, actual: Any, at: str = "") -> Iterator[str]:
    """Why core would call the result of an apply inconsistent with its plan."""
    if planned is UNKNOWN:
        return
    if (planned is None) != (actual is None):
        yield f"{at}: planned {planned!r}, got {actual!r}"
        return
    if planned is None:
        return
    for x in attributes:
        yield from _incompatible(x, planned.get(x.name), actual.get(x.name), f"{at}.{x.name}")


def _incompatible(x: Any, planned: Any, actual: Any, at: str) -> Iterator[str]:
    if planned is UNKNOWN or same(x, planned, actual):
        return
    nested = x.HasField("nested_type")
    if nested and isinstance(planned, dict) and isinstance(actual, dict):
        inner = x.nested_type.attributes
        if x.nested_type.nesting == SINGLE:
            yield from incompatible(inner, planned, actual, at)
            return
        if planned.keys() == actual.keys():
            for key, value in planned.items():
                yield from incompatible(inner, value, actual[key], f"{at}[{key!r}]")
            return
    if nested and isinstance(planned, list) and isinstance(actual, list):
        inner = x.nested_type.attributes
        if x.nested_type.nesting == LIST and len(planned) == len(actual):
            for i, value in enumerate(planned):
                yield from incompatible(inner, value, actual[i], f"{at}[{i}]")
            return
        # Elements of sets have no identity: each has to have its like on the other side.
        if x.nested_type.nesting == SET and len(planned) == len(actual):
            left = [one for one in actual if not any(_like(inner, p, one) for p in planned)]
            right = [one for one in planned if not any(_like(inner, one, a) for a in actual)]
            if not left and not right:
                return
    if not nested and _known_are_there(x, planned, actual):
        return
    yield f"{at}: planned {planned!r}, got {actual!r}"


def _known_are_there(x: Any, planned: Any, actual: Any) -> bool:
    """Of a set of plain values the known ones have to be there, whatever the others became."""
    if not isinstance(planned, list) or not isinstance(actual, list) or type_of(x)[0] != "set":
        return False
    return unknowns(planned) and all(one is UNKNOWN or one in actual for one in planned)


def _like(inner: Attributes, planned: Any, actual: Any) -> bool:
    return next(incompatible(inner, planned, actual), None) is None


def unknowns(value: Any) -> bool:
    """Whether something in it is unknown: a state must not be."""
    if value is UNKNOWN:
        return True
    if isinstance(value, dict):
        return any(unknowns(item) for item in value.values())
    return isinstance(value, list) and any(unknowns(item) for item in value)
