"""Values that are not known yet, and null, wherever a configuration can have them.

For every kind: each attribute and each part at any depth, each element of each collection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from segform.resources import registry
from segform.resources.definition import Items, Nested
from segform.resources.values import UNKNOWN

from .core import Change, Config, Core, DiagnosticsError
from .shop import ADDRESSES, shop
from .test_hostile import (
    KINDS,
    Path,
    alone_with,
    given_alone,
    leaves,
    plans,
    put,
    refused_at_attributes,
    settable,
)
from .test_standard import UPDATES

# A sweep over all kinds and attributes.
pytestmark = pytest.mark.slow


def _elements(items: Any, given: Any, at: Path = ()) -> Iterator[Path]:
    """Every element of every collection, in the same order."""
    for item in items:
        value, here = given.get(item.name), (*at, item.name)
        if value is None or not item.settable or not isinstance(item.type, (Items, Nested)):
            continue
        inner = item.type.attributes if isinstance(item.type, Nested) else ()
        if item.type.mode == "object":
            yield from _elements(inner, value, here)
            continue
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*here, key)
            yield from _elements(inner, one if inner else {}, (*here, key))


def _places(kind: str, given: Any) -> list[Path]:
    """Wherever a configuration may have something that is not known yet, or null."""
    items = registry()[kind].attributes.values()
    return [*(path for path, _ in leaves(items, given)), *_elements(items, given)]


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_values_at_any_depth_plan(core: Core, kind: str) -> None:
    """What turns out to be as it was is applied, and planned empty then."""
    core.apply(shop())
    given, address = given_alone(core, kind), ADDRESSES[kind]
    alone = alone_with(core, {address: core.state[address]})
    for path in _places(kind, given):
        for change in alone.plan({address: put(given, path, UNKNOWN)}):
            assert change.action in ("update", "replace")
            if change.action == "update":
                alone.restart()
                alone._write(change, {address: given})
        assert alone.plan({address: given}) == [], path


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_unknown_and_is_null_is_applied(core: Core, kind: str) -> None:
    core.apply(shop())
    given, address = given_alone(core, kind), ADDRESSES[kind]
    facts = registry()[kind].attributes.values()
    optional = [(one.name,) for one in settable(kind) if one.optional and not one.write_only]
    alone = alone_with(core, {address: core.state[address]})
    for path in (*optional, *_optional_parts(facts, given)):
        config = {address: put(given, path, None)}
        for change in alone.plan({address: put(given, path, UNKNOWN)}):
            if change.action == "replace" or _refused_when_known(alone, change, config):
                continue
            assert alone.plan(config) == [], path
            alone.apply({address: given})


def _refused_when_known(core: Core, change: Change, config: Config) -> bool:
    core.restart()
    try:
        core._write(change, config)
    except DiagnosticsError as problem:
        refused_at_attributes(problem)
        return True
    return False


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: f"{case[0]}.{case[1]}")
def test_what_was_unknown_and_is_another_value_is_applied(
    core: Core, case: tuple[str, str, Any, str]
) -> None:
    kind, attribute, value, action = case
    core.apply(shop())
    given, address = given_alone(core, kind), ADDRESSES[kind]
    alone = alone_with(core, {address: core.state[address]})
    [change] = alone.plan({address: {**given, attribute: UNKNOWN}})
    assert change.action == action or not action
    if change.action == "update":
        config = {address: {**given, attribute: value}}
        alone.restart()
        alone._write(change, config)
        assert alone.plan(config) == []


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_values_at_any_depth_are_planned_of_what_is_not_there(
    core: Core, kind: str
) -> None:
    core.apply(shop())
    given, address = given_alone(core, kind), ADDRESSES[kind]
    nothing = alone_with(core, {})
    whole = {one.name: UNKNOWN for one in settable(kind)}
    for values in (whole, *(put(given, path, UNKNOWN) for path in _places(kind, given))):
        try:
            [change] = nothing.plan({address: values})
        except DiagnosticsError as problem:
            refused_at_attributes(problem)
            said = str(problem)
        else:
            said = change.action
        # The object of the shop may have its key.
        assert said == "create" or "already has" in said, said


@pytest.mark.parametrize("kind", KINDS)
def test_elements_that_are_null_are_refused_at_their_collection(core: Core, kind: str) -> None:
    core.apply(shop())
    given = given_alone(core, kind)
    for path in _elements(registry()[kind].attributes.values(), given):
        with pytest.raises(DiagnosticsError, match="lement is null") as caught:
            plans(core, kind, put(given, path, None))
        refused_at_attributes(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_required_and_null_is_refused_at_its_attribute(core: Core, kind: str) -> None:
    """Terraform only sees to it that the attribute is written."""
    core.apply(shop())
    given = given_alone(core, kind)
    needed = [
        path for path, item in leaves(registry()[kind].attributes.values(), given) if item.required
    ]
    assert needed
    for path in needed:
        with pytest.raises(DiagnosticsError, match="t is required, and null") as caught:
            plans(core, kind, put(given, path, None))
        refused_at_attributes(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_null_in_every_optional_part_is_absence(core: Core, kind: str) -> None:
    """Below the attributes: of elements, of objects in objects."""
    core.apply(shop())
    given, address = given_alone(core, kind), ADDRESSES[kind]
    alone = alone_with(core, {address: core.state[address]})
    for path in _optional_parts(registry()[kind].attributes.values(), given):
        config = {address: put(given, path, None)}
        try:
            alone.apply(config)
        except DiagnosticsError as problem:
            refused_at_attributes(problem)
        else:
            assert alone.plan(config) == [], path
            alone.apply({address: given})


def _optional_parts(items: Any, given: Any, at: Path = ()) -> Iterator[Path]:
    for item in items:
        value, here = given.get(item.name), (*at, item.name)
        if at and item.settable and item.optional:
            yield here
        if value is None or not isinstance(item.type, Nested):
            continue
        if item.type.mode == "object":
            yield from _optional_parts(item.type.attributes, value, here)
            continue
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _optional_parts(item.type.attributes, one, (*here, key))
