"""Anything that people do, in any order: a plan after an apply is empty; reverting goes back."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from segform.workspace import Bindings, Desired, Ref
from segform.workspace.snapshot import to_desired

from .conftest import Place
from .shop import WEB, WEBHOOK

_NAMES = st.sampled_from(["web", "app", "tv", "ünïcode", "a b", "x|<b>${y}", "*"])
_FLAGS = st.booleans()
_RULES = st.dictionaries(
    st.sampled_from(["TRACK:Paid", "TRACK:Left", "TRACK:Paid@2", "IDENTIFY"]),
    st.sampled_from([{"type": "object"}, {"type": "object", "required": ["a"]}]),
)
# What the dump has anew whenever something is written, and ids of what was made again.
_MOMENTS = ("createdAt", "updatedAt", "actionAt", "id", "writeKeys")


class Scenario(RuleBasedStateMachine):
    """One workspace, what is wanted of it, and others who change it by hand."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.place = Place(Path(self._folder.name))
        self.wanted: dict[str, dict[str, Any]] = {}
        self.renamed: dict[str, str] = {}
        self.count = 0
        self.before: dict[str, Any] | None = None

    def teardown(self) -> None:
        self.place.client.close()
        self._folder.cleanup()

    # What is wanted

    def _new(self, kind: str, values: dict[str, Any]) -> None:
        self.count += 1
        self.wanted[f"{kind}.n{self.count}"] = values

    @rule(name=_NAMES, enabled=_FLAGS)
    def source(self, name: str, enabled: bool) -> None:
        values = {"slug": f"s{self.count}", "name": name, "enabled": enabled}
        self._new("source", {**values, "metadata": {"id": WEB}, "settings": {}})

    @rule(name=_NAMES)
    def label(self, name: str) -> None:
        self._new("label", {"key": "k", "value": f"v{self.count}", "description": name})

    @rule(name=_NAMES, rules=_RULES)
    def plan(self, name: str, rules: dict[str, Any]) -> None:
        made = {key: {"json_schema": schema} for key, schema in rules.items()}
        # Plans of one name are two plans.
        self._new("tracking_plan", {"name": name, "type": "LIVE", "rules_by_key": made})

    @precondition(lambda self: self._of("source"))
    @rule(data=st.data(), name=_NAMES, enabled=_FLAGS)
    def destination(self, data: Any, name: str, enabled: bool) -> None:
        values = {"source_id": Ref(self._one(data, "source")), "metadata": {"id": WEBHOOK}}
        secret = {"sharedSecret": f"hush-{self.count}"}
        name = f"{name} {self.count}"
        self._new("destination", {**values, "name": name, "enabled": enabled, "settings": secret})

    @precondition(lambda self: self._of("destination"))
    @rule(data=st.data(), name=_NAMES)
    def filter(self, data: Any, name: str) -> None:
        parent = self._one(data, "destination")
        self._new(
            "destination_filter",
            {
                "source_id": self.wanted[parent]["source_id"],
                "destination_id": Ref(parent),
                "title": f"{name} {self.count}",
                "enabled": True,
                "if": 'type = "page"',
                "actions": [{"type": "DROP"}],
            },
        )

    @precondition(lambda self: self._of("source", "tracking_plan", "destination"))
    @rule(data=st.data(), name=_NAMES)
    def edit(self, data: Any, name: str) -> None:
        at = self._one(data, "source", "tracking_plan", "destination")
        self.wanted[at]["name"] = f"{name} {self.count} edited"

    @precondition(lambda self: self._of("tracking_plan"))
    @rule(data=st.data(), rules=_RULES)
    def edit_rules(self, data: Any, rules: dict[str, Any]) -> None:
        at = self._one(data, "tracking_plan")
        made = {key: {"json_schema": schema} for key, schema in rules.items()}
        self.wanted[at]["rules_by_key"] = made

    @precondition(lambda self: self._of("source", "label", "tracking_plan"))
    @rule(data=st.data())
    def rename(self, data: Any) -> None:
        old = self._one(data, "source", "label", "tracking_plan")
        self.count += 1
        new = f"{old.partition('.')[0]}.r{self.count}"
        moved = {Ref(old): Ref(new)}
        self.wanted = {
            (new if at == old else at): {
                key: moved.get(one, one) if isinstance(one, Ref) else one
                for key, one in values.items()
            }
            for at, values in self.wanted.items()
        }
        self.renamed[new] = self.renamed.pop(old, old)

    @precondition(lambda self: self.wanted)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        gone = {self._one(data, *{at.partition(".")[0] for at in self.wanted})}
        while True:
            below = {
                at
                for at, values in self.wanted.items()
                if any(isinstance(one, Ref) and one.address in gone for one in values.values())
            }
            if below <= gone:
                break
            gone |= below
        for at in gone:
            del self.wanted[at]

    # What others do

    @rule(data=st.data())
    def somebody_edits(self, data: Any) -> None:
        sources = self.place.held().get("sources", [])
        if sources:
            one = data.draw(st.sampled_from(range(len(sources))))
            path = {"sourceId": sources[one]["id"]}
            self.place.client.request("updateSource", path=path, body={"name": "Theirs"})

    @rule(data=st.data())
    def somebody_deletes(self, data: Any) -> None:
        filters = self.place.held().get("filters", [])
        if filters:
            one = filters[data.draw(st.sampled_from(range(len(filters))))]
            path = {"destinationId": one["destinationId"], "filterId": one["id"]}
            self.place.client.request("removeFilterFromDestination", path=path)

    @rule(name=_NAMES)
    def somebody_makes_a_namesake(self, name: str) -> None:
        if self.count == len(self._bound()):
            self.place.client.request("createTrackingPlan", body={"name": name, "type": "LIVE"})

    # What the engine does

    @rule()
    def apply(self) -> None:
        engine = self._engine()
        self.before = engine.pull()
        wanted = self._desired()
        plan = engine.plan(wanted)
        if not plan.problems:
            self.place.sent()
            done = engine.apply(plan, wanted, force=True)
            assert {str(one) for one in done.done} == {str(one) for one in plan}
            assert bool(plan) == bool(self.place.writes())
            self.renamed.clear()
            again = self._engine().plan(self._desired())
            assert [(str(one), one.differences) for one in again] == []

    @rule()
    def pull(self) -> None:
        engine = self._engine()
        self.place.sent()
        assert [(str(one), one.differences) for one in engine.plan(engine.pull())] == []
        assert self.place.writes() == []

    @precondition(lambda self: self.before is not None)
    @rule()
    def revert(self) -> None:
        assert self.before is not None
        engine = self._engine()
        back = to_desired(self.before, engine.bindings, adopting=False)
        plan = engine.plan(back)
        assert plan.problems == []
        engine.apply(plan, back, force=True)
        # Only what the bindings know is deleted, so that what others made meanwhile stays.
        now = self._engine()
        assert not now.plan(to_desired(self.before, now.bindings, adopting=False))
        kept = {_shown(one) for one in _objects(now.pull())}
        assert {_shown(one) for one in _objects(self.before)} <= kept
        self.before = None

    @invariant()
    def the_bindings_name_what_is_there_once(self) -> None:
        ids = [(at.partition(".")[0], one) for at, one in self._bound()]
        assert len(ids) == len(set(ids))

    # Parts

    def _bound(self) -> Bindings:
        return Bindings(self.place.folder / "bindings.json")

    def _engine(self) -> Any:
        return self.place.engine(protect=())

    def _of(self, *kinds: str) -> list[str]:
        return [at for at in self.wanted if at.partition(".")[0] in kinds]

    def _one(self, data: Any, *kinds: str) -> str:
        found: str = data.draw(st.sampled_from(self._of(*kinds)))
        return found

    def _desired(self) -> Desired:
        made = Desired()
        for at, values in self.wanted.items():
            made.declare(at, copy.deepcopy(values), renamed_from=self.renamed.get(at))
        return made


def _objects(snapshot: dict[str, Any]) -> list[tuple[str, Any]]:
    [workspace] = snapshot["workspaces"]
    families = ("labels", "sources", "destinations", "filters", "trackingPlans")
    return [(family, one) for family in families for one in workspace[family]]


def _shown(entry: tuple[str, Any]) -> str:
    family, one = entry
    left = {key: value for key, value in one.items() if key not in _MOMENTS}
    for name in ("sourceId", "destinationId", "sourceIds", "slug"):
        left.pop(name, None)
    if "rules" in left:
        left["rules"] = sorted(left["rules"], key=str)
    return f"{family} {sorted(left.items(), key=str)}"


_SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.mark.timeout(300)
def test_scenarios() -> None:
    run(
        Scenario,
        settings=settings(
            max_examples=8, stateful_step_count=10, deadline=None, suppress_health_check=_SLOW
        ),
    )


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_many_scenarios() -> None:
    run(
        Scenario,
        settings=settings(
            max_examples=1000, stateful_step_count=20, deadline=None, suppress_health_check=_SLOW
        ),
    )
