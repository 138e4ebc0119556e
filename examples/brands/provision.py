"""Provision many brand workspaces, each with the same sources, plan and filter; several at once.

    BRANDS=brands.json python provision.py

`brands.json` maps the name of a brand to the environment variable that holds the token of its
workspace. Running it again changes only what differs. One workspace that fails does not stop the
others; the exit code says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from segform import SegformError, Segment
from segform.resources.source import Source
from segform.resources.source_tracking_plan_connection import SourceTrackingPlanConnection
from segform.resources.tracking_plan import TrackingPlan
from segform.workspace import Desired, Workspace

AT_ONCE = 5
JAVASCRIPT = "IqDTy1TpoU"


def wanted(brand: str) -> Desired:
    """What every brand has."""
    made = Desired()
    web = Source(
        slug=f"{brand}-web",
        name=f"{brand} website",
        enabled=True,
        metadata={"id": JAVASCRIPT},
        settings={},
    )
    plan = TrackingPlan(
        name="Shop",
        type="LIVE",
        rules_by_key={
            "TRACK:Order Completed": {
                "json_schema": {
                    "type": "object",
                    "properties": {"properties": {"type": "object", "required": ["total"]}},
                }
            }
        },
    )
    made.add(web, "web")
    made.add(plan, "shop")
    made.add(SourceTrackingPlanConnection(source_id=web, tracking_plan_id=plan), "web")
    return made


def provision(brand: str, token: str) -> int:
    """Bring one workspace to what is wanted; the number of changes."""
    with Segment(token) as client:
        workspace = Workspace(client, bindings=Path(f"{brand}.bindings.json"))
        desired = wanted(brand)
        return len(workspace.apply(workspace.plan(desired), desired).done)


async def main() -> int:
    """All brands, some at once. Returns the exit code."""
    brands: dict[str, str] = json.loads(Path(os.environ["BRANDS"]).read_text(encoding="utf-8"))
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(brand: str, variable: str) -> bool:
        if variable not in os.environ:
            print(f"{brand}: {variable}, which is to hold its token, is not set", file=sys.stderr)
            return False
        async with turns:
            try:
                changes = await asyncio.to_thread(provision, brand, os.environ[variable])
            except SegformError as problem:
                print(f"{brand}: {problem}", file=sys.stderr)
                return False
        print(f"{brand}: {changes} changes")
        return True

    done = await asyncio.gather(*(one(brand, variable) for brand, variable in brands.items()))
    return 0 if all(done) else 1


if __name__ == "__main__":
    if "BRANDS" not in os.environ:
        sys.exit("set BRANDS to the name of the file of brands")
    try:
        sys.exit(asyncio.run(main()))
    except (OSError, json.JSONDecodeError) as problem:
        sys.exit(f"{os.environ['BRANDS']}: {problem}")
