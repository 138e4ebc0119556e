"""Rules: keys that round-trip, meaning, differences in few requests, and checks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.resources.values import UNKNOWN
from segform.tracking import rules

_NAMES = st.text(min_size=1, max_size=20)
_VERSIONS = st.one_of(
    st.integers(1, 10**18).map(Decimal), st.decimals("0.1", "99", places=2).map(Decimal.normalize)
)
_SCHEMAS = st.sampled_from(
    [{"type": "object"}, {"type": ["object"]}, {"type": "string"}, {"required": ["a", "b"]}]
)
_RULES = st.dictionaries(
    st.tuples(st.sampled_from(rules.NAMED), _NAMES, st.integers(1, 4)), _SCHEMAS, max_size=12
).map(
    lambda found: [
        {"type": kind, "key": key, "version": version, "jsonSchema": schema}
        for (kind, key, version), schema in found.items()
    ]
)


@given(st.sampled_from(rules.TYPES), st.none() | _NAMES, _VERSIONS)
def test_keys_round_trip(kind: str, name: str | None, version: Decimal) -> None:
    assert rules.parse_key(rules.rule_key(kind, name, version)) == (kind, name, version)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("TRACK", "Order Completed", 1), "TRACK:Order Completed"),
        (("TRACK", "Order Completed", 2), "TRACK:Order Completed@2"),
        (("TRACK", "Order Completed", Decimal("1.1")), "TRACK:Order Completed@1.1"),
        (("TRACK", "mail@2", 1), "TRACK:mail@2@1"),
        (("TRACK", "a:b", 1), "TRACK:a:b"),
        (("IDENTIFY", None, 1), "IDENTIFY"),
        (("COMMON", "", 3), "COMMON@3"),
        (("TRACK", "x", 9007199254740993), "TRACK:x@9007199254740993"),
    ],
)
def test_keys(parts: tuple[str, str | None, Any], text: str) -> None:
    assert rules.rule_key(*parts) == text
    kind, name, version = rules.parse_key(text)
    assert (kind, name, version) == (parts[0], parts[1] or None, parts[2])


@pytest.mark.parametrize("text", ["Order Completed", "TRACK:", "", "track:x"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"TRACK|empty name"):
        rules.parse_key(text)


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ('{"type":"string"}', '{"type":["string"]}', True),
        ('{"type":["null","string"]}', '{"type":["string","null"]}', True),
        ('{"required":["a","b"]}', '{"required":["b","a"]}', True),
        ("{}", '{"$schema":"http://json-schema.org/draft-07/schema#","labels":{}}', True),
        ('{"properties":{"id":{}}}', '{"properties":{"id":{"id":"/properties/id"}}}', True),
        ('{"properties":{"id":{}}}', "{}", False),
        ('{"type":"string"}', '{"type":"number"}', False),
        ('{"enum":[1]}', '{"enum":[1.0]}', True),
        ('{"enum":["a","b"]}', '{"enum":["b","a"]}', False),
        ('{"description":"x"}', '{"description":"y"}', False),
        ("{", "{}", False),
    ],
)
def test_what_the_service_rewrites_is_the_same(mine: str, theirs: str, same: bool) -> None:
    assert rules.equal(mine, theirs) is same


@given(_RULES, _RULES)
def test_a_difference_leads_from_old_to_new(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    changes = rules.diff(old, new)
    held: dict[Any, Any] = {rules.identity(rule): rule for rule in old}
    for rule in changes.removals:
        del held[rules.identity(rule)]
    held.update({rules.identity(rule): rule for rule in changes.upserts})
    assert held.keys() == {rules.identity(rule) for rule in new}
    assert not any(rules.diff(held.values(), new)[:2])
    assert changes.unchanged + len(changes.upserts) == len(new)


@given(_RULES)
def test_no_difference_sends_nothing(same: list[dict[str, Any]]) -> None:
    assert rules.batches(rules.diff(same, list(reversed(same)))) == ([], [])


def test_batches_are_as_large_as_the_service_takes() -> None:
    def rule(index: int, name: str = "Event") -> dict[str, Any]:
        return {"type": "TRACK", "key": f"{name} {index}", "version": 1, "jsonSchema": {}}

    many = [rule(i) for i in range(450)]
    patches, removals = rules.batches(rules.diff([], many))
    assert [len(body["rules"]) for body in patches] == [200, 200, 50]
    assert removals == []
    patches, removals = rules.batches(rules.diff(many, []))
    assert patches == []
    assert sum(len(query["rules"]) for query in removals) == 450
    for query in removals:
        assert len(query["rules"]) <= 200
        assert sum(rules._query_length(item) for item in query["rules"]) <= rules.QUERY_BYTES
        assert all("jsonSchema" not in item for item in query["rules"])
    long = [rule(i, "x" * 500) for i in range(50)]
    assert len(rules.batches(rules.diff(long, []))[1]) > 1


def _check(value: Any, **facts: Any) -> list[str]:
    return [f"{'.'.join(map(str, p.path))}: {p.message}" for p in rules.check(value, **facts)]


def _element(**changes: Any) -> dict[str, Any]:
    return {"type": "TRACK", "key": "A", "version": 1, "json_schema": "{}", **changes}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([_element(json_schema="{")], "rules.0.json_schema: TRACK:A: it is not valid JSON"),
        ([_element(json_schema="[]")], "a rule's schema is a JSON object"),
        ([_element(json_schema='{"type":"objekt"}')], "/type is 'objekt'"),
        ([_element(json_schema='{"properties":{"a":{"type":"strin"}}}')], "/properties/a/type"),
        ([_element(json_schema='{"required":true}')], "/required has to be a list of names"),
        ([_element(json_schema='{"properties":[]}')], "/properties has to be an object"),
        ([_element(json_schema='{"pattern":"(?!x)"}')], "look-around"),
        ([_element(json_schema='{"anyOf":[]}')], "/anyOf has to be a list of schemas"),
        ([_element(json_schema='{"maxLength":-1}')], "/maxLength has to be a whole number"),
        (
            [_element(), _element(version=Decimal("1.0"))],
            "rules.1: the rule TRACK:A is given twice",
        ),
        ([_element(key=None)], "needs the name of its event"),
        ([_element(type="IDENTIFY")], "has no key"),
        ({"Order": _element()}, "does not start with a type"),
        ({"TRACK:A": _element(key="B")}, "rules.TRACK:A.key: the key 'TRACK:A' says key A"),
        ({"TRACK:A@2": _element(version=1)}, "says version 2, the element says 1"),
        ([_element(key=f"E{i}") for i in range(301)], "301 rules in a set"),
    ],
)
def test_bad_rules_are_named(value: Any, said: str) -> None:
    assert [text for text in _check(value) if said in text], _check(value)


def test_good_rules_and_unknowns_pass() -> None:
    assert _check([_element(), _element(version=2), UNKNOWN, _element(key=UNKNOWN)]) == []
    assert _check({"TRACK:A": {"json_schema": "{}"}, "IDENTIFY": UNKNOWN}) == []
    assert _check({f"TRACK:E{i}": {"json_schema": "{}"} for i in range(400)}) == []
