"""Which rule an event is held against."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.tracking import select
from segform.tracking.selection import Selector, call_of, wanted_version

from .plans import common, rule, track

FIRST, SECOND, TENTH = (rule(version=version) for version in (1, 2, 10))


@pytest.mark.parametrize("name", ["order completed", "Order Completed ", "Order  Completed", ""])
def test_names_match_letter_by_letter(name: str) -> None:
    assert select([FIRST], track(name)) is None
    assert select([FIRST], track()) is FIRST


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (None, FIRST),
        (1, FIRST),
        (2, SECOND),
        (2.0, SECOND),
        (10, TENTH),
        (Decimal(10), TENTH),
        (3, FIRST),
        (3.2, FIRST),
        ("2", FIRST),
        (True, FIRST),
        (float("nan"), FIRST),
        (float("inf"), FIRST),
        ([2], FIRST),
    ],
)
def test_versions_are_whole_numbers_else_the_oldest_counts(version: Any, expected: Any) -> None:
    event = track(version=version)
    for rules in ([FIRST, SECOND, TENTH], [TENTH, SECOND, FIRST]):
        assert select(rules, event) is expected
        assert Selector(rules).rule(event) is expected


def test_the_oldest_is_the_lowest_number_not_the_first_text() -> None:
    assert select([TENTH, SECOND], track()) is SECOND


@pytest.mark.parametrize("context", [None, 5, {}, {"protocols": None}, {"protocols": []}])
def test_odd_contexts_name_no_version(context: Any) -> None:
    assert wanted_version({**track(), "context": context}) is None


def test_calls_without_a_name() -> None:
    identify, group = (rule(None, type=kind) for kind in ("IDENTIFY", "GROUP"))
    rules = [FIRST, identify, group, common({})]
    assert select(rules, {"type": "identify", "traits": {}}) is identify
    assert select(rules, {"type": "group"}) is group
    assert select(rules, {"type": "alias", "userId": "x"}) is None
    assert select(rules, {"type": "common"}) is None
    assert call_of({"type": "COMMON"}) is None


def test_pages_and_screens() -> None:
    home, nameless, viewed = (
        rule("Home", type="PAGE"),
        rule(None, type="PAGE"),
        rule("Page Viewed"),
    )
    call = {"type": "page", "name": "Home"}
    assert select([viewed, nameless, home], call) is home
    assert select([viewed, nameless], call) is nameless
    assert select([viewed], call) is viewed
    assert select([rule("Screen Viewed")], {"type": "screen", "name": "Home"}) is not None
    assert select([viewed], {"type": "screen", "name": "Home"}) is None


def test_a_call_without_type_is_what_its_keys_say() -> None:
    assert select([FIRST], {"event": "Order Completed"}) is FIRST
    assert select([FIRST], {"properties": {}}) is None
    assert select([FIRST], {"type": 5, "event": "Order Completed"}) is None


def test_schemas_as_text_are_taken() -> None:
    given_as_text = {"type": "TRACK", "key": "x", "version": 1, "json_schema": '{"type":"object"}'}
    assert select([given_as_text], track("x")) is given_as_text


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), unique=True, max_size=6),
    st.sampled_from("abc"),
    st.none() | st.integers(0, 4) | st.sampled_from([1.5, "1"]),
)
def test_one_and_many_agree(rules: list[tuple[str, int]], name: str, version: Any) -> None:
    plan = [rule(name, version=number) for name, number in rules]
    event = track(name, version)
    assert select(plan, event) is Selector(plan).rule(event)
