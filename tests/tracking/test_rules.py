"""Rules: keys that round-trip, meaning, differences in few requests, and checks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform.contract import operation
from segform.resources.exact import dumps, loads
from segform.resources.values import UNKNOWN
from segform.tracking import rules
from segform.tracking.schemas import schema_problems
from segform.transport.encode import Prepared

_NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20) | st.from_regex(
    r"[a-z]{0,2}[@:]{0,2}[0-9]{0,2}(\.[0-9]{1,2})?(@[0-9]{1,2})?", fullmatch=True
).filter(bool)
_VERSIONS = st.one_of(st.integers(0, 10**40).map(Decimal), st.decimals("0.01", "99", places=2))
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
    text = rules.rule_key(kind, name, version)
    assert rules.parse_key(text) == (kind, name, version)
    assert rules.rule_key(*rules.parse_key(text)) == text
    # However a version is spelled, a rule has one key.
    plain = f"{version:f}"
    longer = Decimal(plain + ("0" if "." in plain else ".0"))
    assert rules.rule_key(kind, name, longer) == text


@given(_NAMES, _NAMES, _VERSIONS, _VERSIONS)
def test_two_rules_have_two_keys(one: str, two: str, first: Decimal, second: Decimal) -> None:
    same = rules.rule_key("TRACK", one, first) == rules.rule_key("TRACK", two, second)
    assert same is ((one, first) == (two, second))


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("TRACK", "Order Completed", 1), "TRACK:Order Completed"),
        (("TRACK", "Order Completed", 2), "TRACK:Order Completed@2"),
        (("TRACK", "Order Completed", Decimal("1.1")), "TRACK:Order Completed@1.1"),
        (("TRACK", "mail@2", 1), "TRACK:mail@2@1"),
        (("TRACK", "a:b", 1), "TRACK:a:b"),
        (("TRACK", "x@", 1), "TRACK:x@"),
        (("TRACK", "mail@\N{ARABIC-INDIC DIGIT TWO}", 1), "TRACK:mail@\N{ARABIC-INDIC DIGIT TWO}"),
        (("TRACK", "x", Decimal("1.10")), "TRACK:x@1.1"),
        (("TRACK", "x", Decimal("2E+2")), "TRACK:x@200"),
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
        ('{"minimum":1.10}', '{"minimum":1.1}', True),
        ('{"enum":[1.10,{"a":2.0}]}', '{"enum":[1.1,{"a":2}]}', True),
        ('{"minimum":1}', '{"minimum":true}', False),
        ('{"maximum":9007199254740993}', '{"maximum":9007199254740992}', False),
        ('{"minimum":1e999999999}', '{"minimum":1e999999999}', True),
        ('{"minimum":NaN}', '{"minimum":1}', False),
        ('{"items":{"type":["string"],"id":"/x"}}', '{"items":{"type":"string"}}', True),
        ('{"dependencies":{"id":{"required":[]}}}', '{"dependencies":{"id":{}}}', True),
        ('{"const":{"labels":1}}', '{"const":{}}', False),
        ('{"anyOf":[{"type":["null"]}]}', '{"anyOf":[{"type":"null"}]}', True),
    ],
)
def test_what_the_service_rewrites_is_the_same(mine: str, theirs: str, same: bool) -> None:
    assert rules.equal(mine, theirs) is same
    assert rules.equal(theirs, mine) is same


_SCHEMA = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.lists(
                st.sampled_from(["string", "null", "object"]), min_size=1, max_size=2, unique=True
            ),
            "required": st.lists(st.sampled_from("abc"), max_size=3, unique=True),
            "enum": st.lists(st.integers() | st.text(max_size=2), max_size=2),
            "minimum": st.decimals("-9", "9", places=2),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(
                st.sampled_from(["id", "labels", "a"]), inner, max_size=2
            ),
            "items": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
        },
    ),
    max_leaves=6,
)


def _as_the_service_gives_it(schema: Any, at: str = "") -> Any:
    """Notes of its own at every level, single types in lists, other orders."""
    if isinstance(schema, list):
        return [_as_the_service_gives_it(one, at) for one in schema]
    found: dict[str, Any] = {"id": at, "labels": {}, "eventMetadata": {"x": 1}, "description": ""}
    for key, value in reversed(schema.items()):
        if key in ("type", "required"):
            found[key] = list(reversed(value))
        elif key == "properties":
            found[key] = {n: _as_the_service_gives_it(s, f"{at}/{n}") for n, s in value.items()}
        elif key in ("items", "anyOf"):
            found[key] = _as_the_service_gives_it(value, f"{at}/{key}")
        else:
            found[key] = value
    return found


@given(_SCHEMA)
def test_what_was_written_is_known_again_at_every_depth(schema: dict[str, Any]) -> None:
    text = dumps(schema)
    given_back = dumps(_as_the_service_gives_it(schema))
    assert rules.equal(text, given_back)
    assert rules.canonical(rules.canonical(schema)) == rules.canonical(schema)
    assert list(schema_problems(text)) == []
    assert not rules.equal(text, dumps({**schema, "maxLength": 5}))
    assert loads(text) == loads(dumps(loads(text)))


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


def _rule(index: int, name: str = "Event", **more: Any) -> dict[str, Any]:
    return {"type": "TRACK", "key": f"{name} {index}", "version": 1, "jsonSchema": {}, **more}


def test_batches_are_as_large_as_the_service_takes() -> None:
    many = [_rule(i) for i in range(450)]
    patches, removals = rules.batches(rules.diff([], many))
    assert [len(body["rules"]) for body in patches] == [200, 200, 50]
    assert removals == []
    patches, removals = rules.batches(rules.diff(many, []))
    assert patches == []
    assert len(removals) < 12


def _sent(query: dict[str, Any]) -> int:
    """Bytes of a query as the client sends it, brackets encoded."""
    target = Prepared(
        operation("removeRulesFromTrackingPlan"), {"trackingPlanId": "tp"}, query
    ).target
    return len(target.partition("?")[2].replace("[", "%5B").replace("]", "%5D"))


@given(st.lists(_NAMES, max_size=20, unique=True), st.integers(1, 300), st.sampled_from(" é@x日"))
def test_batches_cover_every_rule_once_and_fit(names: list[str], length: int, letter: str) -> None:
    old = [
        {"type": "TRACK", "key": f"{name}{index}{letter * length}", "version": version}
        for name in names
        for index, version in enumerate((Decimal("1.1"), 2, 0))
    ]
    changes = rules.diff([{**rule, "jsonSchema": {}} for rule in old], [])
    patches, queries = rules.batches(changes)
    assert patches == []
    assert [rule for query in queries for rule in query["rules"]] == old
    assert all(0 < len(query["rules"]) <= rules.PER_REQUEST for query in queries)
    assert all(_sent(query) <= rules.QUERY_BYTES for query in queries)
    patches, queries = rules.batches(rules.diff([], [{**rule, "jsonSchema": {}} for rule in old]))
    assert [rule for body in patches for rule in body["rules"]] == [
        {**rule, "jsonSchema": {}} for rule in old
    ]


def test_a_name_too_long_for_any_query_goes_alone() -> None:
    long = [_rule(0), _rule(1, "x" * 7000), _rule(2)]
    queries = rules.batches(rules.diff(long, []))[1]
    assert [len(query["rules"]) for query in queries] == [1, 1, 1]


def test_only_what_the_api_takes_is_sent() -> None:
    live = {
        "type": "IDENTIFY",
        "key": None,
        "version": Decimal("1.1"),
        "jsonSchema": {"type": "object"},
        "createdAt": "2026-01-01",
        "deprecatedAt": "0001-01-01T00:00:00.000Z",
    }
    taken = {"type": "IDENTIFY", "version": Decimal("1.1")}
    schema = {"jsonSchema": {"type": "object"}}
    assert rules.batches(rules.diff([], [live]))[0] == [{"rules": [{**taken, **schema}]}]
    assert rules.batches(rules.diff([live], []))[1] == [{"rules": [taken]}]
    assert rules.diff([live], [{**taken, "key": "", **schema}])[:2] == ([], [])


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
        ([_element(json_schema='{"maxLength":1.5}')], "/maxLength has to be a whole number"),
        ([_element(json_schema='{"maxLength":true}')], "/maxLength has to be a whole number"),
        ([_element(json_schema='{"minimum":"1"}')], "/minimum has to be a number"),
        ([_element(json_schema='{"multipleOf":0}')], "/multipleOf has to be more than 0"),
        ([_element(json_schema='{"minLength":Infinity}')], "NaN or Infinity"),
        ([_element(json_schema='{"enum":[{"a":[NaN]}]}')], "NaN or Infinity"),
        ([_element(json_schema='{"type":null}')], "/type is None"),
        ([_element(json_schema='{"type":[]}')], "/type is an empty list"),
        ([_element(json_schema='{"type":["string","string"]}')], "/type names a type twice"),
        ([_element(json_schema='{"type":{"a":1}}')], "/type is {'a': 1}"),
        ([_element(json_schema='{"required":["a","a"]}')], "/required names a property twice"),
        ([_element(json_schema='{"uniqueItems":1}')], "/uniqueItems has to be true or false"),
        ([_element(json_schema='{"enum":{}}')], "/enum has to be a list"),
        ([_element(json_schema='{"items":[1]}')], "/items has to be a schema"),
        ([_element(json_schema='{"not":[]}')], "/not has to be a schema"),
        ([_element(json_schema='{"dependencies":{"a":[1]}}')], "/dependencies/a has to be a list"),
        ([_element(json_schema='{"dependencies":[]}')], "/dependencies has to be an object"),
        ([_element(json_schema='{"pattern":1}')], "/pattern has to be a regular expression"),
        ([_element(json_schema='{"pattern":"(?<=x)y"}')], "look-around"),
        ([_element(json_schema='{"pattern":"(a)\\\\1"}')], "refers back to a group"),
        ([_element(json_schema='{"pattern":"^(a|b$"}')], "does not close what it opens"),
        ([_element(json_schema='{"pattern":"a)"}')], "does not close what it opens"),
        ([_element(json_schema='{"pattern":"[a-z"}')], "does not close what it opens"),
        ([_element(key=UNKNOWN, json_schema="{")], "rules.0.json_schema: a rule: it is not valid"),
        ([_element(type=UNKNOWN, json_schema="{")], "rules.0.json_schema: a rule: it is not valid"),
        ([_element(version=UNKNOWN, json_schema="{")], "0.json_schema: a rule: it is not valid"),
        ([_element(version=None, json_schema="{")], "0.json_schema: a rule: it is not valid"),
        ({"TRACK:A@1": {"json_schema": "{}"}}, "rules.TRACK:A@1: the key 'TRACK:A@1' is not in"),
        ({"TRACK:A@2.0": {"json_schema": "{}"}}, "the key 'TRACK:A@2.0' is not in its one form"),
        ({"IDENTIFY:A": {"json_schema": "{}"}}, "rules.IDENTIFY:A.key: a rule of type IDENTIFY"),
        ({"TRACK": {"json_schema": "{}"}}, "rules.TRACK.key: a TRACK rule needs the name"),
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


@pytest.mark.parametrize(
    "pattern",
    [
        r"^f\(?=x",
        r"[(?=]",
        r"(?:a|b)(?P<n>c)(?i)",
        r"[])a-z(]",
        r"[^]]",
        r"\[\)\\1",
        r"[\]()]",
        r"[[:alpha:]]+",
        r"\p{L}{2,}",
        "",
    ],
)
def test_good_patterns_pass(pattern: str) -> None:
    assert _check([_element(json_schema=dumps({"pattern": pattern}))]) == []


def test_names_that_are_keywords_are_no_keywords() -> None:
    schema = {
        "properties": {"type": {}, "required": {"type": "string"}, "pattern": {"enum": [1]}},
        "definitions": {"enum": True},
        "default": {"type": "no type"},
        "const": {"required": 5},
        "enum": [{"type": "no type"}],
        "labels": {"type": 5},
        "dependencies": {"a": ["b"], "c": {"required": ["d"]}},
        "maxLength": Decimal("2.0"),
        "multipleOf": Decimal("0.01"),
        "items": [{}, True],
        "if": {},
        "then": False,
    }
    assert _check([_element(json_schema=dumps(schema))]) == []


def test_only_a_set_is_warned_of_its_size() -> None:
    many = rules.check([_element(key=f"E{index}") for index in range(301)])
    assert [problem.severity for problem in many] == ["warning"]
    assert _check([_element(key=f"E{index}") for index in range(300)]) == []


def test_one_name_may_be_a_page_and_an_event() -> None:
    assert _check([_element(), _element(type="PAGE"), _element(type="PAGE", key=None)]) == []
