"""One apply at a time: a lock in the folder, and a look afterwards for what others made meanwhile.

The service has no lock of its own. Two applies in one folder exclude each other, and the second is
refused. Two on different machines cannot see each other; where both made an object of one name
that the service does not keep unique, the apply says so with both ids.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from segform.errors import SegformError
from segform.lifecycle.creating import appeared
from segform.lifecycle.keys import collection_of, key_of
from segform.resources import registry

from .plan import Change, Refused

if TYPE_CHECKING:
    from .engine import Workspace
    from .plan import Plan


@contextmanager
def alone(folder: Path, workspace: str) -> Iterator[None]:
    """Hold the lock of a workspace in a folder; the kernel lets it go when the process ends.

    A folder that cannot be written has no lock. Raises `Refused` where another apply holds it.
    """
    path = folder / ".segform" / "lock" / f"{workspace}.lock"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(path, flags, 0o600)
    except OSError:
        yield
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                "another apply of this workspace is under way in this folder; nothing was "
                "written: wait until it has ended, then plan again"
            ) from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(handle)


def made_meanwhile(
    engine: Workspace, plan: Plan, done: list[Change], concurrency: int
) -> list[str]:
    """Warnings about objects that others made, with the names of those that we made.

    Only kinds whose names the service does not keep unique are looked at, with one list for each
    of their collections; one that is not answered is done without.
    """

    alike: dict[tuple[str, ...], list[Change]] = {}
    for one in done:
        about = registry()[one.kind].about
        if one.action in ("create", "replace") and not about.key_unique:
            collection = collection_of(about, plan.matching.known[one.address])
            alike.setdefault(collection, []).append(one)
    before: dict[str, set[str]] = {
        kind: {str(found.values.get("id")) for found in plan.live.of(kind)}
        for kind in {collection[0] for collection in alike}
    }

    def told(made: list[Change]) -> list[str]:
        known = plan.matching.known
        runs = [engine.life.run(one.kind, planned=known[one.address]) for one in made]
        try:
            others = appeared(engine.life, runs, before[made[0].kind])
        except SegformError:
            return []
        return [
            f"{one.address}: while it was made, somebody else made another object of the same "
            f"name ({key_of(run)}): {', '.join(ids)}. One of the two has to be deleted"
            for one, run, ids in zip(made, runs, others, strict=True)
            if ids
        ]

    with ThreadPoolExecutor(concurrency, "segform-look") as pool:
        return [words for found in pool.map(told, alike.values()) for words in found]
