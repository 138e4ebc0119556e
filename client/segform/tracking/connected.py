"""The answers of a plan's events held against the workspace: does who is named exist, and get them?

Pure: what is connected is given, as names or as objects of the API.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .planned import PlannedEvent, planned_events


class Mismatch(NamedTuple):
    """One answer that does not fit.

    `event` is None for what is about no single event but a destination: then `destination` is its
    place among those that were given.
    """

    event: PlannedEvent | None
    message: str
    mend: str
    destination: int | None = None

    def __str__(self) -> str:
        place = f"{self.event.place}: " if self.event and self.event.place else ""
        subject = f"{self.event.key}: " if self.event else ""
        return f"{place}{subject}{self.message}. {self.mend}"


def check_answers(
    events: Iterable[Any],
    destinations: Iterable[str | Mapping[str, Any]],
    owners: Iterable[str] | None = None,
) -> list[Mismatch]:
    """What of `destinations` and `owner` of events does not fit what there is.

    `destinations` are those connected to the plan's sources: names, or objects of the API, which
    are known by name, id, and slug and name of their metadata. `owners` are the teams that exist;
    None does not check them, and `@user` or an address is somebody by itself. A destination that no
    event names is told once, where events name any.
    """
    plan = planned_events(events)
    several = [_names(one) for one in destinations]
    known = {_folded(name): index for index, names in enumerate(several) for name in names}
    shown = {_folded(name): name for names in several for name in names[:1]}
    teams = None if owners is None else list(owners)
    found: list[Mismatch] = []
    used: set[int] = set()
    for event in plan:
        for name in event.destinations:
            index = known.get(_folded(name))
            if index is not None:
                used.add(index)
                continue
            near = difflib.get_close_matches(_folded(name), list(shown), 1)
            mend = f"Did you mean {shown[near[0]]!r}?" if near else _listed(list(shown.values()))
            message = f"the destination {name!r} is connected to none of the plan's sources"
            found.append(Mismatch(event, message, mend))
        named = event.owner and "@" not in event.owner
        if teams is not None and named and event.owner not in teams:
            close = difflib.get_close_matches(event.owner, teams, 1)
            mend = f"Did you mean {close[0]!r}?" if close else f"Teams: {', '.join(sorted(teams))}."
            found.append(Mismatch(event, f"the owner {event.owner!r} is no team", mend))
    if any(event.destinations for event in plan):
        for index, names in enumerate(several):
            if index not in used and names:
                message = f"the destination {names[0]!r} is connected, and no event names it"
                mend = "Name it where it is used, or disconnect it."
                found.append(Mismatch(None, message, mend, index))
    return found


def _names(one: str | Mapping[str, Any]) -> list[str]:
    """What a destination may be called; what people see first."""
    if isinstance(one, str):
        return [one]
    metadata = one.get("metadata")
    more = metadata if isinstance(metadata, Mapping) else {}
    said = (one.get("name"), more.get("name"), more.get("slug"), one.get("slug"), one.get("id"))
    return [str(name) for name in said if name]


def _folded(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _listed(names: list[str]) -> str:
    if not names:
        return "No destination is connected."
    return f"Connected: {', '.join(sorted(names)[:8])}."
