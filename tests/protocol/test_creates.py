"""A create of every kind with each of its requests failing: done, undone or unfinished, never else.

What a create sends is taken from a run in which all goes well. Then it runs anew for each of those
requests, which is refused (422), fails (500) or is carried out and its answer lost: once, each
time, each time and all deletions too, and everything from there on. The driver calls an error
together with a state, or a state with unknown values, a broken rule: Terraform would call the
object tainted. The next run makes it whole: everything is there once, and the plan is empty.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from segform.resources import registry
from segform_emulator import Emulator

from .conftest import Start
from .core import Config, Core, CoreError, DiagnosticsError, Ref
from .shop import ADDRESSES, shop

KINDS = list(registry())
MODES = ("once", "again", "undo", "lasting")


class Wire:
    """Counts the requests of one create, and says which of them fail."""

    def __init__(self) -> None:
        self.armed = False
        self.at: int | None = None
        self.mode = self.how = ""
        self.seen: list[str] = []

    def strikes(self, line: str) -> bool:
        """Whether this request fails; it is counted."""
        place = len(self.seen)
        self.seen.append(line)
        if self.at is None or place < self.at:
            return False
        if place == self.at or self.mode == "lasting":
            return True
        same = line == self.seen[self.at] and self.mode in ("again", "undo")
        return same or (self.mode == "undo" and line.startswith("DELETE"))


class Line(httpx.BaseTransport):
    """The way to the emulator."""

    def __init__(self, inner: httpx.BaseTransport, wire: Wire) -> None:
        self.inner, self.wire = inner, wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.wire.armed or not self.wire.strikes(f"{request.method} {request.url.path}"):
            return self.inner.handle_request(request)
        if self.wire.how == "dropped":
            self.inner.handle_request(request)
            raise httpx.RemoteProtocolError("the answer was lost", request=request)
        errors = [{"type": "test", "message": "not today"}]
        return httpx.Response(int(self.wire.how), json={"errors": errors}, request=request)


class Armed(Core):
    """A driver that tells the wire when the create of one resource begins and ends."""

    def __init__(self, core: Core, address: str, wire: Wire) -> None:
        self.address, self.wire = address, wire
        super().__init__(core._start, core._provider)

    def restart(self, provider: dict[str, Any] | None = None) -> None:
        super().restart(provider)
        handlers = dict(self._handlers)
        real = handlers["ApplyResourceChange"]

        def apply(request: Any) -> Any:
            self.wire.armed = request.type_name == self.address.partition(".")[0]
            try:
                return real(request)
            finally:
                self.wire.armed = False

        handlers["ApplyResourceChange"] = apply
        self._handlers: Mapping[str, Callable[[Any], Any]] = handlers


class World:
    """What a kind hangs on is there; its create can be run as often as one likes."""

    def __init__(
        self, start: Start, emulator: Emulator, kind: str, folder: Path, patch: pytest.MonkeyPatch
    ) -> None:
        self.address = ADDRESSES[kind]
        self.config = _closure(self.address)
        self.emulator, self.folder, self.patch = emulator, folder, patch
        self.wire = Wire()
        real = emulator.transport
        vars(emulator)["transport"] = lambda: Line(real(), self.wire)
        parents = {at: values for at, values in self.config.items() if at != self.address}
        self._journals = 0
        self.core = Armed(start(), self.address, self.wire)
        self.core.apply(parents)
        assert self.core.plan(parents) == []
        self.before = copy.deepcopy(emulator.dump())
        self.state = (dict(self.core.state), dict(self.core.identities), list(self.core.order))
        self.requests = self._run(None, "", "")
        assert self.core.plan(self.config) == []
        self.wanted = self._counts()
        # What a try changed in the parents (groups of a user) is no part of the comparison.
        assert self.wanted != self._counts_of(self.before) or kind == "source_schema_settings"

    def _run(self, at: int | None, how: str, mode: str) -> list[str]:
        """Create it in a workspace as it was before; the requests of that."""
        self.emulator.snapshots.load(copy.deepcopy(self.before))
        self._journals += 1
        self.patch.setenv("SEGFORM_JOURNAL", str(self.folder / f"journal-{self._journals}"))
        state, identities, order = self.state
        self.core.state, self.core.identities = dict(state), dict(identities)
        self.core.order = list(order)
        self.wire.at, self.wire.how, self.wire.mode, self.wire.seen = at, how, mode, []
        self.core.apply(self.config)
        return self.wire.seen

    def struck(self, at: int, how: str, mode: str) -> str:
        """The same with failures: `done`, `unfinished` or `error`. Raises `CoreError`."""
        said = ""
        try:
            self._run(at, how, mode)
        except DiagnosticsError as problem:
            said = str(problem)
        assert "hush" not in said
        if said:
            assert self.address not in self.core.state
            return "error"
        assert self.address in self.core.state
        return "unfinished" if "unfinished" in self._private() else "done"

    def _private(self) -> Any:
        from segform_provider.rpc.common import load_private

        return load_private(self.core.state[self.address][1])

    def whole(self) -> None:
        """The next run, in which nothing fails."""
        self.wire.at = None
        self.core.apply(self.config)
        assert self.core.plan(self.config) == [], "the plan is not empty"
        assert self._counts() == self.wanted, "not everything is there once"
        assert "unfinished" not in self._private()

    def gone(self) -> bool:
        """Whether the workspace holds no more than before."""
        return self._counts() == self._counts_of(self.before)

    def _counts(self) -> Counter[str]:
        return self._counts_of(self.emulator.dump())

    @staticmethod
    def _counts_of(dump: dict[str, Any]) -> Counter[str]:
        found: Counter[str] = Counter()
        for family, rows in dump["workspaces"][0].items():
            if isinstance(rows, list) and family != "functionVersions":
                found[family] = len(rows)
                for row in rows:
                    for part in ("rules", "sourceIds"):
                        found[f"{family}.{part}"] += len(row.get(part) or ())
        return found


def _closure(address: str) -> Config:
    """A resource, and all that it refers to."""
    whole = shop()
    todo, found = [address], dict[str, dict[str, Any]]()
    while todo:
        at = todo.pop()
        if at not in found:
            found[at] = whole[at]
            todo += _refs(whole[at])
    return {at: found[at] for at in whole if at in found}


def _refs(value: Any) -> list[str]:
    if isinstance(value, Ref):
        return [value.address]
    values = value.values() if isinstance(value, dict) else value
    return [at for one in values for at in _refs(one)] if isinstance(value, (dict, list)) else []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["422", "500", "dropped"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_request_of_a_create_fails(
    start: Start,
    emulator: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    how: str,
) -> None:
    world = World(start, emulator, kind, tmp_path, monkeypatch)
    assert world.requests, "a create that sends nothing proves nothing"
    outcomes: Counter[str] = Counter()
    for at, line in enumerate(world.requests):
        for mode in MODES:
            case = f"{kind}: request {at} ({line}) {how}, {mode}"
            try:
                outcome = world.struck(at, how, mode)
                if outcome == "error" and mode == "again" and how == "422":
                    # The deletions went through: what was made is gone.
                    assert world.gone(), "an error, and something is left"
                world.whole()
            except (CoreError, AssertionError, DiagnosticsError) as problem:
                pytest.fail(f"{case}: {problem}")
            outcomes[outcome] += 1
    print(kind, how, len(world.requests), dict(outcomes))
    assert outcomes["error"] + outcomes["unfinished"] > 0
