"""The mappings that Segment itself ships, from the large catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from segform.catalog import Catalog
from segform.mapping import check

from .conftest import LARGE


def _presets(value: Any) -> Iterator[Any]:
    """The mappings of all presets, at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "presets":
                yield from [one.get("fields") for one in item]
            else:
                yield from _presets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _presets(item)


def test_what_segment_itself_ships_is_sound(large: Catalog) -> None:
    text = (LARGE / "destinations.json").read_text(encoding="utf-8")
    found = [one for one in _presets(json.loads(text)) if one]
    assert len(found) > 300
    for mapping in found:
        assert [one for one in check(mapping) if one.severity == "error"] == [], mapping
