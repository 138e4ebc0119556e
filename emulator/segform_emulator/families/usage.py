"""What is billed: API calls and monthly tracked users, cumulative, with an entry for each day.

Who counts as what is not published. Here (inferred from the names): identified are user ids,
anonymous are anonymous ids, anonymous identified those of them that came with a user id, and never
identified the rest.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from segform_emulator.moments import moment, stamp
from segform_emulator.traffic import DAY, fed
from segform_emulator.workspace import Object

from .call import Call, Handler

_Count = Callable[[Iterable[Object]], Object]


def _calls(found: Iterable[Object]) -> Object:
    return {"apiCalls": str(sum(row["count"] for row in found))}


def _users(found: Iterable[Object]) -> Object:
    users: set[str] = set()
    anonymous: set[str] = set()
    known: set[str] = set()
    for row in found:
        user, other = row.get("userId"), row.get("anonymousId")
        users |= {user} if user else set()
        anonymous |= {other} if other else set()
        known |= {other} if user and other else set()
    return {
        "anonymous": str(len(anonymous)),
        "anonymousIdentified": str(len(known)),
        "identified": str(len(users)),
        "neverIdentified": str(len(anonymous - known)),
    }


def _month(call: Call) -> tuple[dt.datetime, dt.datetime]:
    """The month that a period is in: its first day, and that of the next."""
    given = moment(call.query["period"], "period")
    start = given.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return start, (start + 32 * DAY).replace(day=1)


def _daily(name: str, count: _Count, *, dated: bool = False, by_source: bool = False) -> Handler:
    """An operation: `dated` entries say what period they are of."""

    def daily(call: Call) -> dict[str, Any]:
        start, end = _month(call)
        period = {"periodStart": int(start.timestamp()), "periodEnd": int(end.timestamp())}
        arrived = _by_day(call, start, end)
        so_far: dict[str, list[Object]] = {} if by_source else {"": []}
        entries: list[Object] = []
        day = start
        while day < min(end, call.clock.now()):
            for row in arrived[day]:
                so_far.setdefault(row["sourceId"] if by_source else "", []).append(row)
            for source_id, held in so_far.items():
                facts = {**count(held), **(period if dated else {}), "timestamp": stamp(day)}
                entries.append({"sourceId": source_id, **facts} if by_source else facts)
            day += DAY
        return call.page(entries, name)

    return daily


def _by_day(call: Call, start: dt.datetime, end: dt.datetime) -> dict[dt.datetime, list[Object]]:
    """What arrived on each day of a month; what failed on the way in counts nowhere."""
    found: dict[dt.datetime, list[Object]] = defaultdict(list)
    for row in fed(call):
        at = moment(row["at"], "timestamp")
        if row["result"] != "failed" and start <= at < end:
            found[at.replace(hour=0, minute=0, second=0, microsecond=0)].append(row)
    return found


HANDLERS: dict[str, Handler] = {
    "getDailyWorkspaceAPICallsUsage": _daily("dailyWorkspaceAPICallsUsage", _calls),
    "getDailyPerSourceAPICallsUsage": _daily("dailyPerSourceAPICallsUsage", _calls, by_source=True),
    "getDailyWorkspaceMTUUsage": _daily("dailyWorkspaceMTUUsage", _users, dated=True),
    "getDailyPerSourceMTUUsage": _daily(
        "dailyPerSourceMTUUsage", _users, dated=True, by_source=True
    ),
}
