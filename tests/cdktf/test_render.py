"""From Python arguments to Terraform's configuration values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from segform.resources import Items, registry
from segform.resources.definition import JSON, NUMBER, RULE_SCHEMA, SETTINGS, STRING
from segform_cdktf.render import is_token, literal_secrets, render

RULES = registry()["tracking_plan"].attributes["rules"].type
ACTIONS = registry()["destination_filter"].attributes["actions"].type
SETTINGS_OF_SOURCE = registry()["source"].attributes["settings"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (STRING, "a", "a"),
        (STRING, None, None),
        (NUMBER, 1.5, 1.5),
        (NUMBER, Decimal("0.1"), "0.1"),
        (NUMBER, 9007199254740993, "9007199254740993"),
        (Items("set", STRING), ["a", "b"], ["a", "b"]),
        (Items("map", NUMBER), {"a": Decimal("1.1")}, {"a": "1.1"}),
        (JSON, '{ "as": "written" }', '{ "as": "written" }'),
        (JSON, {"b": [1, True, None], "a": "é"}, '{"b": [1, true, null], "a": "é"}'),
    ],
)
def test_values(kind: Any, value: object, expected: object) -> None:
    assert render(kind, value, "x") == expected


@pytest.mark.parametrize("kind", [JSON, SETTINGS, RULE_SCHEMA])
def test_a_dollar_brace_in_json_is_data(kind: Any) -> None:
    text = render(kind, {"pattern": "^${a}%{b}$"}, "x")
    assert json.loads(text.replace("$${", "${").replace("%%{", "%{")) == {"pattern": "^${a}%{b}$"}
    assert "$${a}%%{b}" in text


def test_nested_objects_lose_nulls_and_keep_exact_numbers() -> None:
    value: object = [{"type": "TRACK", "key": None, "version": Decimal("1.1"), "json_schema": {}}]
    assert render(RULES, value, "rules") == [
        {"type": "TRACK", "version": "1.1", "json_schema": "{}"}
    ]


def test_json_inside_nested_objects() -> None:
    value = ({"type": "DROP_PROPERTIES", "fields": {"context": ["ip"]}},)
    assert render(ACTIONS, value, "actions") == [
        {"type": "DROP_PROPERTIES", "fields": '{"context": ["ip"]}'}
    ]


def test_an_unknown_name_is_refused_with_its_path_and_the_known_ones() -> None:
    with pytest.raises(TypeError, match=r"actions\[0\] has no attribute 'kind'.*percent"):
        render(ACTIONS, [{"kind": "DROP"}], "actions")


def test_what_only_the_service_gives_is_refused() -> None:
    metadata = registry()["source"].attributes["metadata"].type
    with pytest.raises(TypeError, match="'slug'"):
        render(metadata, {"id": "x", "slug": "javascript"}, "metadata")


def test_what_is_not_json_is_refused_with_its_path() -> None:
    with pytest.raises(TypeError, match="Source 'web': settings cannot be written as JSON"):
        render(SETTINGS, {"when": {1, 2}.__iter__}, "Source 'web': settings")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"apiKey": "abc", "nested": {"clientSecret": "x"}}, ["apiKey", "nested.clientSecret"]),
        ('{"password": "x"}', ["password"]),
        ({"apiKey": "${TfToken[TOKEN.1]}", "secret": "", "region": "eu"}, []),
        ("not json", []),
        ("${TfToken[TOKEN.2]}", []),
    ],
)
def test_literals_that_are_named_like_secrets(value: Any, expected: list[str]) -> None:
    found = literal_secrets(SETTINGS_OF_SOURCE, value)
    assert found == [f"settings.{path}" for path in expected]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("${TfToken[TOKEN.1]}", True),
        ("#{TfToken[TOKEN.1]}", True),
        ("${var.x}", False),
        (-1.8881545897087505e289, False),
        (-1.8881545897087505e308, True),
        (True, False),
        (None, False),
    ],
)
def test_tokens_are_recognised(value: Any, expected: bool) -> None:
    assert is_token(value) is expected
