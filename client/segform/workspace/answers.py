"""What event files say of owners and destinations, held against the workspaces beside them.

The rule itself is `segform.tracking.connected`; here it is given what is connected: the
destinations of the sources of the plan that the events are in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from segform.catalog import Catalog
from segform.catalog.reach import entry_id_of

from .documents import Document
from .findings import Finding


class Held(NamedTuple):
    """A workspace of a snapshot, and where it stands."""

    document: Document
    at: tuple[str | int, ...]
    workspace: Mapping[str, Any]
    name: str


def of_events(
    events: Sequence[Any], workspaces: Sequence[Held], catalog: Catalog | None
) -> Iterator[Finding]:
    """Destinations that are not connected or that nobody names, owners that are no team.

    Teams are those of `[tool.segform.owners]`; where none are written down, none are checked.
    """
    if not events:
        return
    from segform.tracking.connected import check_answers
    from segform.tracking.owners import OwnersError, read_owners

    file = Path(events[0].place.file)
    try:
        teams = list(read_owners(file.parent)) or None
    except OwnersError as bad:
        place = (Path("pyproject.toml"), 1, 1)
        yield Finding(*place, "error", "file", "pyproject.toml", str(bad), "")
        teams = None
    for held in workspaces:
        connected, whole = _connected(events, held.workspace)
        given = [_with_entry(one, catalog) for _, one in connected]
        for one in check_answers(events, given, teams):
            if one.event is not None:
                at = one.event.place
                where = f"{held.name}: {one.event.key}"
                place = (Path(at.file), at.line, at.column) if at else (file, 1, 1)
                yield Finding(*place, "warning", "answer", where, one.message, one.mend)
            elif whole and one.destination is not None:
                index = connected[one.destination][0]
                place = held.document.place((*held.at, "destinations", index))
                yield Finding(*place, "note", "answer", held.name, one.message, one.mend)
        teams = None  # said once, however many workspaces there are


def _connected(
    events: Sequence[Any], workspace: Mapping[str, Any]
) -> tuple[list[tuple[int, Mapping[str, Any]]], bool]:
    """The destinations that get the events, with their places, and whether the plan is known.

    Those of the sources of the plans that hold any of the events. Where none does yet, it could be
    any source: then all destinations, of which none can be said to be left out.
    """
    keys = {one.key for one in events}
    plans = [one for one in _rows(workspace, "trackingPlans") if keys & set(_keys(one))]
    ids = {str(one) for plan in plans for one in plan.get("sourceIds") or ()}
    there = workspace.get("destinations")
    found = [
        (index, one)
        for index, one in enumerate(there if isinstance(there, list) else ())
        if isinstance(one, Mapping) and (not plans or str(one.get("sourceId")) in ids)
    ]
    # Left out is a destination only where each event of the plans is here and names its own.
    planned = {key for plan in plans for key in _keys(plan)}
    return found, bool(plans) and planned <= keys and all(one.destinations for one in events)


def _keys(plan: Mapping[str, Any]) -> Iterator[str]:
    from segform.tracking.rules import identity, rule_key

    rules = plan.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        try:
            yield rule_key(*identity(rule))
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
            continue  # no rule: the plan's own check has said so


def _with_entry(one: Mapping[str, Any], catalog: Catalog | None) -> Mapping[str, Any]:
    """A destination with its catalogue entry, by whose name people call it too."""
    entry = catalog.entry("destination", entry_id_of(one)) if catalog else None
    return {**one, "metadata": entry} if entry else one


def _rows(workspace: Mapping[str, Any], family: str) -> list[Mapping[str, Any]]:
    found = workspace.get(family)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
