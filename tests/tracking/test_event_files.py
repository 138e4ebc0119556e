"""Event files: read and written, errors by line and column, class to file to rules and back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segform.tracking.files import (
    EventFileError,
    dump,
    load_file,
    load_folder,
    load_text,
    write_folder,
)
from segform.tracking.files.loading import published_schema
from segform.tracking.files.reading import ReadError, places, read
from segform.tracking.planned import PlannedEvent

FILE = """\
name: Order Completed
description: An order was paid.
why: Revenue by channel.
owner: growth
destinations: [amplitude, braze]
properties:
  order_id: {type: string, description: Id of the order.}
  total:
    type: number
    minimum: 0
  "no": {type: [boolean, "null"]}
required: [order_id, total]
"""


def test_a_file_is_an_event() -> None:
    event = load_text(FILE, "order_completed.yaml")
    assert event.key == "TRACK:Order Completed"
    assert (event.why, event.owner) == ("Revenue by channel.", "growth")
    assert event.destinations == ("amplitude", "braze")
    assert list(event.properties) == ["order_id", "total", "no"]
    assert event.required == ("order_id", "total")
    assert event.schema["required"] == ["properties"]
    assert event.description == "An order was paid."
    assert str(event.place) == "order_completed.yaml:1:1"


def test_json_and_yaml_are_equal_citizens() -> None:
    event = load_text(FILE)
    again = load_text(dump(event, as_json=True), is_json=True)
    assert again == event == load_text(dump(event))


@pytest.mark.parametrize("as_json", [True, False])
def test_rules_as_the_api_gives_them_have_exact_numbers(as_json: bool) -> None:
    """The client reads fractions as Decimal; a file has them as they are, digit for digit."""
    inner = {"price": {"type": "number", "minimum": Decimal("0.1"), "maximum": Decimal("1E+3")}}
    digits = "0.12345678901234567890123"
    inner["exact"] = {"type": "number", "multipleOf": Decimal(digits)}
    schema = {
        "type": "object",
        "properties": {"properties": {"type": "object", "properties": inner}},
    }
    rule = {"type": "TRACK", "key": "Order", "version": Decimal("1.5"), "jsonSchema": schema}
    text = dump(rule, as_json=as_json)
    assert digits in text
    found = load_text(text, is_json=as_json)
    assert found.key == "TRACK:Order@1.5"
    assert found.properties["price"] == {"type": "number", "minimum": 0.1, "maximum": 1000}


def test_words_that_yaml_takes_for_something_else_are_text() -> None:
    value = read("a: no\nb: 2026-01-31\nc: 0x10\nd: 1_000\ne: 12:30\nf: .5\ng: on\n", is_json=False)
    assert value == {
        "a": "no",
        "b": "2026-01-31",
        "c": "0x10",
        "d": "1_000",
        "e": "12:30",
        "f": ".5",
        "g": "on",
    }
    assert read("[1, -2, 1.5, 1e3, true, null, '1', ~, '']", is_json=False) == [
        1, -2, 1.5, 1000.0, True, None, "1", None, ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "<text>:2:1: "),
        ("name: a\nname: b\n", "<text>:2:1: the key 'name' is there twice"),
        ("name: &x a\nwhy: *x\n", "<text>:1:7: tags and anchors are not taken"),
        ("name: !!python/object a\n", "<text>:1:7: tags and anchors"),
        ("<<: {name: a}\n", "<text>:1:1: merge keys are not taken"),
        ("name: a\n---\nname: b\n", "<text>:2:1: there is a second document"),
        ("", "<text>:1:1: the file is empty"),
        ("- name: a\n", "<text>:1:1: an event file holds one event"),
        ("name: a\nowners: growth\n", "<text>:2:1: there is no 'owners' in an event file. Did you"),
        ("why: a\n", "<text>:1:1: the event has no name"),
        ("name: a\ncall: tracks\n", "<text>:2:1: `call` is 'tracks'. Write one of track"),
        ("name: 5\n", "<text>:1:1: `name` has to be a text"),
        ("name: a\ncall: identify\n", "<text>:1:1: a rule for identify calls has no name"),
        ("name: a\ntraits: {}\n", "<text>:2:1: track calls have properties, not traits"),
        ("call: group\nproperties: {}\n", "<text>:2:1: group calls have traits"),
        ("name: a\ndestinations: ga4\n", "<text>:2:1: `destinations` has to be a list of texts"),
        ("name: a\ndestinations: [ga4,\n  7]\n", "<text>:3:3: `destinations` has to be a list"),
        ("name: a\ndestinations: [x, x]\n", "<text>:2:19: 'x' is there twice"),
        ("name: a\nversion: two\n", "<text>:2:1: `version` has to be a number"),
        ("name: a\nproperties:\n  b:\n    type: strin\n", "<text>:4:5: type is 'strin'"),
        ("name: a\nproperties:\n  b c:\n    items: {type: [x]}\n", "<text>:4:13: type is 'x'"),
        ("name: a\nproperties: {b: {pattern: '(?!x)'}}\n", "<text>:2:18: pattern uses look"),
        ("name: a\nproperties: {b: 5}\n", "<text>:2:14: it has to be a schema"),
        ("name: a\nproperties: []\n", "<text>:2:1: `properties` has to be names"),
        ("name: a\nproperties: {total: {}}\nrequired: [totl]\n", "<text>:3:12: `totl` is required"),
        ("name: a\njson_schema: {}\nrequired: [x]\n", "<text>:3:1: `required` is given beside"),
        ("name: a\njson_schema: {type: strin}\n", "<text>:2:15: type is 'strin'"),
        ("name: a\njson_schema: 5\n", "<text>:2:1: `json_schema` has to be an object"),
        ("call: common\n", "<text>:1:1: a rule for all calls is about whole messages"),
        ("name: a\nwhy: \x07\n", "<text>:2:1: characters that YAML does not allow"),
        ("{? [a] : b}", "<text>:1:4: a key has to be a text"),
        ("a: " + "[" * 80, "it is nested deeper than 60 levels"),
    ],
)  # fmt: skip
def test_errors_name_file_line_and_column(text: str, said: str) -> None:
    with pytest.raises(EventFileError) as error:
        load_text(text)
    assert said in str(error.value)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": "a",\n "owner": }', "x.json:2:11: Expecting value"),
        ('{"name": "a",\n\t"ownr": "b"}', "x.json:2:2: there is no 'ownr'"),
        ('{"name": "a", "name": "b"}', "x.json:1:1: the key 'name' is there twice"),
        ('{"name": "a", "version": NaN}', "NaN is no number of JSON"),
        ("[" * 100_000, "x.json:1:1: it is nested deeper"),
        ('{"name": "a", "properties": {"b": {"type": 5}}}', "x.json:1:36: type is 5"),
    ],
)
def test_errors_in_json(text: str, said: str) -> None:
    with pytest.raises(EventFileError) as error:
        load_text(text, "x.json", is_json=True)
    assert said in str(error.value)


def test_what_is_no_text_and_what_is_too_large(tmp_path: Path) -> None:
    odd = tmp_path / "a.yaml"
    odd.write_bytes(b"name: \xff\xfe")
    with pytest.raises(EventFileError, match=r"a\.yaml:1:1: it is not UTF-8"):
        load_file(odd)
    odd.write_text("name: a\nwhy: " + "x" * 3_000_000)
    with pytest.raises(EventFileError, match="larger than 2 MiB"):
        load_file(odd)
    odd.write_bytes(b"\xef\xbb\xbfname: With a mark\n")
    assert load_file(odd).name == "With a mark"


def test_a_folder_is_a_plan(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_text("nonsense: 1")
    (tmp_path / "_draft.yaml").write_text("nonsense: 1")
    (tmp_path / "README.md").write_text("Events")
    (tmp_path / "b.yml").write_text("name: B\n")
    (tmp_path / "a.json").write_text('{"name": "A"}')
    (tmp_path / "checkout" / "c.yaml").write_text("name: C\nversion: 2\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [event.key for event in load_folder(tmp_path)] == ["TRACK:A", "TRACK:B", "TRACK:C@2"]
    (tmp_path / "d.yaml").write_text("name: A\n")
    (tmp_path / "e.yaml").write_text("name: E\nowner: 5\n")
    with pytest.raises(EventFileError) as error:
        load_folder(tmp_path)
    first, second = error.value.problems
    assert "the event TRACK:A is there twice" in first.message
    assert str(second).startswith(f"{tmp_path}/e.yaml:2:1: `owner` has to be a text")


PUBLISHED = Path(__file__).parents[2] / "contract" / "schemas" / "event.schema.json"


def test_the_published_schema_is_the_packaged_one() -> None:
    assert json.loads(PUBLISHED.read_text()) == published_schema()


@pytest.mark.parametrize(
    ("form", "valid"),
    [
        ({"name": "a"}, True),
        ({}, False),
        ({"name": ""}, False),
        ({"name": "a", "call": "identify"}, False),
        ({"call": "identify", "traits": {"a": {"type": "string"}}}, True),
        ({"call": "identify", "properties": {}}, False),
        ({"name": "a", "traits": {}}, False),
        ({"call": "page"}, True),
        ({"call": "common"}, False),
        ({"call": "common", "json_schema": {"type": "object"}}, True),
        ({"name": "a", "properties": {"b": {"type": "strin"}}}, False),
        ({"name": "a", "destinations": ["x", "x"]}, False),
        ({"name": "a", "version": "1"}, False),
        ({"name": "a", "owners": "x"}, False),
        ({"name": "a", "owner": None, "properties": None}, True),
    ],
)
def test_editors_and_we_say_the_same(form: dict[str, Any], valid: bool) -> None:
    schema = jsonschema_rs.validator_for(published_schema())
    assert schema.is_valid(form) is valid
    try:
        load_text(json.dumps(form), is_json=True)
    except EventFileError:
        assert not valid
    else:
        assert valid


_NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
)
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20
) | st.sampled_from(
    [
        "no",
        "1e3",
        "null",
        "~",
        "- a",
        "a: b",
        "#x",
        "0x1",
        "1_0",
        "2026-01-31",
        " x ",
        "é\n\nb",
        "'",
        '"',
    ]
)
# Above 2**53 the digits that a float is written with are another whole number than the float.
_FLOATS = st.floats(-(2**53), 2**53)
_SCALARS = st.one_of(_TEXTS, st.integers(), _FLOATS, st.booleans(), st.none())
_PROPERTY = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "number", ["integer", "null"]]),
        "description": _TEXTS,
        "enum": st.lists(_SCALARS, max_size=3),
        "minimum": st.integers(-5, 5) | st.floats(-5, 5),
    },
)  # fmt: skip


@st.composite
def planned(draw: st.DrawFn) -> PlannedEvent:
    from segform.tracking.files.form import schema_of_properties

    call = draw(st.sampled_from(["TRACK", "PAGE", "SCREEN", "IDENTIFY", "GROUP"]))
    properties = draw(st.dictionaries(_NAMES, _PROPERTY, max_size=4))
    required = (
        draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    )
    schema: Any = schema_of_properties(call, properties, required, draw(_TEXTS))
    if draw(st.booleans()):
        schema = {**schema, "properties": {**schema["properties"], "context": {"type": "object"}}}
    return PlannedEvent(
        call,
        draw(_NAMES) if call in ("TRACK", "PAGE", "SCREEN") else None,
        draw(st.sampled_from([1, 2, 1.1, 10])),
        schema,
        draw(_TEXTS),
        draw(_TEXTS),
        tuple(draw(st.lists(_NAMES, unique=True, max_size=3))),
    )


@settings(max_examples=50)
@given(planned(), st.booleans())
def test_an_event_written_and_read_is_the_same(event: PlannedEvent, as_json: bool) -> None:
    text = dump(event, as_json=as_json)
    assert jsonschema_rs.is_valid(published_schema(), read(text, is_json=as_json))
    again = load_text(text, is_json=as_json)
    assert again == event
    assert again.rule() == event.rule()
    assert dump(again, as_json=as_json) == text


@settings(max_examples=15)
@given(st.lists(planned(), max_size=4, unique_by=lambda event: event.key))
def test_a_plan_written_and_read_is_the_same(
    tmp_path_factory: Any, events: list[PlannedEvent]
) -> None:
    folder = tmp_path_factory.mktemp("plan")
    paths = write_folder(events, folder)
    assert len(set(paths)) == len(events)
    found = {event.key: event for event in load_folder(folder)}
    assert found == {event.key: event for event in events}


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES)
def test_json_text_is_read_alike_by_both_readers(value: Any) -> None:
    text = json.dumps(value)
    assert read(text, is_json=True) == value
    if "\\u" not in text:
        assert read(text, is_json=False) == value


_PIECES = [
    "a: ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "&a ",
    "*a",
    "!!x ",
    "|",
    ">",
    "? ",
    "#",
    "%",
]


@given(st.text(max_size=60) | st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
def test_no_text_does_harm(text: str) -> None:
    for is_json in (True, False):
        try:
            load_text(text, is_json=is_json)
        except EventFileError as error:
            lines = [problem.place.line for problem in error.problems]
        else:
            lines = [1]
        assert min(lines) >= 1


def test_places_of_parts() -> None:
    found = places("a: 1\nb:\n  - x\n  - {c: 2}\n", is_json=False)
    assert found == {
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 6),
    }


def test_without_pyyaml_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ImportError, match=r'pip install "segform\[tracking\]"'):
        load_text("name: a\n")
    with pytest.raises(ImportError, match="PyYAML"):
        dump(PlannedEvent("TRACK", "a", 1, {}))
    assert load_text('{"name": "a"}', is_json=True).name == "a"


def test_the_pure_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    expected = load_text(FILE)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert load_text(FILE) == expected
    with pytest.raises(ReadError):
        read("a: [", is_json=False)
