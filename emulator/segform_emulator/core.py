"""The emulator itself: its state, and the ways in."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .auth import OWNER, ROLES, Tokens
from .catalog import Catalog
from .checking import Checks
from .classes import OwnCatalog
from .consistency import Consistency
from .features import Features
from .ids import Clock, Maker
from .injection import Injections
from .legacy import HOST as LEGACY_HOST
from .legacy import Legacy, is_legacy
from .limits import Limits
from .people import found
from .recorder import Recorder
from .service import Service
from .snapshot import Snapshots
from .trip import Answer, Request
from .workspace import Workspace
from .written import Written

if TYPE_CHECKING:
    import httpx

    from .server import Server
    from .store import Store

# Slug, name and region of each workspace at the start.
_PLACES = (("acme", "Acme", "us"), ("umbrella", "Umbrella", "us"), ("acme-eu", "Acme EU", "eu"))


class Emulator:
    """A Segment with three workspaces or more, one in the EU. Safe to call from many threads.

    * `catalog`: files with more catalogue entries; `seed`: a snapshot to start from;
    * `data`: a folder in which state and tokens are kept over restarts;
    * `region`: `us` or `eu` where the host's name does not say it; None lets every token in;
    * `check`: answers that break the contract are errors (500), listed in `violations`: 1 checks
      all, n one in n after the first 50 of an operation, 0 none;
    * `ids`: a number from which ids are made, for runs that give the same ones;
    * `workspaces`: how many there are, at least three.

    `token` opens the first workspace as owner; `tokens` has one for each role in it, and
    `other_workspace` and `eu`, the owners of the second and third, and `workspace_4` and so on
    those of the others.

    Raises ValueError for a catalogue, a seed or a folder that cannot be used.
    """

    def __init__(
        self,
        *,
        catalog: Iterable[Path] = (),
        seed: Mapping[str, Any] | None = None,
        data: Path | None = None,
        region: str | None = None,
        check: int = 1,
        ids: int | None = None,
        workspaces: int = 3,
    ) -> None:
        self.region = region
        self.catalog = Catalog(catalog)
        self.written = Written(self.catalog)
        self.make = Maker(ids)
        self.clock = Clock()
        self.limits = Limits(self.clock)
        self.faults = Injections()
        self.features = Features()
        self.consistency = Consistency(self.clock)
        self.recorder = Recorder()
        self.checks = Checks(check)
        self.timestamps = "iso"
        self.lock = threading.RLock()
        self.auth = Tokens()
        self.workspaces: list[Workspace] = []
        self.snapshots = Snapshots(self)
        self.store: Store | None = None
        self._service = Service(self)
        self._legacy = Legacy(self)
        if data is not None:
            from .store import Store

            self.store = Store(data)
            self.workspaces = self.store.load()
            for workspace in self.workspaces:
                found(workspace)
            self._known_entries(data)
        # A folder may have been made with more, or with fewer.
        more = range(len(_PLACES) + 1, max(workspaces, len(self.workspaces)) + 1)
        self._places = (*_PLACES, *((f"workspace-{n}", f"Workspace {n}", "us") for n in more))
        if not self.workspaces:
            self.reset()
        elif len(self.workspaces) < len(self._places):
            self.workspaces += self._empty(len(self.workspaces))
            self.keep_all()
        self.tokens = self._tokens()
        self.token = self.tokens["owner"]
        if seed is not None:
            self.snapshots.load(seed)

    def reset(self) -> None:
        """Back to empty workspaces without faults, limits or log; tokens and their ids stay."""
        known = [one.id for one in self.workspaces]
        self.workspaces = self._empty(0, known)
        self.faults.clear()
        self.consistency.clear()
        self.limits.configure({})
        self.features.clear()
        self.timestamps = "iso"
        self.clock.reset()
        self.recorder.clear()
        self.recorder.reset()
        self.checks.clear()
        self.keep_all()

    def _empty(self, first: int, known: Sequence[str] = ()) -> list[Workspace]:
        """Empty workspaces from a place on; `known`: ids that they have already."""
        return [
            Workspace(known[at] if at < len(known) else self.make.base58(), slug, name, region)
            for at, (slug, name, region) in enumerate(self._places)
            if at >= first
        ]

    def _known_entries(self, folder: Path) -> None:
        for workspace in self.workspaces:
            catalog = OwnCatalog(self.catalog, workspace)
            tables = workspace.tables()
            for table in ("sources", "destinations", "warehouses", "profiles_warehouses"):
                kind = table.removeprefix("profiles_")
                for one in tables[table].values():
                    if catalog.get(kind, one["metadataId"]) is None:
                        self.close()
                        raise ValueError(
                            f"{folder} holds objects of the catalog entry {one['metadataId']!r}, "
                            "which is not loaded; give the same --catalog files as before"
                        )

    def at(self, place: int) -> Workspace:
        """The workspace at a place."""
        return self.workspaces[place]

    def _tokens(self) -> dict[str, str]:
        before = self.store.tokens() if self.store is not None else {}
        made = {role.name: self.auth.add(0, role, before.get(role.name)) for role in ROLES}
        others = (f"workspace_{place + 1}" for place in range(len(_PLACES), len(self.workspaces)))
        for place, name in enumerate(("other_workspace", "eu", *others), start=1):
            made[name] = self.auth.add(place, OWNER, before.get(name))
        if self.store is not None:
            self.store.keep_tokens(made)
        return made

    def kept(self, workspace: Workspace) -> None:
        """Write what was touched in a workspace to the folder, if there is one."""
        if self.store is not None:
            self.store.save(self.workspaces.index(workspace), workspace)
        workspace.forget_touched()

    def keep_all(self) -> None:
        """Write everything to the folder, if there is one; who has no user gets an owner."""
        for workspace in self.workspaces:
            found(workspace)
        if self.store is not None:
            self.store.replace(self.workspaces)
        for workspace in self.workspaces:
            workspace.forget_touched()

    # What the control plane does, for tests in the same process

    def seed(self, snapshot: Mapping[str, Any] | None = None, **sizes: int) -> None:
        """Load a snapshot, or make up so many `sources`, `destinations`, `filters`, …"""
        with self.lock:
            if snapshot is not None:
                self.snapshots.load(snapshot)
            else:
                self.snapshots.made_up(sizes)

    def dump(self) -> dict[str, Any]:
        """What all workspaces hold, as a snapshot."""
        with self.lock:
            return self.snapshots.dump()

    def fault(self, kind: str, **given: Any) -> None:
        """Ask for a fault; see `injection`."""
        with self.lock:
            self.faults.add({"kind": kind, **given})

    # Ways in

    def handle(self, request: Request) -> Answer:
        """Answer a request. A late answer is ready at once; whoever carries it waits."""
        with self.lock:
            if request.path.startswith("/_emulator"):
                from .control import control

                return control(self, request)
            if is_legacy(request):
                return self._legacy.answer(request)
            return self._service.answer(request)

    @property
    def app(self) -> Any:
        """The ASGI application."""
        from .server import asgi

        return asgi(self)

    def serve(
        self, port: int = 0, *, patience: float | None = None
    ) -> AbstractContextManager[Server]:
        """A server on the loopback interface while the context lasts; `.url` is where.

        `patience`: seconds in which a request has to be complete (30); 408 after that.
        """
        from .server import serve
        from .wire import PATIENCE

        return serve(self, port, PATIENCE if patience is None else patience)

    def transport(self) -> httpx.BaseTransport:
        """An httpx transport that calls the emulator in this process, without a socket."""
        from .transport import Transport

        return Transport(self)

    def config_api_transport(self) -> httpx.BaseTransport:
        """The same for the legacy Config API: every request goes to its face."""
        from .transport import Transport

        return Transport(self, LEGACY_HOST)

    def close(self) -> None:
        """Let go of the folder."""
        with self.lock:
            if self.store is not None:
                self.store.close()
                self.store = None
