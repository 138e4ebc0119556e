"""Example events through a workspace: what is expected, what is found, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from segform.workspace.documents import Document, DocumentError
from segform.workspace.fixtures import Fixture, events_of, fixtures
from segform.workspace.junit import junit
from segform.workspace.testing import Result, run
from segform.workspace.world import World

SCHEMA = Path(__file__).parents[2] / "contract" / "schemas" / "fixtures.schema.json"
ORDER = {
    "type": "track",
    "event": "Order Completed",
    "userId": "u1",
    "properties": {"total": 9.5, "email": "a@shop.example"},
}
WORKSPACE: dict[str, Any] = {
    "sources": [
        {
            "id": "s1",
            "slug": "web",
            "name": "Website",
            "schemaSettings": {
                "track": {
                    "allowUnplannedEvents": False,
                    "allowUnplannedEventProperties": True,
                    "allowEventOnViolations": True,
                    "allowPropertiesOnViolations": False,
                }
            },
        },
        {"id": "s2", "slug": "ios", "name": "App"},
    ],
    "trackingPlans": [
        {
            "id": "tp_1",
            "sourceIds": ["s1"],
            "rules": [
                {
                    "type": "TRACK",
                    "key": "Order Completed",
                    "version": 1,
                    "jsonSchema": {
                        "type": "object",
                        "properties": {
                            "properties": {
                                "type": "object",
                                "properties": {
                                    "total": {"type": "number"},
                                    "email": {"type": "string"},
                                },
                                "required": ["total"],
                            }
                        },
                        "required": ["properties"],
                    },
                }
            ],
        }
    ],
    "destinations": [
        {"id": "d1", "name": "Amplitude", "sourceId": "s1", "enabled": True},
        {"id": "d2", "name": "Off", "sourceId": "s1", "enabled": False},
    ],
    "filters": [
        {
            "title": "No email",
            "destinationId": "d1",
            "sourceId": "s1",
            "if": "all",
            "enabled": True,
            "actions": [{"type": "DROP_PROPERTIES", "fields": {"properties": ["email"]}}],
        },
        # Listed after the one above, and acts before it: the order is that of the types.
        {
            "title": "No staff",
            "destinationId": "d1",
            "sourceId": "s1",
            "if": 'match(properties.email, "*@staff.example")',
            "enabled": True,
            "actions": [{"type": "DROP"}],
        },
        {
            "title": "Sleeping",
            "destinationId": "d1",
            "sourceId": "s1",
            "if": "all",
            "enabled": False,
            "actions": [{"type": "DROP"}],
        },
    ],
    "subscriptions": [
        {
            "id": "m1",
            "name": "Log",
            "destinationId": "d1",
            "actionId": "a",
            "enabled": True,
            "trigger": 'type = "track"',
            "settings": {"amount": {"@path": "$.properties.total"}, "kind": "order"},
        }
    ],
}
WORLD = World([WORKSPACE])


def _run(event: dict[str, Any], expect: dict[str, Any], source: str | None = "web") -> Result:
    [found] = run([Fixture(Path("f.yaml"), 3, "one", source, event, expect)], WORLD)
    return found


def _order(**properties: Any) -> dict[str, Any]:
    held: Any = ORDER["properties"]
    return {**ORDER, "properties": {**held, **properties}}


@pytest.mark.parametrize(
    ("event", "expect"),
    [
        (ORDER, {"plan": "valid", "violations": [], "source": "passes", "omitted": []}),
        (_order(total="9.5"), {"plan": "violation", "violations": ["properties.total"]}),
        (
            _order(total="9.5"),
            {"violations": [{"field": "properties.total", "type": "Invalid Type"}]},
        ),
        (_order(total="9.5"), {"source": "passes", "omitted": ["properties.total"]}),
        ({**ORDER, "event": "Oops"}, {"plan": "unplanned", "source": "blocked"}),
        (ORDER, {"filters": {"No staff": False, "No email": True}}),
        (ORDER, {"destinations": {"Amplitude": "arrives", "Off": "dropped"}}),
        (
            ORDER,
            {
                "destinations": {
                    "d1": {"without": ["properties.email"], "with": {"properties.total": 9.5}}
                }
            },
        ),
        (_order(email="x@staff.example"), {"destinations": {"Amplitude": "dropped"}}),
        ({**ORDER, "event": "Oops"}, {"destinations": {"Amplitude": "dropped"}}),
        (ORDER, {"mappings": {"Amplitude/Log": {"amount": 9.5, "kind": "order"}}}),
        (_order(email="x@staff.example"), {"mappings": {"Amplitude/Log": None}}),
        (ORDER, {}),
    ],
)
def test_what_is_so_passes(event: dict[str, Any], expect: dict[str, Any]) -> None:
    assert _run(event, expect).failures == ()


@pytest.mark.parametrize(
    ("event", "expect", "words"),
    [
        (
            _order(total="x"),
            {"plan": "valid"},
            ["expected valid, found violation (properties.tota"],
        ),
        (ORDER, {"plan": "unplanned"}, ["found valid (it keeps to its rule)"]),
        (_order(total="x"), {"violations": []}, ["properties.total (Invalid Type) was not expec"]),
        (ORDER, {"violations": ["properties.x"]}, ["expected properties.x, found none"]),
        (
            {**ORDER, "event": "Oops"},
            {"source": "passes"},
            ["expected passes, found blocked (no rule of the plan is about this event"],
        ),
        (_order(total="x"), {"omitted": []}, ["expected nothing, found total"]),
        (
            ORDER,
            {"filters": {"No staff": True}},
            ["No staff does not match: Events where the property “email” ends with"],
        ),
        (
            _order(email="x@staff.example"),
            {"destinations": {"Amplitude": "arrives"}},
            ["expected arrives, found dropped (It does not arrive: the filter “No staff” drops"],
        ),
        (
            _order(email="x@staff.example"),
            {"mappings": {"Amplitude/Log": {}}},
            ["expected {}, found nothing (It does not arrive"],
        ),
        (
            ORDER,
            {"destinations": {"Amplitude": {"with": {"properties.email": "a"}}}},
            ['expected properties.email to be "a", found nothing'],
        ),
        (
            ORDER,
            {"destinations": {"Amplitude": {"without": ["properties.total"]}}},
            ["expected no properties.total, found 9.5"],
        ),
        (
            ORDER,
            {"destinations": {"Off": {"with": {}}}},
            ["expected an event, found dropped (It does not arrive: the destination Off is off"],
        ),
        (
            ORDER,
            {"mappings": {"Amplitude/Log": {"amount": 1}}},
            ['expected {"amount":1}, found {"amount":9.5,"kind":"order"}'],
        ),
        (ORDER, {"mappings": {"Amplitude/Log": None}}, ['expected nothing, found {"amount":9.5']),
        (
            ORDER,
            {"plan": "violation", "source": "blocked"},
            ["plan: expected violation", "source: expected blocked"],
        ),
    ],
)
def test_what_is_not_so_says_both_and_why(
    event: dict[str, Any], expect: dict[str, Any], words: list[str]
) -> None:
    found = _run(event, expect)
    assert found.outcome == "failed"
    assert len(found.failures) == len(words), found.failures
    for one, said in zip(words, found.failures, strict=True):
        assert one in said


@pytest.mark.parametrize(
    ("expect", "source", "words"),
    [
        ({"plan": "valid"}, None, "names no `source`, and there are several: web, ios"),
        ({"plan": "valid"}, "tv", "there is no source 'tv'; there are: web, ios"),
        ({"filters": {"None such": True}}, "web", "there is no filter 'None such'"),
        ({"destinations": {"X": "arrives"}}, "web", "no destination 'X'; it has: Amplitude, Off"),
        ({"destinations": ["Amplitude"]}, "web", "`destinations` is an object"),
        ({"destinations": {"Amplitude": {"and": 1}}}, "web", "with/without/event"),
        ({"mappings": {"Amplitude/X": {}}}, "web", "there is no mapping 'Amplitude/X'"),
    ],
)
def test_what_cannot_be_run_is_an_error(expect: Any, source: str | None, words: str) -> None:
    found = _run(ORDER, expect, source)
    assert found.outcome == "error"
    assert words in found.failures[0]


def test_a_source_without_a_plan_lets_everything_through() -> None:
    assert _run(ORDER, {"plan": "no plan", "source": "passes"}, "App").outcome == "passed"


def _document(value: Any) -> Document:
    return Document(Path("f.json"), json.dumps(value, indent=1), value)


def test_fixtures_keep_to_the_schema() -> None:
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))
    document = {
        "format": "segform.fixtures",
        "version": 1,
        "source": "web",
        "fixtures": [
            {"event": ORDER, "expect": {"plan": "valid"}},
            {
                "name": "n",
                "source": "ios",
                "event": {"type": "page"},
                "expect": {
                    "violations": ["a", {"field": "b"}],
                    "filters": {"x": True},
                    "destinations": {"d": "dropped", "e": {"with": {"a": 1}, "without": ["b"]}},
                    "mappings": {"d/m": None},
                },
            },
        ],
    }
    assert schema.is_valid(document)
    first, second = fixtures(_document(document))
    assert (first.name, first.source, first.line) == ("Order Completed", "web", 6)
    assert (second.name, second.source) == ("n", "ios")
    assert not schema.is_valid({**document, "fixtures": [{"event": {"type": "x"}}]})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 2"),
        ({"fixtures": {}}, "`fixtures` is not a list"),
        ({"fixtures": [7]}, "f.json:5:3: a fixture is an object"),
        ({"fixtures": [{}]}, "no `event`"),
        ({"fixtures": [{"event": {"type": "x"}}]}, "the event's `type` is none of track"),
        ({"fixtures": [{"event": ORDER, "expect": 1}]}, "`expect` is not an object"),
        ({"fixtures": [{"event": ORDER, "expect": {"plna": 1}}]}, "nothing can be expected of"),
    ],
)
def test_what_is_no_fixture_says_where(change: dict[str, Any], words: str) -> None:
    document = {"format": "segform.fixtures", "version": 1, "fixtures": [], **change}
    with pytest.raises(DocumentError, match=words):
        list(fixtures(_document(document)))


def test_events_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([ORDER, {"no": "event"}]))
    (tmp_path / "b.yaml").write_text("type: page\nname: Home\n")
    (tmp_path / "c.json").write_text(
        json.dumps({"format": "segform.fixtures", "version": 1, "fixtures": [{"event": ORDER}]})
    )
    (tmp_path / "d.json").write_text("{}")
    assert [one["type"] for one in events_of([tmp_path])] == ["track", "page", "track"]
    with pytest.raises(DocumentError, match="holds no events"):
        events_of([tmp_path / "d.json"])


def test_junit_is_xml_whatever_the_names() -> None:
    name = 'a <b> & "c" \x1b[2J ]]>\x00'
    good = Fixture(Path("f.yaml"), 3, name, "web", ORDER, {"plan": "valid"})
    bad = good._replace(expect={"plan": "unplanned"}, file=Path("g.yaml"))
    odd = good._replace(expect={"filters": {name: True}}, file=Path("g.yaml"))
    root = ET.fromstring(junit(run([good, bad, odd], WORLD)))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    suites = root.findall("testsuite")
    assert [one.get("name") for one in suites] == ["f.yaml", "g.yaml"]
    [failure] = root.iter("failure")
    assert "expected unplanned, found valid" in str(failure.text)
    [error] = root.iter("error")
    assert "there is no filter" in str(error.get("message"))
