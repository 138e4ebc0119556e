"""The order of an apply: what waits for what, and that it costs no more than the plan is long."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

import pytest

from segform.workspace import Desired, Workspace
from segform.workspace.flow import Step, steps
from segform.workspace.outlook import of_apply
from segform.workspace.plan import Change, Plan

from .conftest import Place
from .shapes import SHAPES, Shape, deletions, shaped

Build = Callable[[Shape, int], None]


def _engine(place: Place) -> Workspace:
    return place.engine(journal=False, protect=())


class _Calls:
    """How many functions of ours were entered, those of the standard library left out."""

    def __init__(self) -> None:
        self.count = 0

    def _seen(self, frame: FrameType, event: str, _: Any) -> None:
        name = str(frame.f_globals.get("__name__"))
        self.count += event == "call" and name.startswith("segform.")

    def __enter__(self) -> Self:
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


def _cost(place: Place, build: Build, size: int) -> tuple[int, ...]:
    """Calls of planning and of foretelling; steps of the apply, and what they wait for."""
    engine, made = _engine(place), shaped(build, size)
    with _Calls() as planning:
        plan = engine.plan(made.wanted, live=made.live)
    assert not plan.problems
    assert len(plan) >= size - 6
    with _Calls() as foretelling:
        of_apply(engine, plan, made.wanted, again=False)
    found = steps(plan)
    return planning.count, foretelling.count, len(found), sum(map(len, found.values()))


@pytest.mark.parametrize("build", SHAPES, ids=lambda build: build.__name__)
def test_ten_times_the_changes_cost_ten_times_as_much(place: Place, build: Build) -> None:
    _cost(place, build, 30)  # what is read once in a process
    small, large = (_cost(place, build, size) for size in (30, 300))
    for few, many in zip(small, large, strict=True):
        assert many <= 11 * few + 30, (small, large)


def _dense(plan: Plan) -> dict[Step, set[Step]]:
    """The same order with a wait for each pair, as one would say it."""
    makes = {one.address for one in plan if one.action != "delete"}
    gone = [one for one in plan if one.action == "delete"]
    found: dict[Step, set[Step]] = {}
    for one in plan:
        if one.address in makes:
            found[one.address, ""] = {(ref, "") for ref in one.after if ref in makes}
    for at, restraints in plan.late.items():
        found[at, "on"] = {(at, ""), *((one, "") for one in restraints)}
    made = set(found)
    for place, one in enumerate(gone):
        before = {(other.address, "") for other in gone[:place] if other.kind != one.kind}
        found[one.address, ""] = made | before
    for at, restraints in plan.early.items():
        found[at, "off"] = set(made)
        for address in (at, *restraints):
            found[address, ""].add((at, "off"))
    return found


def _all_before(waits: Any) -> dict[Step, set[Step]]:
    """What each step waits for in the end, gates left out."""
    found: dict[Step, set[Step]] = {}

    def above(step: Step) -> set[Step]:
        if step not in found:
            found[step] = set().union(*({one, *above(one)} for one in waits[step]))
        return found[step]

    return {step: {one for one in above(step) if one[0]} for step in waits if step[0]}


@pytest.mark.parametrize("seed", range(20))
def test_every_pair_that_has_an_order_keeps_it(seed: int) -> None:
    chance = random.Random(seed)
    plan = Plan({"id": "w", "slug": "w"}, "")
    made = [f"source.m{number}" for number in range(chance.randint(0, 6))]
    gone = [f"{kind}.g{n}" for kind in ("label", "destination", "source") for n in range(4)]
    gone = [one for one in gone if chance.random() < 0.7]
    for number, at in enumerate(made):
        after = tuple(one for one in made[:number] if chance.random() < 0.3)
        plan.changes.append(Change(at, "source", None, "create", after=after))
    plan.changes += [Change(at, at.partition(".")[0], at, "delete") for at in gone]
    plan.late = {made[0]: made[1:3]} if len(made) > 2 else {}
    plan.early = {gone[-1]: gone[:2]} if len(gone) > 3 else {}
    assert _all_before(steps(plan)) == _all_before(_dense(plan))


def test_deletions_of_children_end_before_those_of_parents_begin(place: Place) -> None:
    made = shaped(deletions, 30)
    plan = _engine(place).plan(made.wanted, live=made.live)
    before = _all_before(steps(plan))
    for number in range(10):
        source = before[f"source.gone{number}", ""]
        assert {(f"destination.gone{one}", "") for one in range(10)} <= source
        # Events stop at the source, before its filter goes.
        stopped = (f"source.gone{number}", "off")
        assert stopped in before[f"destination_filter.gone{number}", ""]


def _group(wanted: Desired, *members: str) -> None:
    values = {"name": "Team", "members": list(members), "permissions": [_MAY]}
    wanted.declare("user_group.team", values)


_MAY = {"role_id": "1WDUuRLxv84rrfCNUwvkrRtkxnS", "resources": []}


def test_a_group_waits_for_the_users_that_it_names_and_for_no_others(place: Place) -> None:
    wanted = Desired()
    for name in ("ann", "bob", "cleo"):
        wanted.declare(f"user.{name}", {"email": f"{name}@shop.example", "permissions": [_MAY]})
    _group(wanted, "Ann@shop.example", "dora@shop.example")
    plan = _engine(place).plan(wanted)
    [group] = [one for one in plan if one.kind == "user_group"]
    assert group.after == ("user.ann",)
    assert [one.address for one in plan].index("user.ann") < list(plan).index(group)
