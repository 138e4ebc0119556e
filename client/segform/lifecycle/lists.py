"""The values of data sources of many objects: listed once, filtered here.

The API filters nothing. The lists are those that refreshes read, so they are asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, cast

from segform.resources import registry
from segform.resources.definition import DataSource, Nested

from .mapping import from_api, wire_name
from .reading import Reader
from .run import Run

Item = dict[str, Any]


def listed(reader: Reader, client: Any, source: type[DataSource], config: Mapping[str, Any]) -> Any:
    """The attributes of a plural data source."""
    about = source.about
    kind = registry()[about.lists]
    given = {name: config[name] for name in (*about.path.values(), *about.query.values())}
    run = Run(kind, client, reader=reader, prior={**dict.fromkeys(kind.attributes), **given})
    element = cast(Nested, source.attributes[about.name].type)
    found = [_shown(element, one, given) for one in reader.siblings(run)]
    keep = [one for one in found if all(test(one) for test in _tests(config))]
    values = {name: config.get(name) for name in source.attributes}
    return {**values, "ids": [_id(one) for one in keep], about.name: keep}


def searched(entries: Iterable[Item], source: type[DataSource], config: Mapping[str, Any]) -> Any:
    """The attributes of a data source that searches the catalogue, or the roles."""
    name = source.about.name
    element = cast(Nested, source.attributes[name].type)
    found = [_shown(element, one, {}) for one in entries]
    keep = [one for one in found if all(test(one) for test in _tests(config))]
    values = {attribute: config.get(attribute) for attribute in source.attributes}
    return {**values, "ids": [_id(one) for one in keep], name: keep}


def _shown(element: Nested, raw: Item, given: Mapping[str, Any]) -> Item:
    shown: Item = {}
    for item in element.attributes:
        if item.name == "metadata_id":
            shown[item.name] = (raw.get("metadata") or {}).get("id", raw.get("metadataId"))
        else:
            value = raw.get(wire_name(item), given.get(item.name))
            shown[item.name] = from_api(item.type, value)
    return shown


def _id(one: Item) -> str:
    return str(one["id"]) if "id" in one else f"{one['key']}:{one['value']}"


def _tests(config: Mapping[str, Any]) -> list[Callable[[Item], bool]]:
    """What an element has to pass, of what the configuration gives."""
    tests: list[Callable[[Item], bool]] = []
    for name, wanted in config.items():
        if wanted is None:
            continue
        if name.endswith("_pattern"):
            tests.append(_matches(name.removesuffix("_pattern"), wanted))
        elif name in ("metadata_id", "enabled"):
            tests.append(_equals(name, wanted))
        elif name == "label":
            tests.append(_labelled(wanted))
        elif name == "search":
            tests.append(_named_like(wanted))
        elif name == "category":
            tests.append(_of_category(wanted))
    return tests


def _matches(name: str, pattern: str) -> Callable[[Item], bool]:
    return lambda one: fnmatchcase(str(one.get(name) or ""), pattern)


def _equals(name: str, wanted: Any) -> Callable[[Item], bool]:
    return lambda one: bool(one.get(name) == wanted)


def _named_like(wanted: str) -> Callable[[Item], bool]:
    text = wanted.casefold()
    return lambda one: any(text in str(one.get(name) or "").casefold() for name in ("name", "slug"))


def _of_category(wanted: str) -> Callable[[Item], bool]:
    text = wanted.casefold()
    return lambda one: text in {str(name).casefold() for name in one.get("categories") or ()}


def _labelled(wanted: Mapping[str, Any]) -> Callable[[Item], bool]:
    key, value = wanted["key"], wanted.get("value")
    return lambda one: any(
        label["key"] == key and value in (None, label["value"]) for label in one["labels"] or ()
    )
