"""What an object goes by: its key, by which people know it, and its import id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segform.resources.definition import Kind, Resource
from segform.resources.parts import short
from segform.resources.values import UNKNOWN

if TYPE_CHECKING:
    from .run import Run


def key_of(run: Run) -> str:
    """The object's natural key as one text: `web`, or `src1/amplitude/Amplitude`."""
    return key_text(run.about, run.planned)


def key_text(about: Kind, values: Mapping[str, Any]) -> str:
    """The same of values."""
    return "/".join(map(str, key_parts(about, values)))


def key_parts(about: Kind, values: Mapping[str, Any]) -> list[Any]:
    """The values of the key's attributes; `metadata.id` reaches into an object."""
    found = []
    for name in about.key:
        value: Any = values
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        found.append(None if value is UNKNOWN else value)
    return found


def collection_of(about: Kind, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The list that an object is in: its kind, and what such lists are asked by."""
    names = [*(about.path[one] for one in about.scope), *about.query.values()]
    return (about.name, *(str(values.get(name)) for name in names))


def parse_import_id(about: Kind, text: str) -> dict[str, str]:
    """The attributes that an import id names: `{destination_id}:{id}`. Raises ValueError."""
    names = re.findall(r"\{(\w+)\}", about.import_id)
    parts = text.split(":", len(names) - 1)
    if len(parts) != len(names) or not all(parts):
        form = about.import_id.replace("{", "<").replace("}", ">")
        raise ValueError(f"{short(text)} is no import id of a {about.name}: write `{form}`")
    return dict(zip(names, parts, strict=True))


def import_id_of(kind: type[Resource], values: Mapping[str, Any]) -> str:
    """The import id of an object whose attributes are known."""
    form = kind.about.import_id
    if form == "{id}":  # nearly all
        return str(values.get("id"))
    return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m.group(1))), form)


def own_id(kind: type[Resource], values: Mapping[str, Any]) -> str | None:
    """The id of an object; of what has none, its import id. None where it is not known."""
    known = values.get("id") if "id" in kind.attributes else import_id_of(kind, values)
    return known if isinstance(known, str) else None
