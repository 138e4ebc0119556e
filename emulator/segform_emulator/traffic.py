"""Events that went through a workspace: fed by the control plane, counted by the families.

`POST /_emulator/events` takes `{"events": [...], "workspace": slug}`. An event, or as many alike as
`count` says, has:

* `source`: id or slug; `type`: track, identify, page, screen, group or alias; `event`: its name;
* `timestamp` (now), `appVersion`, `userId`, `anonymousId`;
* `result`: received (where nothing is said), failed on ingest or filtered at the source, and the
  `reason` of the last two;
* `destinations`: what became of it, each with `destination` (id), `result` (delivered, failed or
  filtered), `reason`, `attempts` (1), `count` (that of the event), and where they apply
  `subscriptionId`, `activationId`, `audienceId`, `spaceId`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import bad_request, invalid
from .ids import Clock
from .moments import moment, stamp
from .query import listed
from .workspace import Object, Workspace

if TYPE_CHECKING:
    from .families.call import Call

TYPES = ("alias", "group", "identify", "page", "screen", "track")
AT_SOURCE = ("received", "failed", "filtered")
AT_DESTINATION = ("delivered", "failed", "filtered")
_TEXTS = ("appVersion", "userId", "anonymousId")
_IDS = ("subscriptionId", "activationId", "audienceId", "spaceId")
# So that a loop that feeds for hours is noticed before memory is.
MOST = 100_000

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
_SIZES = {"MINUTE": dt.timedelta(minutes=1), "HOUR": HOUR, "DAY": DAY}


# What is fed


def feed(workspace: Workspace, given: Any, clock: Clock) -> int:
    """Take events in, all or none; how many there were. Raises `Fault` 400 or 422."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad_request("events is a list of objects.")
    held = workspace.more["volumes"]
    if len(held) + len(given) > MOST:
        raise bad_request(f"A workspace holds at most {MOST} entries; give events a count.")
    rows = [_row(workspace, one, clock) for one in given]
    number = next(reversed(held), 0)
    for row in rows:
        number += 1
        held[number] = {"id": number, **row}
    total: int = sum(row["count"] for row in rows)
    return total


def _row(workspace: Workspace, one: Mapping[str, Any], clock: Clock) -> Object:
    known = {"source", "type", "event", "count", "timestamp", "result", "reason", "destinations"}
    unknown = set(one) - known - set(_TEXTS)
    if unknown:
        raise bad_request(f"An event has no {', '.join(sorted(unknown))}.")
    at = moment(one["timestamp"], "timestamp") if "timestamp" in one else clock.now()
    source_id = _source_id(workspace, one.get("source"))
    row: Object = {
        "at": stamp(at),
        "sourceId": source_id,
        "eventType": _one_of(one, "type", TYPES, None),
        "count": _number(one, "count", 1),
        "result": _one_of(one, "result", AT_SOURCE, "received"),
        "destinations": [],
    }
    if "event" in one:
        row["eventName"] = _text(one, "event")
    if row["result"] != "received":
        row["discardReason"] = _text(one, "reason", "unknown")
    row.update({name: _text(one, name) for name in _TEXTS if name in one})
    for part in one.get("destinations", ()):
        row["destinations"].append(_delivery(workspace, source_id, part, row["count"]))
    return row


def _delivery(workspace: Workspace, source_id: str, part: Any, count: int) -> Object:
    if not isinstance(part, dict):
        raise bad_request("destinations is a list of objects.")
    destination = workspace.destinations.get(str(part.get("destination")))
    if destination is None or destination["sourceId"] != source_id:
        raise bad_request(f"The source has no destination {part.get('destination')!r}.")
    made: Object = {
        "destinationId": destination["id"],
        "result": _one_of(part, "result", AT_DESTINATION, "delivered"),
        "attempts": _number(part, "attempts", 1),
        "count": _number(part, "count", count),
    }
    if made["result"] == "delivered":
        # Documented: deliveries are filtered by the attempt that succeeded.
        made["discardReason"] = f"successes.attempt.{made['attempts']}"
    else:
        made["discardReason"] = _text(part, "reason", "unknown")
    made.update({name: _text(part, name) for name in _IDS if name in part})
    return made


def _source_id(workspace: Workspace, wanted: Any) -> str:
    for source in workspace.sources.values():
        if wanted in (source["id"], source["slug"]):
            return str(source["id"])
    raise bad_request(f"There is no source {wanted!r}.")


def _one_of(one: Mapping[str, Any], name: str, known: Sequence[str], default: str | None) -> str:
    found = one.get(name, default)
    if found not in known:
        raise bad_request(f"The {name} of an event is one of {', '.join(known)}.")
    return str(found)


def _number(one: Mapping[str, Any], name: str, default: int) -> int:
    found = one.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise bad_request(f"The {name} of an event is a number from 1.")
    return found


def _text(one: Mapping[str, Any], name: str, default: str | None = None) -> str:
    found = one.get(name, default)
    if not isinstance(found, str):
        raise bad_request(f"The {name} of an event is a text.")
    return found


# What is counted


class Reach(NamedTuple):
    """How long a window may be, and how far back it may start."""

    length: dt.timedelta
    age: dt.timedelta


class Window(NamedTuple):
    """From `start` to before `end`, in steps of `size`."""

    start: dt.datetime
    end: dt.datetime
    size: dt.timedelta

    def step(self, at: dt.datetime) -> dt.datetime:
        """The beginning of the step that a time is in."""
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + (at - midnight) // self.size * self.size

    def steps(self) -> list[dt.datetime]:
        """The beginnings of all steps."""
        found, step = [], self.step(self.start)
        while step < self.end:
            found.append(step)
            step += self.size
        return found


class Hit(NamedTuple):
    """So many events at a time, with what they can be grouped and filtered by."""

    at: dt.datetime
    events: int
    facts: Object
    retried: int = 0


class Group(NamedTuple):
    """Events that have something in common: counts by step, those delivered on retry apart."""

    facts: Object
    counts: dict[dt.datetime, int]
    retried: dict[dt.datetime, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def window(
    call: Call, reaches: Mapping[str, Reach], defaults: Mapping[str, dt.timedelta] | None = None
) -> Window:
    """The window of a query. Raises `Fault` 422 for one that is too long or too old.

    `defaults`: how long before its end a window starts where the query does not say.
    """
    granularity = str(call.query.get("granularity", "MINUTE"))
    now = call.clock.now()
    end = moment(call.query["endTime"], "endTime") if "endTime" in call.query else now
    size, reach = _SIZES[granularity], reaches[granularity]
    if defaults and "startTime" not in call.query:
        return Window(end - defaults[granularity], end, size)
    start = moment(call.query["startTime"], "startTime")
    if start >= end:
        raise invalid("startTime", '"startTime" must be before "endTime"')
    if end - start > reach.length:
        raise invalid("endTime", f"A window by {granularity} is at most {_told(reach.length)} long")
    if start < now - reach.age:
        raise invalid(
            "startTime", f"A window by {granularity} starts {_told(reach.age)} ago or later"
        )
    return Window(start, end, size)


def _told(length: dt.timedelta) -> str:
    hours = int(length / HOUR)
    return f"{hours} hours" if hours <= 48 else f"{hours // 24} days"


def fed(call: Call) -> list[Object]:
    """What was fed to the workspace, and the token may see."""
    return call.role.visible(call.workspace, call.workspace.more["volumes"].values())


def grouping(call: Call, known: Sequence[str]) -> list[str]:
    """What a query groups by: repeated, numbered or with commas. Raises `Fault` 422."""
    given = [part for one in listed(call.query.get("groupBy")) for part in str(one).split(",")]
    for one in given:
        if one not in known:
            raise invalid("groupBy", f'"groupBy" must be one of [{", ".join(known)}]')
    return given


def passing(hits: Iterable[Hit], wanted: Mapping[str, Any]) -> list[Hit]:
    """The hits that filters let through: name -> values, of which one has to match."""
    filters = {name: [str(v) for v in listed(value)] for name, value in wanted.items() if value}
    return [
        hit
        for hit in hits
        if all(hit.facts.get(name) in values for name, values in filters.items())
    ]


def grouped(hits: Iterable[Hit], within: Window, by: Sequence[str]) -> list[Group]:
    """Groups with the most events first; without `by` one, even of nothing."""
    found: dict[tuple[Any, ...], Group] = {}
    if not by:
        found[()] = Group({}, {}, {})
    for hit in hits:
        if not within.start <= hit.at < within.end:
            continue
        key = tuple(hit.facts.get(name) for name in by)
        if key not in found:
            facts = {name: hit.facts[name] for name in by if name in hit.facts}
            found[key] = Group(facts, {}, {})
        step = within.step(hit.at)
        group = found[key]
        group.counts[step] = group.counts.get(step, 0) + hit.events
        group.retried[step] = group.retried.get(step, 0) + hit.retried
    return sorted(found.values(), key=lambda group: -group.total)
