"""Update masks: of exactly what is given; nothing is emptied or ignored by chance."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segform import NOT_GIVEN, ConfigurationError, Secret
from segform.config_api import masks

from .stub import client, ok

D = "workspaces/acme/sources/js/destinations/braze"
FIELDS = ("display_name", "enabled", "connection_mode", "config")


@given(st.dictionaries(st.sampled_from(FIELDS), st.none() | st.booleans() | st.text(), min_size=1))
def test_the_mask_is_what_is_given(values: dict[str, Any]) -> None:
    """Data without a path is ignored, a path without data empties: so neither is ever sent."""
    body = masks.update("destination", dict.fromkeys(FIELDS, NOT_GIVEN) | values)
    assert body["destination"] == values
    assert set(body["update_mask"]["paths"]) == {f"destination.{name}" for name in values}


def test_nothing_to_change_is_an_error() -> None:
    made, script = client()
    updates: tuple[Callable[[], object], ...] = (
        lambda: made.destinations.update(D),
        lambda: made.tracking_plans.update("rs_1"),
        lambda: made.schema_config.update("js"),
        lambda: made.destinations.update(D, mask=[]),
    )
    for update in updates:
        with pytest.raises(ConfigurationError, match="nothing to change"):
            update()
    assert script.requests == []


def test_a_mask_of_ones_own() -> None:
    made, script = client(ok(name=D))
    made.destinations.update(D, enabled=True, mask=["enabled", "destination.display_name"])
    assert script.body() == {
        "destination": {"enabled": True},
        "update_mask": {"paths": ["destination.enabled", "destination.display_name"]},
    }


def test_a_mask_deeper_than_a_field() -> None:
    made, script = client(ok(name="x"))
    made.tracking_plans.update("rs_1", rules={"events": []}, mask=["rules.events"])
    assert script.body()["update_mask"] == {"paths": ["tracking_plan.rules.events"]}


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (["display_name"], "enabled would be ignored"),
        (["enabled", "catalog_id"], "has no field catalog_id"),
        ("destination.enabled", "a list of paths"),
    ],
)
def test_masks_that_would_do_something_else(mask: Any, words: str) -> None:
    made, script = client()
    with pytest.raises(ConfigurationError, match=words):
        made.destinations.update(D, enabled=True, mask=mask)
    assert script.requests == []


def test_an_empty_config_is_asked_for_in_so_many_words() -> None:
    made, script = client(ok(name=D))
    empty: Any
    for empty in ({}, []):
        with pytest.raises(ConfigurationError, match="would empty every option"):
            made.destinations.update(D, config=empty)
    made.destinations.update(D, config={}, mask=["destination.config"])
    assert script.body() == {
        "destination": {"config": []},
        "update_mask": {"paths": ["destination.config"]},
    }


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("UA-1", "string"),
        (True, "boolean"),
        (3, "number"),
        (Decimal("0.5"), "number"),
        (["a"], "list"),
        ({"a": "b"}, "map"),
    ],
)
def test_types_of_options(value: Any, kind: str) -> None:
    name = f"{D}/config/x"
    assert masks.config(D, {"x": value}) == [{"name": name, "type": kind, "value": value}]


def test_entries_of_the_api_itself() -> None:
    name = f"{D}/config/x"
    entries = [{"name": name, "type": "mixed", "value": [1]}, {"name": "y", "value": False}]
    assert masks.config(D, entries) == [
        {"name": name, "type": "mixed", "value": [1]},
        {"name": f"{D}/config/y", "type": "boolean", "value": False},
    ]
    # An option without a value is emptied.
    assert masks.config(D, {"x": None}) == [{"name": name, "value": None}]


def test_secrets_go_out_as_they_are() -> None:
    made, script = client(ok(name=D))
    made.destinations.update(D, config={"apiKey": Secret("k3y-of-braze"), "other": "plain-text"})
    values = [one["value"] for one in script.body()["destination"]["config"]]
    assert values == ["k3y-of-braze", "plain-text"]


@pytest.mark.parametrize("value", ["•" * 10, "•" * 10 + "abcd", ["•" * 12], {"k": "•" * 10}])
def test_masks_of_secrets_are_not_sent_back(value: Any) -> None:
    made, script = client()
    with pytest.raises(ConfigurationError, match="mask of a secret"):
        made.destinations.update(D, config={"apiKey": value})
    assert script.requests == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("apiKey", "a mapping of options"),
        (7, "a mapping of options"),
        ([{"value": 1}], "has a `name`"),
        ([{"name": "workspaces/acme/sources/js/destinations/ga/config/x"}], "another destination"),
        ({"a/b": 1}, "has a slash"),
    ],
)
def test_configs_that_are_none(config: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        masks.config(D, config)
