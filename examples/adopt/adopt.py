"""Adopt a workspace that exists: a snapshot and its bindings, and nothing to do afterwards.

    python adopt.py

Writes `workspace/` (a file for each family, to be committed) and `SLUG.bindings.json`. Sends no
write to Segment: the client refuses to.
"""

from __future__ import annotations

import sys
from pathlib import Path

from segform import SegformError, Segment
from segform.workspace import Workspace
from segform.workspace.files import write


def main() -> int:
    """Read, write the files, and plan what was read. Returns the exit code."""
    with Segment(read_only=True) as client:
        workspace = Workspace(client, bindings=lambda slug: Path(f"{slug}.bindings.json"))
        snapshot = workspace.pull()
        for one in workspace.unseen:
            print(f"not seen: {one.what}: {one.why}", file=sys.stderr)
        write(snapshot, Path("workspace"))
        plan = workspace.plan(snapshot, live=workspace.seen)
        workspace.adopt(plan)
        print(f"{workspace.slug}: {len(workspace.bindings)} objects adopted")
        print(plan)
    return 1 if plan or plan.problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SegformError as problem:
        sys.exit(str(problem))
