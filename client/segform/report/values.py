"""Values of a plan on their way into a change set: what is secret is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segform.resources import registry
from segform.resources.definition import SETTINGS
from segform.resources.exact import parsed

from .model import LATER, Hidden


def hidden_settings(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Settings with their keys only: what differs can be named, and no value is ever shown.

    Those of a mapping are no secret, and stay.
    """
    definition = registry().get(kind)
    found = dict(values)
    if definition is None:
        return {**found, "settings": keyed(found["settings"])} if "settings" in found else found
    for name, item in definition.attributes.items():
        value = found.get(name)
        if value is None or value is LATER or isinstance(value, Hidden):
            continue
        if item.type == SETTINGS:
            found[name] = keyed(value) if item.sensitive else _object(value)
        elif item.hides and value != []:
            found[name] = Hidden(value)
    return found


def is_secret(kind: str, name: str) -> bool:
    """Whether an attribute holds settings with secrets in them."""
    definition = registry().get(kind)
    if definition is None:
        return name == "settings"
    item = definition.attributes.get(name)
    return item is not None and item.type == SETTINGS and item.sensitive


def _object(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parsed(value)
    except ValueError:
        return Hidden(value)


def keyed(value: Any) -> Any:
    """An object, or its JSON text, with every value at its first level hidden."""
    if value is LATER or value is None:
        return value
    if isinstance(value, str):
        try:
            value = parsed(value)
        except ValueError:
            return Hidden(value)
    if isinstance(value, Mapping):
        return {
            str(key): one if isinstance(one, Hidden) or one is LATER else Hidden(one)
            for key, one in value.items()
        }
    return Hidden(value)


def masked(value: Any, marks: Any) -> Any:
    """A value with `Hidden` wherever Terraform marks it as sensitive."""
    if marks is True:
        return None if value is None else Hidden(value)
    if isinstance(marks, Mapping) and isinstance(value, Mapping):
        return {key: masked(one, marks.get(key)) for key, one in value.items()}
    if isinstance(marks, list) and isinstance(value, list):
        more = [*marks, *[None] * (len(value) - len(marks))]
        return [masked(one, mark) for one, mark in zip(value, more, strict=False)]
    return value


def later(value: Any, marks: Any) -> Any:
    """A value with `LATER` wherever Terraform will only know it after apply."""
    if marks is True:
        return LATER
    if isinstance(marks, Mapping):
        held = value if isinstance(value, Mapping) else {}
        names = [*held, *(name for name in marks if name not in held)]
        return {name: later(held.get(name), marks.get(name)) for name in names}
    if isinstance(marks, list) and isinstance(value, list):
        more = [*marks, *[None] * (len(value) - len(marks))]
        return [later(one, mark) for one, mark in zip(value, more, strict=False)]
    return value


def differing(before: object, after: object) -> list[str]:
    """Keys of two settings whose values differ."""
    one = before if isinstance(before, dict) else {}
    other = after if isinstance(after, dict) else {}
    return [key for key in {**one, **other} if one.get(key) != other.get(key)]
