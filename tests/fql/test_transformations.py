"""What transformations make of events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform import fql
from segform.fql.transformations import NOTHING, at, changes

from .trees import events

EVENT: dict[str, Any] = {
    "type": "track",
    "event": "completed_order",
    "userId": "u1",
    "properties": {
        "total": 5,
        "order": {"id": "o1", "lines": [{"sku": "a"}]},
        "ingredients.salad": "yum",
        "country": "united states",
        "email": "ann@shop.example",
    },
    "context": {"ip": "127.0.0.1", "page": {"url": "/"}},
}


def applied(event: Mapping[str, Any] = EVENT, **change: Any) -> Any:
    before = json.dumps(event)
    found = fql.apply_transformation({"enabled": True, "if": "all", **change}, event)
    assert json.dumps(event) == before
    return found


def renamed(old: str, new: str, event: dict[str, Any] = EVENT) -> Any:
    return applied(event, propertyRenames=[{"oldName": old, "newName": new}])


def test_for_other_events_and_switched_off() -> None:
    rename: dict[str, Any] = {"newEventName": "Order Completed"}
    assert applied(**{**rename, "if": "event = 'x'"}) == EVENT
    assert applied(enabled=False, **rename) == EVENT


def test_a_track_call_gets_a_new_name() -> None:
    assert applied(newEventName="Order Completed")["event"] == "Order Completed"
    page = {"type": "page", "name": "Home"}
    assert applied(page, newEventName="Order Completed") == page


def test_drop_ignores_all_else() -> None:
    assert applied(drop=True, newEventName="x") is None
    other: dict[str, Any] = {"drop": True, "if": "event = 'x'"}
    assert applied(**other) == EVENT


@pytest.mark.parametrize("prefix", ["", "properties."])
def test_properties_are_renamed_and_moved(prefix: str) -> None:
    found = renamed(f"{prefix}total", f"{prefix}revenue")["properties"]
    assert found["revenue"] == 5
    assert "total" not in found
    found = renamed(f"{prefix}order.id", f"{prefix}order_id")["properties"]
    assert (found["order_id"], found["order"]) == ("o1", {"lines": [{"sku": "a"}]})
    found = renamed(f"{prefix}total", f"{prefix}sum.gross.value")["properties"]
    assert found["sum"] == {"gross": {"value": 5}}


def test_a_backslash_keeps_a_dot_in_a_name() -> None:
    found = renamed(r"ingredients\.salad", r"a\.b")["properties"]
    assert found["a.b"] == "yum"
    assert "ingredients.salad" not in found
    assert renamed("ingredients.salad", "x") == EVENT


def test_what_is_not_there_is_not_renamed() -> None:
    assert renamed("none", "x") == EVENT
    assert renamed("total.deeper", "x") == EVENT
    assert renamed("total", "total") == EVENT
    assert renamed("order.lines.$.sku", "x") == EVENT


def test_traits_of_identify_and_group_calls() -> None:
    event = {"type": "identify", "traits": {"mail": "x"}, "properties": {"mail": "y"}}
    assert renamed("mail", "email", event)["traits"] == {"email": "x"}
    assert renamed("traits.mail", "email", event)["traits"] == {"email": "x"}


def test_values_are_set_anywhere() -> None:
    change = [
        {"propertyPaths": ["properties.currency", "context.page.kind"], "propertyValue": "USD"},
        {"propertyPaths": ["channel"], "propertyValue": "web"},
    ]
    found = applied(propertyValueTransformations=change)
    assert found["properties"]["currency"] == found["context"]["page"]["kind"] == "USD"
    assert found["channel"] == "web"
    assert found["context"]["page"]["url"] == "/"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("uppercase(properties.country)", "UNITED STATES"),
        ('"fixed"', "fixed"),
        ("properties.total", 5),
        ("properties.total > 3", True),
        ("length(properties.order.lines)", 1),
        ("properties.none", None),
        ("[1, properties.total]", [1, 5]),
        ("properties.order", {"id": "o1", "lines": [{"sku": "a"}]}),
        ("all", True),
    ],
)
def test_a_property_that_fql_defines(text: str, value: Any) -> None:
    change = [{"fql": text, "propertyName": "properties.made"}]
    found = applied(fqlDefinedProperties=change)
    assert found["properties"]["made"] == value


def test_only_allowed_properties_stay() -> None:
    found = applied(allowProperties=["properties.total", "order.id", "properties.none"])
    assert found["properties"] == {"total": 5, "order": {"id": "o1"}}
    assert (found["context"], found["userId"]) == (EVENT["context"], "u1")
    found = applied(allowProperties=["context.ip"])
    assert (found["context"], found["properties"]) == ({"ip": "127.0.0.1"}, EVENT["properties"])
    assert applied(allowProperties=[]) == EVENT


def hashed(**config: Any) -> Any:
    return applied(hashPropertiesConfiguration={"paths": ["email", "none"], **config})["properties"]


def test_values_are_hashed() -> None:
    mail = EVENT["properties"]["email"].encode()
    plain = hashlib.sha256(mail)
    assert hashed(algorithm="SHA256")["email"] == plain.hexdigest()
    assert hashed(algorithm="sha-256", encoding="BASE16")["email"] == plain.hexdigest().upper()
    assert hashed(algorithm="MD5")["email"] == hashlib.md5(mail).hexdigest()
    assert hashed(algorithm="sha512", encoding="BASE64")["email"] == (
        base64.b64encode(hashlib.sha512(mail).digest()).decode()
    )
    assert hashed(algorithm="sha1", encoding="BASE64URL")["email"] == (
        base64.urlsafe_b64encode(hashlib.sha1(mail).digest()).decode()
    )
    keyed = hmac.new(b"key", mail, "sha256").hexdigest()
    assert hashed(algorithm="HMAC_SHA256", key="key")["email"] == keyed
    assert "none" not in hashed(algorithm="SHA256")
    number = applied(hashPropertiesConfiguration={"algorithm": "md5", "paths": ["total"]})
    assert number["properties"]["total"] == hashlib.md5(b"5").hexdigest()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hashPropertiesConfiguration": {"algorithm": "rot13", "paths": ["a"]}}, "no algorithm"),
        (
            {"hashPropertiesConfiguration": {"algorithm": "md5", "encoding": "X", "paths": ["a"]}},
            "no encoding",
        ),
        ({"propertyRenames": [{"oldName": "\\", "newName": "x"}]}, "is no path"),
        ({"propertyRenames": [{"oldName": "total", "newName": ""}]}, "is no path"),
        ({"fqlDefinedProperties": [{"fql": "foo(a)", "propertyName": "b"}]}, "no function foo"),
        ({"if": "a =="}, "no `==`"),
    ],
)
def test_what_cannot_be_carried_out_raises(change: dict[str, Any], words: str) -> None:
    with pytest.raises(fql.FQLError, match=words):
        applied(**change)


def test_in_words() -> None:
    said = list(
        changes(
            {
                "newEventName": "B",
                "propertyRenames": [{"oldName": "a", "newName": "b"}],
                "propertyValueTransformations": [
                    {"propertyPaths": ["c", "d"], "propertyValue": "1"}
                ],
                "fqlDefinedProperties": [{"fql": "lowercase(a)", "propertyName": "e"}],
                "allowProperties": ["f"],
                "hashPropertiesConfiguration": {"algorithm": "SHA256", "paths": ["g"]},
            }
        )
    )
    assert said == [
        "calls it “B”",
        "renames “a” to “b”",
        "sets “c”, “d” to “1”",
        "sets “e” to lowercase(a)",
        "keeps only “f”",
        "hashes “g” by SHA256",
    ]
    assert list(changes({"drop": True, "newEventName": "B"})) == ["drops the event"]


_paths = st.lists(st.sampled_from(["a", "b", "c", "properties", "1"]), min_size=1, max_size=3).map(
    ".".join
)


@settings(max_examples=200, deadline=None)
@given(_paths, _paths, events)
def test_a_renamed_property_keeps_its_value(old: str, new: str, event: dict[str, Any]) -> None:
    old, new = f"properties.{old}", f"properties.{new}"
    event = {**event, "type": "track"}
    rename = {"if": "all", "propertyRenames": [{"oldName": old, "newName": new}]}
    changed = fql.apply_transformation(rename, event)
    value = at(event, tuple(old.split(".")))
    if value is NOTHING or old == new:
        assert repr(changed) == repr(event)
        return
    assert at(changed, tuple(new.split("."))) is value
    if not new.startswith(f"{old}."):
        assert at(changed, tuple(old.split("."))) is NOTHING
