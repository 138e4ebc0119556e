"""Rules of a plan as event files, one for each event, for the formats that can read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from segform.resources.exact import dumps
from segform.tracking.rules import parse_key, rule_key

from .model import Item, Json


def event_files(item: Item, rules: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Path -> text of the files of a plan's events.

    Nothing where a rule would not come back from its file as it is. Raises ImportError where YAML
    cannot be written.
    """
    from segform.tracking.files import dump, file_name, load_text

    made: dict[str, str] = {}
    for key, rule in rules.items():
        schema = rule["json_schema"]
        call, name, version = parse_key(key)
        if not isinstance(schema, Json):
            return {}
        wanted = _native(
            {"type": call, "key": name, "version": version, "json_schema": schema.value}
        )
        try:
            text = dump(wanted)
            back = load_text(text, key).rule()
        except ValueError:
            return {}
        same = rule_key(back["type"], back["key"], back["version"]) == key
        if not same or dumps(back["json_schema"]) != dumps(schema.value):
            return {}
        stem, dot, suffix = file_name(wanted).rpartition(".")
        path, count = f"events/{item.name}/{stem}{dot}{suffix}", 1
        while path.lower() in made:
            count += 1
            path = f"events/{item.name}/{stem}-{count}{dot}{suffix}"
        made[path.lower()] = text
    return made


def _native(value: Any) -> Any:
    """A value with the numbers that YAML has; that none of them changes was seen before."""
    if isinstance(value, dict):
        return {key: _native(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_native(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
