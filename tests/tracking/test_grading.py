"""Grades held against jsonschema-rs: compatible without counter-example, breaking with witness."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.tracking.comparing.instances import LAX, SURE
from segform.tracking.comparing.plans import Change, diff
from segform.tracking.comparing.proofs import wider
from segform.tracking.comparing.samples import values
from segform.tracking.compiling import compile_schema
from segform.tracking.names import knows, named, unnamed
from segform.tracking.violations import validator

from .schemas import LEAVES, SCHEMAS, changed, objects, rule


def compiled(schema: Any) -> Any:
    return compile_schema(schema)


def some(schema: Any, other: Any, most: int = 120) -> list[Any]:
    found = []
    for value in values(schema, (other,)):
        found.append(value)
        if len(found) >= most:
            break
    return found


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-4, 12)
    | st.sampled_from([0.5, 2.5, 3.0])
    | st.sampled_from(["", "a", "EUR", "ABC", "abc-1", "x12", "ann@shop.example", "2026-01-31"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sku", "price", "colour", "size", "id", "other"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@given(SCHEMAS, VALUES)
def test_the_two_readings_agree_with_the_validator(schema: Any, value: Any) -> None:
    valid = compiled(schema).is_valid(value)
    if SURE.takes(schema, value):
        assert valid
    if not LAX.takes(schema, value):
        assert not valid


@given(SCHEMAS.flatmap(lambda one: st.tuples(st.just(one), changed(one) | SCHEMAS)), st.data())
def test_what_is_proven_wider_takes_all(pair: tuple[Any, Any], data: st.DataObject) -> None:
    old, new = pair
    if not wider(old, new):
        return
    before, after = compiled(old), compiled(new)
    for value in [*some(old, new), data.draw(VALUES)]:
        assert after.is_valid(value) or not before.is_valid(value), value


def _unplanned(schema: Any, event: Any) -> set[tuple[Any, ...]]:
    known = named(schema).get("properties", {})
    return set(unnamed(event.get("properties"), known, ("properties",)))


def is_counter_example(old: Any, new: Any, event: Any) -> bool:
    """Whether an event was planned and valid, and is not any more."""
    before, after = validator([old]), validator([new])
    if before.validate(event):
        return False
    names = named(new["jsonSchema"]).get("properties", {})
    was = _unplanned(old["jsonSchema"], event)
    if any(knows(names, path[1:]) for path in was):
        return False
    return bool(after.validate(event) or _unplanned(new["jsonSchema"], event) - was)


def _pairs() -> st.SearchStrategy[tuple[Any, Any]]:
    inner = objects(SCHEMAS)
    return inner.flatmap(lambda one: st.tuples(st.just(one), changed(one)))


def check_pair(old: Any, new: Any, extra: list[Any]) -> list[Change]:
    changes = diff([old], [new])
    breaking = [one for one in changes if one.breaking]
    for one in breaking:
        if one.certain:
            assert is_counter_example(old, new, one.witness), one
    if not breaking:
        before = old["jsonSchema"]
        events = [v for v in some(before, new["jsonSchema"]) if isinstance(v, dict)]
        for event in [*events, *extra]:
            whole = {"type": "track", "event": "Order Completed", **event}
            assert not is_counter_example(old, new, whole), (changes, whole)
    return changes


@given(_pairs(), VALUES)
def test_compatible_has_no_counter_example_and_breaking_its_witness(pair: Any, value: Any) -> None:
    old, new = rule(pair[0]), rule(pair[1])
    check_pair(old, new, [{"properties": value}])


@pytest.mark.full
@settings(max_examples=20_000, deadline=None)
@given(_pairs(), VALUES)
@pytest.mark.timeout(1200)
def test_grades_at_length(pair: Any, value: Any) -> None:
    check_pair(rule(pair[0]), rule(pair[1]), [{"properties": value}])


_SURE: st.SearchStrategy[Any] = LEAVES.filter(lambda one: "format" not in one)


# Not a promise: the same examples each time, so that a rare exception is no chance failure.
@settings(derandomize=True)
@given(objects(_SURE).flatmap(lambda one: st.tuples(st.just(one), changed(one))))
def test_changes_of_plain_properties_are_told_for_certain(pair: Any) -> None:
    for one in diff([rule(pair[0])], [rule(pair[1])]):
        # The texts of a format are not all known, so that what a format is combined with may stay
        # open.
        assert one.certain or "format" in repr(pair), (one, pair)


def test_the_package_gives_what_it_names() -> None:
    import segform.tracking as tracking

    assert all(callable(getattr(tracking, name)) for name in tracking.__all__)
    assert tracking.diff is diff
