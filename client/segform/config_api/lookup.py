"""From the legacy catalogue's names to the Public API's ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

# `catalog/sources/javascript` (or its slug alone) -> the id in the Public API's catalogue; or a
# function of that name.
Lookup: TypeAlias = Mapping[str, str] | Callable[[str], str | None]


def catalogue(
    *,
    sources: Iterable[Mapping[str, Any]] = (),
    destinations: Iterable[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """Ids by legacy catalogue name, from the entries of the Public API's catalogue.

    `catalogue(sources=segment.catalog.sources.list(), destinations=…)`; an entry has `id` and
    `slug`. Slugs are matched as they are: of two entries with one slug, the first counts.
    """
    made: dict[str, str] = {}
    for kind, entries in (("sources", sources), ("destinations", destinations)):
        for entry in entries:
            if entry.get("slug"):
                made.setdefault(f"catalog/{kind}/{entry['slug']}", str(entry["id"]))
    return made


def looked_up(lookup: Lookup | None, name: str) -> str | None:
    """The Public API's id of a legacy catalogue name; None where nobody knows it."""
    if lookup is None:
        return None
    if callable(lookup):
        return lookup(name) or None
    return lookup.get(name) or lookup.get(name.rpartition("/")[2]) or None
