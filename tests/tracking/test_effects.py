"""What a change does at each source, and who uses what changed."""

from __future__ import annotations

from typing import Any

import pytest

from segform.tracking import diff
from segform.tracking.effects import ConnectedSource, Effects
from segform.tracking.usage import Use, affects

from .plans import NUMBER, TEXT, rule

WEB = ConnectedSource("web", {"track": {"allowEventOnViolations": False}}, "s1")
IOS = ConnectedSource("iOS", {"track": {}}, "s2")
SERVER = ConnectedSource("server", {"track": {"allowPropertiesOnViolations": False}}, "s3")
ANDROID = ConnectedSource("Android", {}, "s4")
STRICT = ConnectedSource("kiosk", {"track": {"allowUnplannedEvents": False}}, "s5")
OLD = [rule(properties={"total": TEXT, "coupon": TEXT})]


def test_one_change_at_several_sources() -> None:
    new = [rule(properties={"total": NUMBER, "coupon": TEXT})]
    [change] = diff(OLD, new)
    effects = Effects(new, [WEB, IOS, SERVER, ANDROID])
    assert [one.outcome.word for one in effects.of(change)] == [
        "dropped",
        "flagged",
        "thinned out",
        "flagged",
    ]
    assert effects.sentence(change) == (
        "on web it will be dropped, on iOS and Android only flagged, on server will lose `total`"
    )


def test_an_event_that_is_gone() -> None:
    [change] = diff(OLD, [])
    effects = Effects([], [STRICT, IOS])
    assert effects.sentence(change) == (
        "on kiosk it will be dropped, on iOS only marked as unplanned"
    )


def test_a_compatible_change_has_no_effect() -> None:
    new = [rule(properties={"total": TEXT, "coupon": TEXT, "tax": NUMBER})]
    [change] = diff(OLD, new)
    assert Effects(new, [WEB]).of(change) == []
    assert Effects(new, [WEB]).sentence(change) == ""


WORKSPACE: dict[str, Any] = {
    "sources": [{"id": "s1", "slug": "web"}, {"id": "s2", "slug": "ios", "name": "iOS"}],
    "destinations": [
        {"id": "d1", "sourceId": "s1", "name": "Amplitude"},
        {"id": "d2", "sourceId": "s2"},
    ],
    "filters": [],
    "subscriptions": [],
    "transformations": [],
}


def used(change: Any, **objects: Any) -> list[Use]:
    found = affects(change, {**WORKSPACE, **objects}, ["s1"])
    return [use for use in found if use.kind not in ("source", "destination")]


[PRICE, COUPON] = diff(
    [rule(properties={"total": TEXT, "coupon": TEXT})],
    [rule(properties={"total": NUMBER, "coupon": NUMBER})],
)[:2]
[GONE] = diff(OLD, [])


def test_sources_and_their_destinations() -> None:
    assert affects(PRICE, WORKSPACE, ["s1"]) == [
        Use("source", "s1", "web", "its events are held against the plan"),
        Use("destination", "d1", "Amplitude", "it gets the events of such a source"),
    ]
    assert len(affects(PRICE, WORKSPACE)) == 4


@pytest.mark.parametrize(
    ("condition", "by_event", "by_price"),
    [
        ('event = "Order Completed"', True, False),
        ('event = "Other"', False, False),
        ('event in ["Other", "Order Completed"]', True, False),
        ('match(event, "Order *")', True, False),
        ('match(event, "Cart *")', False, False),
        ('event != "Other"', True, False),
        ('type = "page"', False, False),
        ('type = "track" and properties.total > 5', False, True),
        ('event = "Other" and properties.total > 5', False, False),
        ('event = "Order Completed" or properties.total > 5', True, True),
        ('!(event = "Order Completed") and properties.total > 5', False, False),
        ("properties.coupon = null", False, False),
        ("all", False, False),
        ("event = = broken", False, False),
    ],
)
def test_conditions(condition: str, by_event: bool, by_price: bool) -> None:
    one = {"id": "f1", "sourceId": "s1", "title": "Big", "if": condition, "actions": []}
    other = {**one, "id": "f2", "sourceId": "s2"}
    for change, expected in ((GONE, by_event), (PRICE, by_price)):
        assert bool(used(change, filters=[one, other])) is expected, change
        trigger = {"id": "m1", "destinationId": "d1", "trigger": condition, "settings": {}}
        assert bool(used(change, subscriptions=[trigger])) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"properties": ["total"]}, "it removes the property"),
        ({"properties": ["coupon"]}, None),
        ({"": ["properties"]}, None),
        ({"traits": ["total"]}, None),
    ],
)
def test_properties_that_filters_remove(fields: Any, expected: str | None) -> None:
    action = {"type": "DROP_PROPERTIES", "fields": fields}
    one = {"id": "f1", "sourceId": "s1", "title": "Cut", "if": "all", "actions": [action]}
    found = used(PRICE, filters=[one])
    assert [use.how for use in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"value": {"@path": "$.properties.total"}}, True),
        ({"value": {"@template": "{{properties.total}} EUR"}}, True),
        ({"a": [{"b": {"@if": {"exists": {"@path": "$.properties.total"}}}}]}, True),
        ({"items": {"@arrayPath": ["$.properties.total", {"id": {"@path": "$.id"}}]}}, True),
        ({"value": {"@path": "$.properties['total']"}}, True),
        ({"value": {"@path": "$.properties"}}, False),
        ({"value": {"@path": "$.properties.coupon"}}, False),
        ({"value": "properties.total"}, False),
    ],
)
def test_properties_that_mappings_read(settings: Any, expected: bool) -> None:
    one = {"id": "m1", "destinationId": "d1", "trigger": 'type = "track"', "settings": settings}
    assert bool(used(PRICE, subscriptions=[one])) is expected
    elsewhere = {**one, "trigger": 'event = "Other"'}
    assert used(PRICE, subscriptions=[elsewhere]) == []
    assert used(PRICE, subscriptions=[{**one, "destinationId": "d2"}]) == []


X, TOTAL = "properties.x", "properties.total"
RENAMED = "propertyRenames"
COMPUTED = "fqlDefinedProperties"
HASHED = "hashPropertiesConfiguration"


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({RENAMED: [{"oldName": TOTAL, "newName": X}]}, "it renames the property"),
        ({RENAMED: [{"oldName": X, "newName": TOTAL}]}, "it renames a property to this one"),
        ({"propertyValueTransformations": [{"propertyPaths": [TOTAL]}]}, "it sets the property"),
        ({COMPUTED: [{"fql": TOTAL, "propertyName": X}]}, "it computes another property from it"),
        ({COMPUTED: [{"fql": "context.ip", "propertyName": TOTAL}]}, "it computes the property"),
        ({"allowProperties": [TOTAL]}, "it keeps the property"),
        ({HASHED: {"paths": [TOTAL]}}, "it hashes the property"),
        ({HASHED: {"paths": ["properties.coupon"]}}, None),
    ],
)
def test_properties_that_transformations_touch(said: Any, how: str | None) -> None:
    one = {"id": "t1", "sourceId": "s1", "name": "T", "if": 'event = "Order Completed"', **said}
    assert [use.how for use in used(PRICE, transformations=[one])] == ([how] if how else [])


def test_a_transformation_that_makes_the_event() -> None:
    one = {
        "id": "t1",
        "sourceId": "s1",
        "name": "T",
        "if": "all",
        "newEventName": "Order Completed",
    }
    assert [use.how for use in used(GONE, transformations=[one])] == [
        "it renames an event to this one"
    ]


def test_places_in_lists_belong_to_the_list() -> None:
    def products(schema: Any) -> Any:
        items = {"type": "object", "properties": {"sku": schema}}
        return [rule(properties={"products": {"type": "array", "items": items}})]

    [change] = diff(products(TEXT), products(NUMBER))
    assert change.path == "properties.products.$.sku"
    settings = {"items": {"@arrayPath": ["$.properties.products", {}]}}
    one = {"id": "m1", "destinationId": "d1", "trigger": "all", "settings": settings}
    assert used(change, subscriptions=[{**one, "trigger": 'type = "track"'}])
