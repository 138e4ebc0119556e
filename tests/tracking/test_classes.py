"""Classes, files and rules are one thing: each leads to the others and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError, create_model

from segform.tracking import diff, lint, validate
from segform.tracking.classes import event_class
from segform.tracking.events import Event
from segform.tracking.files import dump, load_text
from segform.tracking.planned import PlannedEvent, planned_event

from .test_event_files import planned


class Line(BaseModel):
    """A line of an order."""

    sku: str
    note: str | None = None
    price: float = Field(ge=0, multiple_of=0.01)


class OrderCompleted(
    Event,
    name="Order Completed",
    why="Revenue by channel.",
    owner="growth",
    destinations=["amplitude", "braze"],
):
    """An order was paid."""

    order_id: str = Field(alias="Order ID", description="Id of the order.")
    total: Decimal
    lines: list[Line]
    currency: Literal["EUR", "USD"] = "EUR"
    paid: dt.datetime | None = None
    voucher: str | None


def test_the_answers_are_part_of_the_event() -> None:
    event = OrderCompleted.planned()
    assert (event.why, event.owner) == ("Revenue by channel.", "growth")
    assert event.destinations == ("amplitude", "braze")
    assert event.rule() == OrderCompleted.rule()
    assert event.api_rule()["jsonSchema"] == event.schema


@pytest.mark.parametrize("as_json", [True, False])
def test_class_to_file_to_class_to_rule(as_json: bool) -> None:
    text = dump(OrderCompleted, as_json=as_json)
    event = load_text(text, is_json=as_json)
    assert event == OrderCompleted.planned()
    again = event_class(event)
    assert again.planned() == event
    assert again.rule() == OrderCompleted.rule()
    assert dump(again, as_json=as_json) == text
    assert again.__name__ == "OrderCompleted"
    assert diff([OrderCompleted.planned().api_rule()], [event.api_rule()]) == []


_TYPES: list[Any] = [
    str,
    int,
    float,
    bool,
    str | None,
    list[int],
    dict[str, str],
    Line,
    dt.date,
    Any,
]


@st.composite
def classes(draw: st.DrawFn) -> type[Event]:
    fields: dict[str, Any] = {}
    for index in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(_TYPES))
        alias = draw(st.none() | st.sampled_from([f"Property {index}", f"a.b{index}", f"é{index}"]))
        default = draw(st.booleans())
        fields[f"field_{index}"] = (
            (kind | None, Field(default=None, alias=alias))
            if default
            else (kind, Field(alias=alias))
        )
    call = draw(st.sampled_from(["TRACK", "PAGE", "IDENTIFY"]))
    arguments = {
        "call": call,
        "name": None if call == "IDENTIFY" else draw(st.text("abc :@1", min_size=1)),
        "version": draw(st.sampled_from([1, 2, 3])),
        "why": draw(st.text("ab\n", max_size=4)),
        "owner": draw(st.sampled_from(["", "growth"])),
        "destinations": draw(st.lists(st.sampled_from(["ga4", "braze"]), unique=True)),
    }
    doc = draw(st.none() | st.just("What it is."))
    made: type[Event] = create_model(
        "Made", __base__=Event, __cls_kwargs__=arguments, __doc__=doc, **fields
    )
    return made


@settings(max_examples=40)
@given(classes(), st.booleans())
def test_any_class_survives_the_way_through_a_file(made: type[Event], as_json: bool) -> None:
    event = load_text(dump(made, as_json=as_json), is_json=as_json)
    assert event == made.planned()
    assert event_class(event).planned() == event
    assert planned_event(made.rule()).schema == event.schema


@settings(max_examples=40)
@given(planned())
def test_any_event_is_a_class_and_back(event: PlannedEvent) -> None:
    made = event_class(event)
    assert made.planned() == event
    assert planned_event(made) == event
    assert made.rule()["json_schema"] == event.schema


def test_instances_of_both_say_the_same() -> None:
    values: dict[str, Any] = {"Order ID": "o1", "total": 9, "lines": [], "voucher": None}
    mine = OrderCompleted.model_validate(values)
    assert mine.message()["properties"] == {
        "Order ID": "o1",
        "total": "9",
        "lines": [],
        "currency": "EUR",
        "voucher": None,
    }
    theirs = event_class(OrderCompleted)
    found = theirs.model_validate(values).message()
    assert found["properties"] == values
    assert validate([OrderCompleted.planned().api_rule()], found) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total": []}, "total"),
        ({"Order ID": 5}, "Order ID"),
        ({"lines": [{"sku": "a"}]}, "properties.lines.0.price is required"),
        ({"colour": "red"}, "colour"),
        ({"currency": "GBP"}, "properties.currency"),
    ],
)
def test_a_class_of_a_file_keeps_to_its_whole_schema(change: Any, said: str) -> None:
    made = event_class(OrderCompleted)
    values: dict[str, Any] = {"Order ID": "o1", "total": 9, "lines": [], "voucher": None}
    with pytest.raises(ValidationError, match=said):
        made.model_validate({**values, **change})


def test_what_was_not_given_is_left_out_and_none_that_was_is_sent() -> None:
    class Odd(Event, name="Odd"):
        """Odd."""

        a: str | None = None
        b: str | None = None
        lines: list[Line] = Field(default_factory=list)
        by_name: dict[str, Line] = Field(default_factory=dict)

    line = Line(sku="x", price=1, note=None)
    plain = Line(sku="y", price=2)
    found = Odd(a=None, lines=[line, plain], by_name={"z": plain}).message()["properties"]
    assert found == {
        "a": None,
        "lines": [{"sku": "x", "note": None, "price": 1.0}, {"sku": "y", "price": 2.0}],
        "by_name": {"z": {"sku": "y", "price": 2.0}},
    }


def test_names_that_are_none_of_python() -> None:
    properties = {
        name: {"type": "string"}
        for name in ("class", "1st", "rule", "model_x", "é", "a b", "a.b", "_", "copy", "a_b")
    }
    event = load_text(f'{{"name": "Odd", "properties": {_json(properties)}}}', is_json=True)
    made = event_class(event)
    values = dict.fromkeys(properties, "x")
    assert made.model_validate(values).message()["properties"] == values


def _json(value: Any) -> str:
    import json

    return json.dumps(value)


def test_mistakes_in_a_class_are_told() -> None:
    with pytest.raises(TypeError, match=r"`destinations` is a list: \['ga4'\]"):

        class Wrong(Event, name="Wrong", destinations="ga4"):
            """A text for a list."""

    class Nameless(Event, call="PAGE"):
        """All pages."""

    assert Nameless.rule()["key"] is None
    assert Nameless().message() == {"type": "page", "properties": {}}


def test_classes_are_linted_with_their_answers() -> None:
    class Bare(Event, name="Bare Event"):
        """Something happened."""

    assert [one.rule for one in lint([Bare])] == ["SEG203", "SEG204", "SEG205"]


def test_what_a_class_requires_of_its_base() -> None:
    class Base(Event, name="Base"):
        """A base."""

        a: str | None = Field(default=None, alias="A b")
        b: Line | None = None

    class Strict(Base, name="Strict", required=["a", "b"]):
        """Needs both."""

    found = Strict.planned()
    assert found.required == ("A b", "b")
    assert found.properties["A b"] == {"type": "string"}
    assert found.properties["b"]["type"] == "object"
    assert Base.planned().required == ()
    with pytest.raises(ValidationError, match="b is required"):
        Strict.model_validate({"A b": "x"})
