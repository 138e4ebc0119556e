"""Definitions: what every kind has to say of itself, and the vocabulary they are written in."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from segform.contract import operation
from segform.resources import data_sources, registry
from segform.resources.definition import Attribute, Items, Kind, Nested, Resource
from segform.resources.source import Source

ALL = sorted({**registry(), **data_sources()})


def _walk(attributes: list[Attribute]) -> list[Attribute]:
    found = []
    for item in attributes:
        found.append(item)
        if isinstance(item.type, Nested):
            found += _walk(list(item.type.attributes))
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_attribute_is_described(name: str) -> None:
    definition = {**registry(), **data_sources()}[name]
    for item in _walk(list(definition.attributes.values())):
        assert item.name
        assert item.description.endswith("."), item.name


@pytest.mark.parametrize("name", sorted(registry()))
def test_operations_exist_and_paths_are_covered(name: str) -> None:
    about = registry()[name].about
    for verb in ("create", "read", "update", "delete", "list"):
        op_id = getattr(about.operations, verb)
        if op_id:
            found = operation(op_id)
            assert set(found.path_parameters) <= set(about.path), (op_id, found.path_parameters)


@pytest.mark.parametrize("name", sorted(registry()))
def test_key_and_import_id_name_attributes(name: str) -> None:
    kind = registry()[name]
    assert kind.about.key
    for part in kind.about.key:
        assert part.split(".")[0] in kind.attributes
    assert "{" in kind.about.import_id


@pytest.mark.parametrize("name", sorted(registry()))
def test_links_name_what_they_connect(name: str) -> None:
    """Ends and holders are attributes that refer to kinds which a snapshot has lists of."""
    kind = registry()[name]
    lying = [item.lies_in for item in kind.attributes.values() if item.lies_in]
    assert not lying or kind.about.links
    for attribute in (*kind.about.links, *lying):
        assert registry()[kind.attributes[attribute].reference or ""].about.family


@pytest.mark.parametrize("name", sorted(registry()))
def test_references_name_kinds(name: str) -> None:
    for item in _walk(list(registry()[name].attributes.values())):
        assert item.reference is None or item.reference in registry()


@pytest.mark.parametrize("name", sorted(registry()))
def test_elements_of_sets_hold_nothing_computed(name: str) -> None:
    """A computed member makes a set of hundreds take Terraform minutes."""
    for item in _walk(list(registry()[name].attributes.values())):
        if isinstance(item.type, Nested) and item.type.mode == "set":
            assert not [x.name for x in item.type.attributes if x.computed]


def test_constructor_names_what_is_missing_and_what_is_unknown() -> None:
    with pytest.raises(TypeError, match="Source needs slug"):
        Source(enabled=True, metadata={"id": "x"}, settings={})  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError, match="no attribute 'slag'; it has: slug"):
        Source(slag="web")  # type: ignore[call-arg]  # wrong on purpose


def test_secrets_are_not_shown() -> None:
    web = Source(slug="web", enabled=True, metadata={"id": "x"}, settings={"apiKey": "hush"})
    assert "hush" not in repr(web)
    assert "slug='web'" in repr(web)
    assert web.values()["settings"] == {"apiKey": "hush"}


def test_an_attribute_knows_its_empty_value() -> None:
    def empty(kind: Any, presence: Any) -> object:
        return Attribute(kind, presence, "x").empty

    assert empty(Items("list", "string"), "computed") == []
    assert empty(Nested("map"), "optional_computed") == {}
    assert empty(Nested("object"), "computed") is None
    assert empty(Items("set", "string"), "optional") is None


def test_definitions_are_standard_library_only() -> None:
    code = (
        "import sys; import segform.resources as r; r.registry(); r.data_sources();"
        "print(','.join(m for m in ('httpx','pydantic','click','tenacity','dataclasses',"
        "'segform.lifecycle','segform.transport') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("told", [Kind, Attribute])
def test_every_fact_is_told(told: Any) -> None:
    """Whoever adds a kind finds all that can be said of it in one place."""
    assert [one for one in told.__slots__ if f"`{one}`" not in told.__doc__] == []


def test_a_kind_is_one_class_below_resource() -> None:
    assert all(issubclass(kind, Resource) for kind in registry().values())
