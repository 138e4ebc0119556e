"""Rules written in Python, and their keys."""

from __future__ import annotations

from typing import Any

import pytest

from segform.tracking.declaring import Rule, identify, key_of, rules_of, track


def rule(call: Any, key: str | None, version: Any = 1) -> Rule:
    return Rule(type=call, key=key, version=version, json_schema={})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (rule("TRACK", "Order Completed"), "TRACK:Order Completed"),
        (rule("TRACK", "Order Completed", 2), "TRACK:Order Completed@2"),
        (rule("TRACK", "a@b", 1.1), "TRACK:a@b@1.1"),
        (rule("PAGE", "Home", 9007199254740993), "PAGE:Home@9007199254740993"),
        (rule("TRACK", "x", 10), "TRACK:x@10"),
        (rule("TRACK", "x@2"), "TRACK:x@2@1"),
        (rule("IDENTIFY", None), "IDENTIFY"),
        (rule("COMMON", None, 0.1), "COMMON@0.1"),
    ],
)
def test_keys(given: Rule, expected: str) -> None:
    assert key_of(given) == expected


@pytest.mark.parametrize("given", [rule("TRACK", None), rule("TRACK", ""), rule("GROUP", "x")])
def test_a_name_where_there_is_none_and_the_other_way_round(given: Rule) -> None:
    with pytest.raises(ValueError, match="name"):
        key_of(given)


def test_an_event_that_is_there_twice() -> None:
    with pytest.raises(ValueError, match="TRACK:A is there twice"):
        rules_of([track("A"), track("A", version=1.0)])


def test_required_names_only_what_is_described() -> None:
    with pytest.raises(ValueError, match="A: required names 'y'"):
        track("A", properties={"x": {"type": "string"}}, required=["x", "y"])


def test_an_event_class_says_its_rule() -> None:
    class SignedUp:
        @staticmethod
        def rule() -> Rule:
            return track("Signed Up")

    assert rules_of([SignedUp(), identify({})]).keys() == {"TRACK:Signed Up", "IDENTIFY"}


def test_event_classes_are_events() -> None:
    from segform.tracking.events import Event as EventClass

    class OrderCompleted(EventClass, name="Order Completed", version=2):
        """An order was paid."""

        total: float

    found = rules_of([OrderCompleted])
    assert list(found) == ["TRACK:Order Completed@2"]
    schema: Any = found["TRACK:Order Completed@2"]["json_schema"]
    assert schema["required"] == ["properties"]
