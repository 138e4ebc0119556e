"""The same constructs on Segment's own provider: what it lacks is refused, what it wants is given.

The definitions say where it differs (`official`). An app that sets `provider_source` learns at
synth of an argument that only segform's provider has, and not from Terraform in other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from segform.resources import Attribute, Items, Nested
from segform.resources.definition import DataSource, Resource
from segform.tracking.rules import parse_key

from .framework import TerraformElement, TerraformProvider, TerraformStack

_MEND: Final = "leave it out, or leave provider_source out"
# Whether any provider was made that is not ours. Nearly always none was, and then no construct need
# ask the framework for its stack, which is what costs at synth.
_seen: list[str] = []


def seen(source: str) -> None:
    """Some stack is run by another provider."""
    _seen.append(source)


def runs(construct: TerraformElement, provider: TerraformProvider | None) -> bool:
    """Whether another provider than ours runs an object; `provider`: the one that it names."""
    if not _seen:
        return False
    if provider is not None:
        return not getattr(provider, "is_ours", True)
    children = TerraformStack.of(construct).node.children
    return any(not getattr(child, "is_ours", True) for child in children)


def fitted(
    definition: type[Resource | DataSource], values: Mapping[str, Any], where: str
) -> dict[str, Any]:
    """The configuration of an object as the official provider takes it.

    Rules by key become its set of rules. Raises `ValueError` for a kind or an argument that it does
    not have, and for one that it cannot do without.
    """
    if not definition.about.official:
        raise ValueError(
            f"{where}: segment_{definition.about.name} is a type of segform's own provider only; "
            f"{_MEND}"
        )
    given = dict(values)
    if isinstance(given.get("rules_by_key"), Mapping):
        given["rules"] = as_set(given.pop("rules_by_key"))
    return _object(definition.attributes.values(), given, where)


def as_set(rules: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules by key as the official provider's set."""
    found: list[dict[str, Any]] = []
    for text, rule in rules.items():
        call, name, version = parse_key(text)
        exact = int(version) if version == int(version) else str(version)
        one = {"type": call, "key": name, "version": exact, "json_schema": rule["json_schema"]}
        found.append({key: value for key, value in one.items() if value is not None})
    return found


def _object(
    attributes: Iterable[Attribute], values: Mapping[str, Any], where: str
) -> dict[str, Any]:
    found = dict(values)
    for item in attributes:
        value = found.get(item.name)
        path = f"{where}: {item.name}"
        if value is None:
            if item.official == "wanted":
                found[item.name] = _nothing(item, path)
            continue
        if item.official == "absent":
            raise ValueError(f"{path}: only segform's own provider has it; {_MEND}")
        found[item.name] = _value(item, value, path)
    return found


def _value(item: Attribute, value: Any, path: str) -> Any:
    if not isinstance(item.type, Nested):
        return value
    inner = item.type.attributes
    if isinstance(value, list):
        elements = cast("Sequence[Any]", value)
        return [
            _object(inner, cast("Mapping[str, Any]", one), f"{path}[{at}]")
            if isinstance(one, Mapping)
            else one
            for at, one in enumerate(elements)
        ]
    if isinstance(value, Mapping) and item.type.mode == "object":
        return _object(inner, cast("Mapping[str, Any]", value), path)
    return cast("Any", value)  # a token


def _nothing(item: Attribute, path: str) -> list[Any]:
    """What the official provider wants to see where nothing is given."""
    if isinstance(item.type, (Items, Nested)):
        return []
    raise ValueError(f"{path}: the official provider needs it")
