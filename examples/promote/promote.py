"""Promote what development has to production: plan, look, and with --apply do it.

    SEGMENT_DEV_TOKEN=... SEGMENT_PROD_TOKEN=... python promote.py [--apply]

Ids, secrets and write keys are never carried. What may differ stays as it is in production, users
and groups are left alone. `prod.bindings.json`, to be committed, says which object is which there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from segform import SegformError, Segment
from segform.workspace import Bindings, Refused, Workspace
from segform.workspace.policy import Policy
from segform.workspace.promoting import promoted

POLICY = Policy.of(
    {
        "differ": ["source.*.settings.websiteUrl", "destination.*.enabled"],
        "leave": ["user", "user_group"],
    }
)


def main(apply: bool) -> int:
    """Returns the exit code: 0 done, 1 there are changes to look at, 3 refused."""
    with Segment(os.environ["SEGMENT_DEV_TOKEN"], read_only=True) as client:
        development = Workspace(client, journal=False).pull()
    token = os.environ["SEGMENT_PROD_TOKEN"]
    with Segment(token, read_only=None if apply else True) as client:
        production = Workspace(client, bindings=Path("prod.bindings.json"))
        live = production.observe()
        wanted = promoted(development, Bindings(), production, live, POLICY)
        plan = production.plan(wanted, live=live)
        print(plan)
        for words in (*plan.warnings, *plan.problems):
            print(words, file=sys.stderr)
        if not apply:
            return 1 if plan else 0
        try:
            done = production.apply(plan, wanted).done
        except Refused as refused:
            print(f"refused: {refused}", file=sys.stderr)
            return 3
        print(f"{production.slug}: {len(done)} changes")
    return 0


if __name__ == "__main__":
    unset = [one for one in ("SEGMENT_DEV_TOKEN", "SEGMENT_PROD_TOKEN") if one not in os.environ]
    if unset:
        sys.exit(f"not set: {', '.join(unset)}")
    try:
        sys.exit(main("--apply" in sys.argv[1:]))
    except SegformError as problem:
        sys.exit(str(problem))
