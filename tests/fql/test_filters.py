"""What filters make of events: the four actions and exactly what `fields` means."""

from __future__ import annotations

import copy
import statistics
from decimal import Decimal
from typing import Any

import pytest

from segform import fql
from segform.fql.filters import fraction

EVENT: dict[str, Any] = {
    "type": "track",
    "userId": "u1",
    "properties": {
        "email": "a@example.com",
        "total": 5,
        "address": {"city": "Ulm", "zip": "1"},
        "products": [
            {"sku": "a", "price": 1, "meta": {"x": 1}},
            "text",
            None,
            ["sku", "price"],
            {"price": 2},
        ],
        "a.b": 1,
        "none": None,
        "empty": {},
    },
}


def _done(*actions: dict[str, Any], when: str = "all") -> Any:
    before = copy.deepcopy(EVENT)
    found = fql.apply_filter({"if": when, "actions": list(actions)}, EVENT)
    assert before == EVENT  # what is given stays as it is
    return found


def _fields(kind: str, path: str, *keys: str) -> Any:
    return _done({"type": kind, "fields": {path: list(keys)}})


def test_drop() -> None:
    assert _done({"type": "DROP"}) is None
    assert _done({"type": "DROP"}, when='type = "track"') is None
    assert _done({"type": "DROP"}, when='type = "page"') == EVENT
    # Nothing behind it is looked at.
    assert _done({"type": "DROP"}, {"type": "SAMPLE", "percent": 1}) is None


def test_drop_properties() -> None:
    found = _fields("DROP_PROPERTIES", "properties", "email", "a.b", "missing")
    assert set(found["properties"]) == set(EVENT["properties"]) - {"email", "a.b"}
    assert _fields("DROP_PROPERTIES", "", "userId", "properties") == {"type": "track"}
    found = _fields("DROP_PROPERTIES", "properties.address", "zip")
    assert found["properties"]["address"] == {"city": "Ulm"}
    # Keys are keys, not paths.
    assert _fields("DROP_PROPERTIES", "", "properties.email") == EVENT
    assert _fields("DROP_PROPERTIES", "properties") == EVENT


def test_allow_properties() -> None:
    found = _fields("ALLOW_PROPERTIES", "properties", "total", "missing")
    assert found == {"type": "track", "userId": "u1", "properties": {"total": 5}}
    assert _fields("ALLOW_PROPERTIES", "properties", "missing")["properties"] == {}
    assert _fields("ALLOW_PROPERTIES", "", "userId") == {"userId": "u1"}
    # What the documentation's preview shows.
    preview = fql.apply_filter(
        {
            "if": "all",
            "actions": [
                {"type": "ALLOW_PROPERTIES", "fields": {"product": ["event", "requestedFrom"]}}
            ],
        },
        {"product": {"requestedFrom": "x", "other": 1}, "event": "E"},
    )
    assert preview == {"product": {"requestedFrom": "x"}, "event": "E"}


def test_a_list_at_the_path() -> None:
    found = _fields("DROP_PROPERTIES", "properties.products", "price", "0")
    assert found["properties"]["products"] == [
        {"sku": "a", "meta": {"x": 1}},
        "text",
        None,
        [None, "price"],
        {},
    ]
    found = _fields("ALLOW_PROPERTIES", "properties.products", "sku")
    assert found["properties"]["products"] == [{"sku": "a"}, "text", None, [None, None], {}]


@pytest.mark.parametrize("kind", ["DROP_PROPERTIES", "ALLOW_PROPERTIES"])
@pytest.mark.parametrize(
    "path",
    [
        "missing",
        "properties.missing.deeper",
        "properties.none",
        "properties.total",
        "properties.email",
        "properties.products.meta",  # no descent through a list
        "properties.products.0",
        "userId.length",
    ],
)
def test_paths_that_lead_nowhere_do_nothing(kind: str, path: str) -> None:
    assert _fields(kind, path, "x") == EVENT


def test_actions_run_in_order() -> None:
    found = _done(
        {"type": "ALLOW_PROPERTIES", "fields": {"": ["properties"], "properties": ["address"]}},
        {"type": "DROP_PROPERTIES", "fields": {"properties.address": ["zip"], "userId": ["x"]}},
    )
    assert found == {"properties": {"address": {"city": "Ulm"}}}
    assert _done(
        {"type": "DROP_PROPERTIES", "fields": {"": ["properties"], "properties": ["email"]}}
    ) == {"type": "track", "userId": "u1"}


def test_disabled_filters_do_nothing() -> None:
    drop = {"if": "all", "actions": [{"type": "DROP"}], "enabled": False}
    assert fql.apply_filter(drop, EVENT) == EVENT
    assert fql.apply_filter({**drop, "enabled": True}, EVENT) is None


# SAMPLE


def _kept(percent: Any, path: str | None, event: dict[str, Any], draw: float = 0.5) -> bool:
    action = {"type": "SAMPLE", "percent": percent, "path": path}
    found = fql.apply_filter({"if": "all", "actions": [action]}, event, draw=lambda: draw)
    return found is not None


@pytest.mark.parametrize("path", [None, "", "userId", "missing"])
def test_nothing_and_all(path: str | None) -> None:
    for draw in (0.0, 0.999):
        assert not _kept(0, path, EVENT, draw)
        assert not _kept(Decimal(0), path, EVENT, draw)
        assert not _kept(-1, path, EVENT, draw)
        assert _kept(1, path, EVENT, draw)
        assert _kept(1.5, path, EVENT, draw)


def test_random_samples() -> None:
    assert _kept(0.3, None, EVENT, 0.2)
    assert not _kept(0.3, None, EVENT, 0.4)
    keep = {"if": "all", "actions": [{"type": "SAMPLE", "percent": 0.5}]}
    count = sum(fql.apply_filter(keep, EVENT) is not None for _ in range(2000))
    assert 800 < count < 1200


def test_samples_by_a_field_are_always_the_same() -> None:
    users = [{"userId": f"user-{n}"} for n in range(4000)]
    before: set[int] = set()
    for percent in (0.1, 0.25, Decimal("0.5"), 0.9):
        kept = {n for n, event in enumerate(users) if _kept(percent, "userId", event)}
        assert kept == {n for n, event in enumerate(users) if _kept(percent, "userId", event)}
        assert before <= kept  # who is in a small sample is in every larger one
        assert abs(len(kept) / len(users) - float(percent)) < 0.03
        before = kept
    values = [fraction(event, "userId") for event in users]
    assert 0.48 < statistics.mean(values) < 0.52


def test_values_of_a_sample_may_be_of_any_type() -> None:
    values: list[Any] = [
        None,
        True,
        1,
        1.5,
        Decimal("1.5"),
        "x",
        [1, "é"],
        {"a": Decimal(2)},
        "\ud800",
    ]
    found = [fraction({"a": {"b": value}}, "a.b") for value in values]
    assert all(0 <= one <= 1 for one in found)
    assert found[3] == found[4]
    assert fraction({}, "a.b") == found[0]
    assert (
        fraction({"a": 1}, "a") == fraction({"a": 1.0}, "a") == fraction({"a": Decimal("1.0")}, "a")
    )


# What is wrong


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"type": "DORP"}, "no action 'DORP'"),
        ({}, "no action None"),
        ({"type": "SAMPLE"}, "needs `percent`"),
        ({"type": "SAMPLE", "percent": True}, "needs `percent`"),
        ({"type": "DROP_PROPERTIES"}, "needs `fields`"),
        ({"type": "ALLOW_PROPERTIES", "fields": ["a"]}, "needs `fields`"),
        ({"type": "ALLOW_PROPERTIES", "fields": {"a": "b"}}, "no list of keys for 'a'"),
        ({"type": "ALLOW_PROPERTIES", "fields": {"a": 5}}, "no list of keys for 'a'"),
    ],
)
def test_invalid_actions_are_refused(action: dict[str, Any], words: str) -> None:
    with pytest.raises(fql.FQLError, match=words):
        _done(action)


def test_invalid_statements_are_refused() -> None:
    with pytest.raises(fql.FQLSyntaxError):
        _done({"type": "DROP"}, when="type == 'track'")
    with pytest.raises(fql.FQLError, match="no function"):
        _done({"type": "DROP"}, when="foo(a)")


def test_very_long_paths() -> None:
    path = ".".join(["a"] * 5000)
    deep: Any = {"x": 1, "y": 2}
    for _ in range(5000):
        deep = {"a": deep}
    found: Any = fql.apply_filter(
        {"if": "all", "actions": [{"type": "DROP_PROPERTIES", "fields": {path: ["x"]}}]}, deep
    )
    for _ in range(5000):
        found = found["a"]
    assert found == {"y": 2}
