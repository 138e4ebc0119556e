"""Event classes: a model is a rule, and its instances keep to it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import jsonschema_rs
import pytest
from pydantic import BaseModel, Field, ValidationError

from segform.tracking import rules
from segform.tracking.events import Event


class Product(BaseModel):
    """A line of an order."""

    sku: str
    price: float = Field(ge=0)


class OrderCompleted(Event, name="Order Completed"):
    """An order was paid."""

    order_id: str
    total: float
    title: str | None = None
    currency: Literal["EUR", "USD"] = "EUR"
    products: list[Product] = Field(default_factory=list)
    paid: dt.datetime | None = None


class Customer(Event, call="IDENTIFY"):
    """Who bought."""

    email: str


class Node(BaseModel):
    """Refers to itself."""

    inner: Node | None = None


def test_a_model_is_a_rule() -> None:
    rule = OrderCompleted.rule()
    assert (rule["type"], rule["key"], rule["version"]) == ("TRACK", "Order Completed", 1)
    schema = rule["json_schema"]
    assert schema["description"] == "An order was paid."
    assert schema["required"] == ["properties"]
    inner = schema["properties"]["properties"]
    assert inner["required"] == ["order_id", "total"]
    assert inner["properties"]["title"] == {"type": ["string", "null"]}
    assert inner["properties"]["paid"] == {"type": ["string", "null"], "format": "date-time"}
    items = inner["properties"]["products"]["items"]
    assert items["properties"]["price"] == {"minimum": 0, "type": "number"}
    assert "$ref" not in str(schema)
    assert rules.check([{**rule, "json_schema": "{}"}]) == []


def test_traits_have_no_name() -> None:
    rule = Customer.rule()
    assert (rule["type"], rule["key"]) == ("IDENTIFY", None)
    assert list(rule["json_schema"]["properties"]) == ["traits"]


def _order(**changes: Any) -> OrderCompleted:
    values: dict[str, Any] = {"order_id": "o1", "total": 9.5, **changes}
    return OrderCompleted(**values)


def test_an_instance_is_a_message_that_keeps_to_the_rule() -> None:
    validator = jsonschema_rs.Draft7Validator(OrderCompleted.rule()["json_schema"])
    message = _order(products=[Product(sku="a", price=1)], paid=dt.datetime.now(dt.UTC)).message()
    assert message["event"] == "Order Completed"
    assert message["type"] == "track"
    assert validator.is_valid(message)
    assert not validator.is_valid({**message, "properties": {"total": "9"}})
    assert Customer(email="a@shop.example").message() == {
        "type": "identify",
        "traits": {"email": "a@shop.example"},
    }


@pytest.mark.parametrize("wrong", [{"total": "much"}, {"currency": "GBP"}, {"colour": "red"}])
def test_an_invalid_event_cannot_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _order(**wrong)


def test_classes_without_sense_are_refused() -> None:
    with pytest.raises(TypeError, match="needs a name"):
        type("Nameless", (Event,), {})
    with pytest.raises(TypeError, match="has no name"):

        class Named(Event, name="x", call="GROUP"):
            """A group with a name."""

    class Recursive(Event, name="Recursive"):
        """Cannot be said."""

        node: Node

    with pytest.raises(ValueError, match="refers to itself"):
        Recursive.rule()


def test_versions_go_along() -> None:
    class Second(Event, name="Order Completed", version=2):
        """The second version."""

    assert Second.rule()["version"] == 2
    assert Second().message()["context"] == {"protocols": {"event_version": 2}}
