"""Any history: make, change, delete, list, faults, ends and kills; what was answered is what is.

A machine of hypothesis keeps its own account of a workspace and holds the emulator to it: nothing
that was answered is lost, nothing that was deleted returns, lists agree with single reads, and
pages have each object once unless a fault was asked for.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from segform_emulator import Emulator

from .api import POSTGRES, WEB, WEBHOOK, Api, track

Object = dict[str, Any]
LOST = ("drop_after_commit", "error_after", "truncated")
NEVER = ("disconnect", "error_before", "html")


class Kind(NamedTuple):
    """One kind of object: where it is made and read, and what goes with what it hangs on."""

    path: str
    envelope: str
    listed: str
    body: Callable[[str, str], Object]
    change: Callable[[str], Object]
    parent: str = ""
    query: str = ""
    # Which attribute of an answer has what was made unique.
    named: str = "name"


KINDS = {
    "source": Kind(
        "/sources",
        "source",
        "sources",
        lambda name, _: {"slug": name, "enabled": True, "metadataId": WEB},
        lambda name: {"name": name, "enabled": False},
        named="slug",
    ),
    "destination": Kind(
        "/destinations",
        "destination",
        "destinations",
        lambda name, of: {"name": name, "sourceId": of, "metadataId": WEBHOOK, "settings": {}},
        lambda name: {"settings": {"sharedSecret": f"secret {name}"}},
        parent="source",
    ),
    "filter": Kind(
        "/destination/{parent}/filters",
        "filter",
        "filters",
        lambda name, _: {
            "title": name,
            "if": "all",
            "actions": [{"type": "DROP"}],
            "enabled": True,
        },
        lambda name: {"description": name},
        parent="destination",
        named="title",
    ),
    "transformation": Kind(
        "/transformations",
        "transformation",
        "transformations",
        lambda name, of: {"name": name, "sourceId": of, "enabled": True, "if": "type='track'"},
        lambda name: {"newEventName": name},
        parent="source",
    ),
    "model": Kind(
        "/reverse-etl-models",
        "reverseEtlModel",
        "models",
        lambda name, of: {
            "name": name,
            "sourceId": of,
            "description": "",
            "enabled": True,
            "query": "SELECT 1",
            "queryIdentifierColumn": "id",
        },
        lambda name: {"description": name},
        parent="source",
    ),
    "plan": Kind(
        "/tracking-plans",
        "trackingPlan",
        "trackingPlans",
        lambda name, _: {"name": name, "type": "LIVE"},
        lambda name: {"description": name},
    ),
    "warehouse": Kind(
        "/warehouses",
        "warehouse",
        "warehouses",
        lambda name, _: {"metadataId": POSTGRES, "settings": {"host": name, "password": name}},
        lambda name: {"settings": {"port": name}},
        named="settings.host",
    ),
    "function": Kind(
        "/functions",
        "function",
        "functions",
        lambda name, _: {"displayName": name, "code": "// 1", "resourceType": "SOURCE"},
        lambda name: {"code": f"// {name}"},
        query="resourceType=SOURCE",
        named="displayName",
    ),
    "group": Kind(
        "/groups",
        "userGroup",
        "userGroups",
        lambda name, _: {"name": name},
        lambda name: {"name": f"{name} again"},
    ),
    "credential": Kind(
        "/credentials",
        "credential",
        "credentials",
        lambda name, _: {"name": name, "settings": {"type": "Snowflake", "password": name}},
        lambda name: {"settings": {"warehouse": name}},
    ),
}
# Of these an answer tells too little to compare with: the whole object is read.
QUIET = ("plan",)


class History(RuleBasedStateMachine):
    """The account: kind -> id -> the object as it was last answered; and what is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="segform-history-"))
        self.number = 0
        self.there: dict[str, dict[str, Object]] = {kind: {} for kind in KINDS}
        self.keys: dict[str, set[str]] = {}
        self.gone: list[tuple[str, str]] = []
        self.below: dict[str, str] = {}
        self.start(self.folder / "0")
        # One of each, hanging together, so that every deletion has something to take along.
        for kind, of in KINDS.items():
            self.keep(kind, next(iter(self.there.get(of.parent, {})), ""), "")

    def start(self, folder: Path) -> None:
        self.data = folder
        self.emulator = Emulator(data=folder)
        self.api = Api(self.emulator)

    def teardown(self) -> None:
        try:
            self.everything(2)
            assert self.emulator.checks.violations == []
        finally:
            self.emulator.close()
            shutil.rmtree(self.folder)

    def new(self) -> str:
        """A name that nothing else has."""
        self.number += 1
        return f"n{self.number}"

    def path(self, kind: str, one: str = "") -> str:
        """Of the collection, or of one object."""
        path = KINDS[kind].path
        return f"{path.format(parent=self.below.get(one, ''))}/{one}"

    def pick(self, data: st.DataObject, kind: str) -> str:
        """One that is there."""
        found: str = data.draw(st.sampled_from(list(self.there[kind])))
        return found

    def parent_of(self, data: st.DataObject, kind: str) -> str | None:
        """One that an object can hang on; None where there is none."""
        parent = KINDS[kind].parent
        if not parent:
            return ""
        return self.pick(data, parent) if self.there[parent] else None

    def send(self, fault: str, method: str, path: str, body: Any = None) -> Any:
        """The data of an answer, or None for one that a fault kept from us."""
        if not fault:
            return self.api.call(method, path, body)
        self.emulator.fault(fault)
        try:
            answer = self.api.send(method, path, body)
        except httpx.RemoteProtocolError:
            return None
        assert answer.status_code >= 500 or fault == "truncated"
        return None

    # What can happen

    @rule(data=st.data(), kind=st.sampled_from(list(KINDS)), fault=st.sampled_from(("", *LOST)))
    def make(self, data: st.DataObject, kind: str, fault: str) -> None:
        """Make an object; where the answer is lost, it is there all the same."""
        parent = self.parent_of(data, kind)
        if parent is not None:
            self.keep(kind, parent, fault)

    def keep(self, kind: str, parent: str, fault: str) -> None:
        made = self.attempt(kind, parent, fault)
        if made is None:
            (made,) = self.new_ones(kind, parent)
        assert self.is_named(kind, made)
        self.below[made["id"]] = parent
        self.there[kind][made["id"]] = self.read(kind, made["id"])
        if kind == "plan":
            self.keys[made["id"]] = set()

    def attempt(self, kind: str, parent: str, fault: str) -> Object | None:
        of = KINDS[kind]
        self.name = self.new()
        body = of.body(self.name, parent)
        if kind == "filter":
            body["sourceId"] = self.there["destination"][parent]["sourceId"]
        answer = self.send(fault, "POST", of.path.format(parent=parent), body)
        found: Object | None = answer and answer[of.envelope]
        return found

    def new_ones(self, kind: str, parent: str) -> list[Object]:
        known = self.there[kind]
        return [one for one in self.every(kind, parent, 3) if one["id"] not in known]

    def is_named(self, kind: str, one: Object) -> bool:
        value: Any = one
        for step in KINDS[kind].named.split("."):
            value = value[step]
        return bool(value == self.name)

    @rule(data=st.data(), kind=st.sampled_from(list(KINDS)), fault=st.sampled_from(NEVER))
    def fail_to_make(self, data: st.DataObject, kind: str, fault: str) -> None:
        """Whatever fails before it was carried out leaves nothing."""
        parent = self.parent_of(data, kind)
        if parent is not None:
            assert self.attempt(kind, parent, fault) is None
            assert self.new_ones(kind, parent) == []

    @rule(
        data=st.data(),
        kind=st.sampled_from(list(KINDS)),
        fault=st.sampled_from(("", *LOST, *NEVER)),
    )
    def change(self, data: st.DataObject, kind: str, fault: str) -> None:
        """Change an object."""
        if not self.there[kind]:
            return
        one = self.pick(data, kind)
        given = KINDS[kind].change(self.new())
        answer = self.send(fault, "PATCH", self.path(kind, one), given)
        after = self.read(kind, one)
        if answer is not None and kind not in QUIET:
            assert answer[KINDS[kind].envelope] == after
        if fault in NEVER:
            assert after == self.there[kind][one]
        else:
            assert {name: after[name] for name in given if name != "settings"} == {
                name: value for name, value in given.items() if name != "settings"
            }
            assert after != self.there[kind][one]
        self.there[kind][one] = after

    @rule(
        data=st.data(),
        kind=st.sampled_from(list(KINDS)),
        fault=st.sampled_from(("", "", *LOST, *NEVER)),
    )
    def delete(self, data: st.DataObject, kind: str, fault: str) -> None:
        """Delete an object, and with it what hangs on it."""
        if not self.there[kind]:
            return
        one = self.pick(data, kind)
        self.send(fault, "DELETE", self.path(kind, one))
        if fault not in NEVER:
            self.forget(kind, one)

    def forget(self, kind: str, one: str) -> None:
        del self.there[kind][one]
        self.keys.pop(one, None)
        self.gone.append((kind, self.path(kind, one)))
        for below, of in KINDS.items():
            if of.parent == kind:
                for each in [each for each in self.there[below] if self.below[each] == one]:
                    self.forget(below, each)

    @rule(data=st.data(), count=st.integers(1, 5), fault=st.sampled_from(("", *LOST, *NEVER)))
    def write_rules(self, data: st.DataObject, count: int, fault: str) -> None:
        """Add rules to a plan."""
        if self.there["plan"]:
            plan = self.pick(data, "plan")
            keys = [self.new() for _ in range(count)]
            path = f"/tracking-plans/{plan}/rules"
            self.send(fault, "PATCH", path, {"rules": [track(key) for key in keys]})
            self.keys[plan] |= set() if fault in NEVER else set(keys)
            self.there["plan"][plan] = self.read("plan", plan)

    @rule(data=st.data())
    def remove_rule(self, data: st.DataObject) -> None:
        """Take a rule out of a plan."""
        plans = [plan for plan, keys in self.keys.items() if keys]
        if plans:
            plan = data.draw(st.sampled_from(plans))
            key = data.draw(st.sampled_from(sorted(self.keys[plan])))
            query = f"rules.0.type=TRACK&rules.0.key={key}&rules.0.version=1"
            self.api.delete(f"/tracking-plans/{plan}/rules?{query}")
            self.keys[plan].remove(key)
            self.there["plan"][plan] = self.read("plan", plan)

    @precondition(lambda self: self.there["source"])
    @rule(data=st.data())
    def somebody_deletes_between_pages(self, data: st.DataObject) -> None:
        """A page shifts: what is gone is gone, and every other object is on some page or missed."""
        gone = self.pick(data, "source")
        before = list(self.there["source"])
        self.emulator.fault("shifted_page", id=gone, operation="listSources", after=1)
        seen = [one["id"] for one in self.every("source", "", 1)]
        self.emulator.faults.waiting.clear()
        if len(before) > 1:
            self.forget("source", gone)
        assert set(seen) <= set(before)
        assert len(set(seen)) == len(seen)
        # One at most is missed, besides the one that went.
        assert len(before) - len(seen) <= 2
        assert {one["id"] for one in self.every("source", "", 2)} == set(self.there["source"])

    @precondition(lambda self: self.there["warehouse"])
    @rule(data=st.data())
    def a_page_lacks_one(self, data: st.DataObject) -> None:
        """An object is missing from one page, and there all the same."""
        hidden = self.pick(data, "warehouse")
        self.emulator.fault("missing_from_page", id=hidden, operation="listWarehouses")
        seen = [one["id"] for one in self.every("warehouse", "", 200)]
        assert set(self.there["warehouse"]) - set(seen) == {hidden}
        assert self.read("warehouse", hidden) == self.there["warehouse"][hidden]

    @rule()
    def restart(self) -> None:
        """It ends, and begins again on the same folder."""
        token = self.emulator.token
        self.emulator.close()
        self.start(self.data)
        assert self.emulator.token == token

    @rule()
    def killed(self) -> None:
        """It is killed: the files are as they are at this moment, never closed."""
        folder = self.folder / self.new()
        shutil.copytree(self.data, folder)
        self.emulator.close()
        self.start(folder)

    # What has to hold

    @rule(count=st.integers(1, 7))
    def everything(self, count: int) -> None:
        """All lists, all objects, all that is gone."""
        for kind in KINDS:
            self.lists_agree(kind, count)
        for plan, keys in self.keys.items():
            path = f"/tracking-plans/{plan}/rules"
            assert {one["key"] for one in self.pages(path, "rules", count)} == keys
        for _, path in self.gone:
            assert self.api.send("GET", path).status_code == 404

    def lists_agree(self, kind: str, count: int) -> None:
        parents = self.there[KINDS[kind].parent] if "{parent}" in KINDS[kind].path else [""]
        listed = [one for parent in parents for one in self.every(kind, parent, count)]
        assert len({one["id"] for one in listed}) == len(listed)
        assert {one["id"] for one in listed} == set(self.there[kind])
        for one in listed:
            single = self.read(kind, one["id"])
            assert single == self.there[kind][one["id"]]
            assert all(single[name] == value for name, value in one.items() if name in single)

    def read(self, kind: str, one: str) -> Object:
        found: Object = self.api.get(self.path(kind, one))[KINDS[kind].envelope]
        return found

    def every(self, kind: str, parent: str, count: int) -> list[Object]:
        of = KINDS[kind]
        return list(self.pages(of.path.format(parent=parent), of.listed, count, of.query))

    def pages(self, path: str, name: str, count: int, query: str = "") -> Iterator[Object]:
        cursor = ""
        while True:
            found = self.api.get(
                f"{path}?pagination.count={count}&pagination.cursor={cursor}&{query}"
            )
            yield from found[name]
            cursor = found["pagination"].get("next")
            if cursor is None:
                return


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # To shorten what failed takes minutes: leave this out where you look for a defect.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


def test_histories() -> None:
    run(examples=15, steps=30)


@pytest.mark.full
@pytest.mark.timeout(7200)
def test_long_histories() -> None:
    run(examples=600, steps=80)
