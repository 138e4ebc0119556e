"""Pure checks: each refusal names the attribute and the mend, before any token is known."""

from __future__ import annotations

from typing import Any

import pytest

from segform.resources import data_sources, registry
from segform.resources.checks import fql_problems, run_pure
from segform.resources.values import UNKNOWN

GOOD: dict[str, dict[str, Any]] = {
    "source": {
        "slug": "web",
        "enabled": True,
        "metadata": {"id": "IqDTy1TpoU"},
        "settings": '{"websiteUrl":"https://shop.example"}',
        "labels": [{"key": "environment", "value": "prod"}],
    },
    "destination": {
        "source_id": UNKNOWN,
        "enabled": True,
        "metadata": {"id": "x"},
        "settings": "{}",
    },
    "destination_filter": {
        "destination_id": "d",
        "source_id": "s",
        "if": 'type = "track" and event = "Order (x)"',
        "title": "t",
        "enabled": True,
        "actions": [{"type": "DROP_PROPERTIES", "fields": '{"properties":["email"]}'}],
    },
    "label": {"key": "environment", "value": "prod"},
}


def _problems(name: str, **changes: Any) -> list[tuple[str, str]]:
    definition = {**data_sources(), **registry()}[name]
    values = {**GOOD.get(name, {}), **changes}
    found = run_pure(definition.about.checks, definition.attributes, values)
    return [(".".join(map(str, p.path)), f"{p.message} | {p.mend}") for p in found]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_configurations_pass(name: str) -> None:
    assert _problems(name) == []


@pytest.mark.parametrize(
    ("name", "changes", "path", "words"),
    [
        ("source", {"slug": ""}, "slug", "it is empty"),
        ("source", {"slug": "x" * 256}, "slug", "at most 255"),
        ("source", {"settings": "{"}, "settings", "not valid JSON"),
        ("source", {"settings": "[1]"}, "settings", "a JSON object, not an array"),
        (
            "source",
            {"labels": [{"key": "a", "value": "x"}, {"key": "a", "value": "y"}]},
            "labels.1.key",
            "given twice",
        ),
        ("destination", {"settings": '{"a":{"k":"••••••••••dada"}}'}, "settings", "/a/k holds"),
        ("destination_filter", {"if": " "}, "if", "FQL, line 1, column 1: it is empty"),
        ("destination_filter", {"if": "(a"}, "if", "not closed"),
        ("destination_filter", {"if": "a)"}, "if", "column 2"),
        ("destination_filter", {"if": 'a = "x'}, "if", "not closed"),
        ("destination_filter", {"if": "event == 'x'"}, "if", "Write `=`"),
        ("destination_filter", {"if": "contain(event, 'x')"}, "if", "contains"),
        ("destination_filter", {"actions": []}, "actions", "does nothing"),
        (
            "destination_filter",
            {"actions": [{"type": "DORP"}]},
            "actions.0.type",
            "Did you mean DROP?",
        ),
        (
            "destination_filter",
            {"actions": [{"type": "SAMPLE", "percent": 2}]},
            "actions.0.percent",
            "out of range",
        ),
        ("destination_filter", {"actions": [{"type": "SAMPLE"}]}, "actions.0.percent", "needs"),
        (
            "destination_filter",
            {"actions": [{"type": "DROP", "percent": 1}]},
            "actions.0.percent",
            "no meaning for DROP",
        ),
        (
            "destination_filter",
            {"actions": [{"type": "ALLOW_PROPERTIES", "fields": '["email"]'}]},
            "actions.0.fields",
            "map of objects",
        ),
        ("label", {"key": "1st"}, "key", "no label key"),
        ("label", {"value": "a b"}, "value", "no label value"),
        ("source_metadata", {}, "", "none is given"),
        ("source_metadata", {"id": "a", "slug": "b"}, "slug", "id and slug are given"),
    ],
)
def test_bad_configurations_are_refused(
    name: str, changes: dict[str, Any], path: str, words: str
) -> None:
    found = _problems(name, **changes)
    assert [(p, text) for p, text in found if p == path and words in text], found


def test_unknown_values_are_left_alone() -> None:
    everything = dict.fromkeys(registry()["destination_filter"].attributes, UNKNOWN)
    assert _problems("destination_filter", **everything) == []
    assert _problems("source", labels=[UNKNOWN], metadata=UNKNOWN) == []


def test_fql_problems_say_where_and_how_bad_it_is() -> None:
    [problem] = fql_problems("type = 'track'\nand (event = 'a'", ("if",))
    assert (problem.path, problem.severity) == (("if",), "error")
    assert problem.message.startswith("FQL, line 2, column 5: ")
    assert problem.mend
    # What the service stores for others can be planned, with a warning.
    [problem] = fql_problems("event == 'a'", ("trigger",))
    assert (problem.path, problem.severity) == (("trigger",), "warning")


def test_triggers_are_judged_as_triggers() -> None:
    nested = 'type = "track" and (event = "a" or (event = "b" and userId != null))'
    assert fql_problems(nested, ("if",)) == []
    assert fql_problems(nested, ("trigger",), trigger=True) != []


def test_brackets_inside_quotes_are_text() -> None:
    assert fql_problems(r"""event = "a ) ' (" and contains(event, ")")""", ("if",)) == []
