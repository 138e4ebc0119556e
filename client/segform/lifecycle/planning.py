"""From a configuration and a prior state to the planned state, for every kind.

What Terraform demands (a planned value is the configuration's, or the prior one where both mean
the same, or anything where the attribute is computed and not configured) is kept for each type:
the prior spelling stays wherever the meaning did, elements of sets are matched by identity, and
what only the service knows is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segform.resources.definition import SETTINGS, STRING, Attribute, Nested
from segform.resources.values import UNKNOWN

from . import settings as managed_settings
from .meaning import equal, matched, suffixed

Path = tuple[str | int, ...]


def plan(
    attributes: Mapping[str, Attribute],
    config: Mapping[str, Any],
    prior: Mapping[str, Any] | None,
    private: Mapping[str, Any],
) -> dict[str, Any]:
    """The planned state; `refresh_computed` then unsettles what changes with every update."""
    managed = private.get("managed")
    return {
        name: _attribute(item, config.get(name), (prior or {}).get(name), prior is None, managed)
        for name, item in attributes.items()
    }


def refresh_computed(
    attributes: Mapping[str, Attribute], planned: dict[str, Any], prior: Mapping[str, Any] | None
) -> None:
    """Make unknown what the service changes by itself (`keep=False`) when anything is changed."""
    if prior is None:
        return
    loose = [name for name, item in attributes.items() if not item.keep]
    if any(planned.get(name) != prior.get(name) for name in attributes):
        for name in loose:
            planned[name] = UNKNOWN


def _attribute(item: Attribute, config: Any, prior: Any, creating: bool, managed: Any) -> Any:
    if item.write_only:
        return None
    if config is UNKNOWN:
        return UNKNOWN
    if config is None:
        if not item.computed:
            return None
        return UNKNOWN if creating else prior
    kind = item.type
    if isinstance(kind, Nested):
        return _nested(kind, config, prior, managed)
    if prior is None:
        return config
    if item.sensitive and kind == STRING and managed_settings.equal_masked(config, prior):
        # A mask is whatever is there.
        return prior
    if kind == SETTINGS:
        return managed_settings.plan_text(config, prior, managed)
    if item.suffixed and suffixed(config, prior):
        return prior
    return prior if equal(kind, config, prior) else config


def _nested(kind: Nested, config: Any, prior: Any, managed: Any) -> Any:
    if kind.mode == "object":
        return _object(kind.attributes, config, prior, managed)
    if kind.mode == "map":
        made: Any = {
            key: _element(kind, item, (prior or {}).get(key), managed)
            for key, item in config.items()
        }
    elif kind.mode == "list":
        padded = [*(prior or []), *([None] * len(config))]
        made = [_element(kind, item, padded[i], managed) for i, item in enumerate(config)]
    else:
        made = _set(kind, config, prior or [], managed)
    return prior if prior is not None and made == prior else made


def _set(kind: Nested, config: list[Any], prior: list[Any], managed: Any) -> list[Any]:
    """The elements in the prior spelling; the prior list itself when nothing differs."""
    pairs = matched(kind, config, prior)
    whole = Nested("object", *kind.attributes)
    made = []
    for item, pair in pairs:
        planned = _element(kind, item, pair, managed)
        # What means the same keeps its prior spelling: labels that are null, and labels that are
        # empty.
        same = planned is not UNKNOWN and pair is not None and equal(whole, planned, pair)
        made.append(pair if same else planned)
    kept = all(
        item is not UNKNOWN and item == pair for item, (_, pair) in zip(made, pairs, strict=True)
    )
    # Two elements with one identity both match the same prior one: then the sets do differ.
    return prior if kept and len(config) == len(prior) else made


def _element(kind: Nested, config: Any, prior: Any, managed: Any) -> Any:
    if config is None or config is UNKNOWN:
        return config
    return _object(kind.attributes, config, prior, managed)


def _object(
    attributes: Iterable[Attribute], config: Mapping[str, Any], prior: Any, managed: Any
) -> dict[str, Any]:
    return {
        item.name: _attribute(
            item,
            config.get(item.name),
            None if prior is None else prior.get(item.name),
            prior is None,
            managed,
        )
        for item in attributes
    }


def replacements(
    attributes: Iterable[Attribute],
    prior: Mapping[str, Any] | None,
    planned: Mapping[str, Any],
    path: Path = (),
) -> list[Path]:
    """The paths whose change makes a new object."""
    if prior is None:
        return []
    found: list[Path] = []
    for item in attributes:
        before, after = prior.get(item.name), planned.get(item.name)
        here = (*path, item.name)
        gone = item.follows and after is UNKNOWN
        # What is unknown as a whole may have another of what a new object needs.
        inner = item.type.attributes if isinstance(item.type, Nested) else ()
        whole = after is UNKNOWN and before is not None and any(one.replace for one in inner)
        if (
            gone
            or whole
            or (item.replace and (after is UNKNOWN or not equal(item.type, before, after)))
        ):
            found.append(here)
        elif (
            isinstance(item.type, Nested)
            and item.type.mode == "object"
            and isinstance(before, dict)
            and isinstance(after, dict)
        ):
            found += replacements(item.type.attributes, before, after, here)
    return found
