"""The compiled form: pairs of text and form as the service gives them, and what it cannot say."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from segform import fql

T = {"value": "track"}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (
            'event = "munanyo" and type = "track" and properties.referrer = "x"',
            [
                "and",
                ["=", "event", {"value": "munanyo"}],
                ["and", ["=", "type", T], ["=", "properties.referrer", {"value": "x"}]],
            ],
        ),
        (
            '!(event = "A" or event = "B")',
            ["!", ["or", ["=", "event", {"value": "A"}], ["=", "event", {"value": "B"}]]],
        ),
        ("a or b or c or d", ["or", "a", ["or", "b", ["or", "c", "d"]]]),
        ("properties.enabled", "properties.enabled"),
        ("true", {"value": True}),
        ("a in [1, 'x', b.c, null, 1.50]", None),
        ("a != null", ["!=", "a", {"value": None}]),
        ("a <= -1", ["<=", "a", {"value": -1}]),
        ("contains(a, 'x')", ["contains", "a", {"value": "x"}]),
        ("match(a, 'é\"*')", ["match", "a", {"value": 'é"*'}]),
        ("lowercase(a) = 'x'", ["=", ["lowercase", "a"], {"value": "x"}]),
        ("length(a) > 0", [">", ["length", "a"], {"value": 0}]),
        ("typeof(a) = 'list'", ["=", ["typeof", "a"], {"value": "list"}]),
        ("semver(a, '>', '1')", ["semver", "a", {"value": ">"}, {"value": "1"}]),
        (r"properties.product\ 1", "properties.product 1"),
    ],
)
def test_forms(text: str, form: Any) -> None:
    if form is None:
        items: list[Any] = [{"value": 1}, {"value": "x"}, "b.c", {"value": None}, {"value": 1.5}]
        form = ["in", "a", {"value": items}]
    assert json.loads(fql.to_ir(text)) == form


def test_numbers_stay_exact() -> None:
    found = json.loads(fql.to_ir("a = 9007199254740993.10"), parse_float=Decimal)
    assert found[2] == {"value": Decimal("9007199254740993.1")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("all", 'matcher of the type "all"'),
        (r"a\.b = 1", "no way to write the key 'a.b'"),
        ("uppercase(a) = 'X'", "does not know uppercase"),
        ("foo(a)", "does not know foo"),
        ("contains(a)", "takes 2"),
    ],
)
def test_what_it_cannot_say(text: str, words: str) -> None:
    with pytest.raises(fql.FQLError, match=words):
        fql.to_ir(text)


def test_rules() -> None:
    rule = fql.to_rule(
        {
            "if": "type='track'",
            "actions": [
                {"type": "SAMPLE", "percent": Decimal("0.5"), "path": "userId"},
                {"type": "DROP_PROPERTIES", "fields": {"properties": ["email"]}},
                {"type": "ALLOW_PROPERTIES", "fields": {"traits": ["plan"]}},
                {"type": "DROP"},
            ],
        },
        "Amplitude",
    )
    assert json.loads(json.dumps(rule)) == {
        "scope": "destinations",
        "target_type": "workspace::project::destination::config",
        "destinationName": "Amplitude",
        "matchers": [
            {
                "type": "fql",
                "ir": '["=","type",{"value":"track"}]',
                "config": {"expr": 'type = "track"'},
            }
        ],
        "transformers": [
            [
                {
                    "type": "sample_event",
                    "config": {"sample": {"percent": 0.5, "path": "userId"}},
                },
                {"type": "drop_properties", "config": {"drop": {"properties": ["email"]}}},
                {"type": "allow_properties", "config": {"allow": {"traits": ["plan"]}}},
                {"type": "drop"},
            ]
        ],
    }
    whole = fql.to_rule({"if": "all", "actions": [{"type": "SAMPLE", "percent": 1}]})
    assert whole["matchers"] == [{"type": "all", "ir": ""}]
    assert "destinationName" not in whole
    with pytest.raises(fql.FQLError, match="no action"):
        fql.to_rule({"if": "all", "actions": [{"type": "DORP"}]})
