"""A folder of Segment's Git Sync as a snapshot: one file an object, HCL of the official provider.

Git Sync writes no connections of sources to plans and warehouses and no schema settings, so that
such a snapshot lacks them: it is for reading, exporting and comparing.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from segform.lifecycle.service import LookUpError, import_id_of, parse_import_id
from segform.resources import registry
from segform.resources.definition import JSON, RULE_SCHEMA, SETTINGS, Nested, Resource, Type
from segform.resources.exact import dumps

from .hcl_values import Block, Reference, blocks
from .live import Found, Live
from .snapshot import of_live

_TYPE = "segment_"
_TEXTS = (JSON, SETTINGS, RULE_SCHEMA)


def is_git_sync(path: Path) -> bool:
    """Whether a folder has files of HCL in folders of kinds, as Git Sync writes them."""
    return path.is_dir() and next(path.glob("*/*.tf"), None) is not None


def read(path: Path) -> dict[str, Any]:
    """The snapshot of a folder. Raises ValueError, with file and line."""
    live = Live()
    for name in registry():
        live.objects[name] = {}
    for file in sorted(path.glob("*/*.tf")):
        try:
            found = list(_objects(blocks(file.read_text(encoding="utf-8-sig"))))
        except (ValueError, KeyError, AttributeError, TypeError, LookUpError) as problem:
            raise ValueError(f"{file}: {problem}") from None
        for one in found:
            live.objects[one.kind][one.id] = one
    return of_live(live, _workspace(live, path))


def _objects(found: list[Block]) -> Iterator[Found]:
    """The objects of one file, by its import blocks."""
    ids = {
        str(one.values.get("to")): str(one.values.get("id"))
        for one in found
        if one.type == "import" and isinstance(one.values.get("to"), Reference)
    }
    for one in found:
        if one.type != "resource" or len(one.labels) != 2:
            continue
        kind = registry().get(one.labels[0].removeprefix(_TYPE))
        if kind is None or not one.labels[0].startswith(_TYPE):
            continue
        import_id = ids.get(".".join(one.labels))
        if import_id is None:
            raise ValueError(
                f"line {one.line}: {'.'.join(one.labels)} has no import block in its file, and "
                "without its id nothing refers to it"
            )
        values = {**dict.fromkeys(kind.attributes), **_values(kind, one.values)}
        values |= parse_import_id(kind.about, import_id.partition("#")[0])
        yield Found(kind.about.name, import_id_of(kind, values), values, {})


def _values(kind: type[Resource], given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in given.items():
        item = kind.attributes.get(name)
        if item is not None and value is not None:
            found[name] = _value(item.type, value)
    return found


def _value(kind: Type, value: Any) -> Any:
    if isinstance(value, Reference):
        raise ValueError(f"{value} refers to something; Git Sync writes values")
    if value is None:
        return None
    if kind in _TEXTS:
        return value if isinstance(value, str) else dumps(value)
    if not isinstance(kind, Nested):
        return copy.copy(value)
    if kind.mode == "object":
        return {item.name: _value(item.type, value.get(item.name)) for item in kind.attributes}
    element = Nested("object", *kind.attributes)
    if kind.mode == "map":
        return {key: _value(element, one) for key, one in value.items()}
    return [_value(element, one) for one in value]


def _workspace(live: Live, path: Path) -> dict[str, str]:
    """Whose it is: permissions on the workspace name its id."""
    for found in live:
        for permission in found.values.get("permissions") or ():
            for resource in permission.get("resources") or ():
                if resource.get("type") == "WORKSPACE":
                    return {"id": str(resource["id"]), "slug": path.name, "name": path.name}
    return {"id": path.name or "git-sync", "slug": path.name, "name": path.name}
