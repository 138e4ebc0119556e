"""A workspace in words: what it has, where events go, and what is worth a look. From a snapshot.

Nothing here asks the API, and nothing of settings is shown: names, switches and connections.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from segform.inert import markdown as inert
from segform.inert import printable
from segform.resources import registry

from .words import count

_MOST = 200
_FAMILIES = {
    kind.about.family: kind.about.words for kind in registry().values() if kind.about.family
}


class Flow(NamedTuple):
    """A source, and where its events go. Names only."""

    source: str
    enabled: bool
    plan: str | None
    blocks: bool
    destinations: list[tuple[str, bool]]
    warehouses: list[str]


class Inventory(NamedTuple):
    """What a snapshot of one workspace tells."""

    workspace: str
    counts: dict[str, int]
    flows: list[Flow]
    remarks: dict[str, list[str]]


def inventory(snapshot: Mapping[str, Any]) -> Inventory:
    """Look through a snapshot. Raises ValueError where it has not exactly one workspace."""
    [world, *more] = snapshot.get("workspaces") or [None]
    if more or not isinstance(world, Mapping):
        raise ValueError("a snapshot of one workspace is wanted")
    plans = {
        source: one for one in _of(world, "trackingPlans") for source in one.get("sourceIds") or ()
    }
    below = _Below(world)
    flows = [_flow(one, plans.get(one.get("id")), below) for one in _of(world, "sources")]
    counts = {words: len(_of(world, family)) for family, words in _FAMILIES.items()}
    found = {name: number for name, number in counts.items() if number}
    name = f"{world.get('name') or ''} ({world.get('slug') or world.get('id')})".strip()
    return Inventory(name, found, flows, dict(_remarks(world, flows)))


def _of(world: Mapping[str, Any], family: str) -> list[Mapping[str, Any]]:
    return [one for one in world.get(family) or () if isinstance(one, Mapping)]


def _name(one: Mapping[str, Any]) -> str:
    return str(one.get("name") or one.get("title") or one.get("slug") or one.get("id"))


class _Below:
    """What is connected to each source, by its id."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.destinations: dict[Any, list[tuple[str, bool]]] = defaultdict(list)
        self.warehouses: dict[Any, list[str]] = defaultdict(list)
        for one in _of(world, "destinations"):
            source = one.get("sourceId")
            if isinstance(source, str):
                self.destinations[source].append((_name(one), one.get("enabled") is not False))
        for one in _of(world, "warehouses"):
            name = str((one.get("settings") or {}).get("name") or one.get("id"))
            ids = (source for source in one.get("sourceIds") or () if isinstance(source, str))
            for source in dict.fromkeys(ids):
                self.warehouses[source].append(name)


def _flow(source: Mapping[str, Any], plan: Any, below: _Below) -> Flow:
    own = source.get("id")
    track = (source.get("schemaSettings") or {}).get("track") or {}
    blocks = plan is not None and (
        track.get("allowUnplannedEvents") is False or track.get("allowEventOnViolations") is False
    )
    return Flow(
        _name(source),
        source.get("enabled") is not False,
        _name(plan) if plan is not None else None,
        blocks,
        below.destinations.get(own, []),
        below.warehouses.get(own, []),
    )


def _remarks(world: Mapping[str, Any], flows: list[Flow]) -> Iterator[tuple[str, list[str]]]:
    off = [one for one in flows if not one.enabled]
    idle = [one for one in flows if one.enabled and not one.destinations and not one.warehouses]
    found = {
        "sources that are off": [one.source for one in off],
        "sources whose events go nowhere": [one.source for one in idle],
        "sources without a tracking plan": [one.source for one in flows if one.plan is None],
        "sources that block what their plan does not allow": [
            one.source for one in flows if one.blocks
        ],
        "sources without labels": [
            _name(one) for one in _of(world, "sources") if not one.get("labels")
        ],
        "destinations that are off": [
            name for one in flows for name, enabled in one.destinations if not enabled
        ],
        "filters that are off, so that everything passes": [
            _name(one) for one in _of(world, "filters") if one.get("enabled") is False
        ],
        "tracking plans without a source": [
            _name(one) for one in _of(world, "trackingPlans") if not one.get("sourceIds")
        ],
    }
    yield from ((words, names) for words, names in found.items() if names)


def shown(found: Inventory, form: str = "text") -> str:
    """An inventory as `text`, `markdown` or `json`."""
    if form == "json":
        facts = {"format": "segform.inventory", "version": 1, **found._asdict()}
        facts["flows"] = [one._asdict() for one in found.flows]
        return json.dumps(facts, indent=2, ensure_ascii=True)
    safe = inert if form == "markdown" else printable
    head = "## " if form == "markdown" else ""
    item = "- " if form == "markdown" else "  "
    counts = ", ".join(count(number, name) for name, number in found.counts.items())
    lines = [f"{head}{safe(found.workspace)}", "", f"{counts or 'It is empty'}.", ""]
    lines += [f"{item}{_line(one, safe)}" for one in found.flows[:_MOST]]
    if len(found.flows) > _MOST:
        lines.append(f"{item}… and {len(found.flows) - _MOST:,} more sources")
    if found.remarks:
        lines += ["", "Worth a look:", ""]
    for words, names in found.remarks.items():
        listed = ", ".join(safe(one) for one in names[:20])
        rest = f" and {len(names) - 20:,} more" if len(names) > 20 else ""
        lines.append(f"{item}{words} ({len(names):,}): {listed}{rest}")
    return "\n".join(lines).rstrip()


def _line(one: Flow, safe: Any) -> str:
    to = [f"{safe(name)}{'' if enabled else ' (off)'}" for name, enabled in one.destinations]
    to += [f"warehouse {safe(name)}" for name in one.warehouses]
    plan = f", plan {safe(one.plan)}" if one.plan is not None else ""
    off = "" if one.enabled else " (off)"
    return f"{safe(one.source)}{off}{plan} -> {', '.join(to) or 'nowhere'}"
