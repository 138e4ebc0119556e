"""Attribute names, types, presence and import ids of `segmentio/segment` 1.6.0, kind by kind.

The tables say what the official schema has, in a short hand of their own: `R` required, `O`
optional, `C` computed, `!` behind a name: changing it makes a new object. Where ours differs, the
difference is in `OURS` and in `docs/deviations.md`; anything else is a defect.
"""

from __future__ import annotations

from typing import Any

import pytest

from segform.lifecycle import planning
from segform.resources import registry
from segform_provider.schema import data_source_schemas, resource_schemas

from .official import DATA_SOURCES, IMPORT_IDS, OURS, RESOURCES

_NESTINGS = {1: "object", 2: "list", 3: "set", 4: "map"}


def _flat(table: dict[str, Any], before: str = "") -> dict[str, str]:
    """A table as path -> presence and type."""
    found = {}
    for name, facts in table.items():
        path = f"{before}{name.rstrip('!')}"
        if isinstance(facts, tuple):
            found[path] = facts[0]
            found.update(_flat(facts[1], f"{path}."))
        else:
            found[path] = facts
    return found


def _of_schema(attributes: list[dict[str, Any]], before: str = "") -> dict[str, str]:
    found = {}
    for item in attributes:
        path = f"{before}{item['name']}"
        flags = {"R": item["required"], "O": item["optional"], "C": item["computed"]}
        presence = "".join(letter for letter, given in flags.items() if given)
        nested = item.get("nested_type")
        if nested:
            found[path] = f"{presence} {_NESTINGS[nested['nesting']]}"
            found.update(_of_schema(nested["attributes"], f"{path}."))
        else:
            words = item["type"].decode().strip("[]").replace('"', "").replace(", ", " ")
            found[path] = f"{presence} {words.replace(',', ' ')}"
    return found


def _expected(name: str, table: dict[str, Any]) -> dict[str, str]:
    expected = {**_flat(table), **OURS.get(name, {})}
    if name == "segment_source_tracking_plan_connection":
        # What is left out stays as it is at the service: computed at every depth.
        inside = [path for path in expected if path.startswith("schema_settings")]
        expected.update({path: f"OC {expected[path][2:]}" for path in inside})
    return expected


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_is_the_official_one_but_for_what_is_told(name: str) -> None:
    block = resource_schemas()[name]
    assert _of_schema(block["block"]["attributes"]) == _expected(name, RESOURCES[name])
    assert block["version"] == 0


@pytest.mark.parametrize("name", DATA_SOURCES)
def test_a_data_source_is_the_official_one_but_for_what_is_told(name: str) -> None:
    block = data_source_schemas()[name]
    assert _of_schema(block["block"]["attributes"]) == _expected(name, DATA_SOURCES[name])


def test_what_says_that_it_is_official_has_a_table() -> None:
    """A kind that Segment's provider lacks says so: `official=False`."""
    said = {f"segment_{name}" for name, kind in registry().items() if kind.about.official}
    assert said == set(RESOURCES)


def test_every_table_is_of_a_kind_that_is_there() -> None:
    assert set(IMPORT_IDS) == set(RESOURCES) <= set(resource_schemas())
    assert set(DATA_SOURCES) <= set(data_source_schemas())


def _replacing(table: dict[str, Any], before: str = "") -> set[str]:
    found = set()
    for name, facts in table.items():
        if name.endswith("!"):
            found.add(f"{before}{name[:-1]}")
        if isinstance(facts, tuple):
            found |= _replacing(facts[1], f"{before}{name}.")
    return found


@pytest.mark.parametrize("name", RESOURCES)
def test_the_same_changes_make_a_new_object(name: str) -> None:
    kind = registry()[name.removeprefix("segment_")]
    prior: dict[str, Any] = dict.fromkeys(kind.attributes, "a")
    planned: dict[str, Any] = dict.fromkeys(kind.attributes, "b")
    for attribute, item in kind.attributes.items():
        if item.flat:
            prior[attribute], planned[attribute] = {"id": "a"}, {"id": "b"}
    found = planning.replacements(kind.attributes.values(), prior, planned)
    assert {".".join(map(str, path)) for path in found} == _replacing(RESOURCES[name])


@pytest.mark.parametrize("name", IMPORT_IDS)
def test_import_ids_are_the_official_ones(name: str) -> None:
    assert registry()[name.removeprefix("segment_")].about.import_id == IMPORT_IDS[name]
