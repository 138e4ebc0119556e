"""No query is so odd that an answer is a fault of the emulator."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pytest

from segform_emulator.contract import operations
from segform_emulator.families import HANDLERS

from .api import Api

ODD = ("", "x", "[1]", '{"a":1}', "null", "9999-12-31", "0001-01-01", "-1", "\0")
NAMES = ("pagination[cursor]", "pagination[count]", "groupBy[0][x]", "filter[eventName][a]")
READS = [op_id for op_id in HANDLERS if operations()[op_id].query and operations()[op_id].reads]


@pytest.mark.parametrize("op_id", READS)
def test_what_is_odd_is_refused_or_answered(api: Api, op_id: str) -> None:
    source = api.source()
    destination = api.destination(source["id"])
    operation = operations()[op_id]
    path = operation.path
    for name in operation.parameters:
        known = {"sourceId": source["id"], "destinationId": destination["id"]}
        path = path.replace(f"{{{name}}}", known.get(name, "none"))
    now = dt.datetime.now(dt.UTC)
    fine = {
        "granularity": "DAY",
        "startTime": (now - dt.timedelta(days=1)).isoformat(),
        "endTime": now.isoformat(),
        "period": "2026-11-01",
        "sourceId": source["id"],
        "destinationConfigId": destination["id"],
    }
    for name in (*operation.query, *NAMES):
        for value in ODD:
            rest = [(n, fine[n]) for n in fine if n in operation.query and n != name]
            query = "&".join(f"{quote(n, safe='[]')}={quote(v)}" for n, v in [*rest, (name, value)])
            answer = api.send("GET", f"{path}?{query}")
            assert answer.status_code in (200, 404, 422), (query, answer.text)
