"""One change of an apply: replaced, overtaken by somebody else, told as it goes."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from segform.errors import NotFoundError
from segform.workspace import Bindings, Desired
from segform.workspace.absent import bound
from segform.workspace.plan import Change, Overtaken

from .conftest import Place
from .shop import shop


def _plan_of(**values: Any) -> Desired:
    made = Desired()
    made.declare("tracking_plan.shop", {"name": "Shop", "type": "LIVE", **values})
    return made


def _apply(place: Place, wanted: Desired) -> list[str]:
    engine = place.engine(protect=())
    plan = engine.plan(wanted)
    return [str(change) for change in engine.apply(plan, wanted).done]


def test_what_is_replaced_is_gone_and_its_address_is_the_new_one(place: Place) -> None:
    _apply(place, _plan_of())
    [old] = place.held()["trackingPlans"]
    place.sent()
    assert _apply(place, _plan_of(type="RULE_LIBRARY")) == ["replace tracking_plan.shop"]
    assert place.writes() == ["deleteTrackingPlan", "createTrackingPlan"]
    [new] = place.held()["trackingPlans"]
    assert (new["type"], new["id"] != old["id"]) == ("RULE_LIBRARY", True)
    assert list(Bindings(place.folder / "bindings.json")) == [("tracking_plan.shop", new["id"])]


def test_an_optional_attribute_is_added_where_there_was_none(place: Place) -> None:
    _apply(place, shop())
    wanted = shop()
    [function] = [one for one in wanted if one.kind == "function"]
    function.values["description"] = "Cleans."
    assert _apply(place, wanted) == ["update function.clean"]
    assert place.held()["functions"][0]["description"] == "Cleans."


def test_what_somebody_changed_while_we_applied_is_left_as_it_is(place: Place) -> None:
    _apply(place, _plan_of())
    engine, wanted = place.engine(), _plan_of(name="Ours")
    plan = engine.plan(wanted)
    path = {"trackingPlanId": place.held()["trackingPlans"][0]["id"]}
    place.client.request("updateTrackingPlan", path=path, body={"name": "Theirs"})
    with pytest.raises(Overtaken, match=r"tracking_plan\.shop: somebody else changed its name"):
        engine.apply(plan, wanted, fresh=True)
    assert place.held()["trackingPlans"][0]["name"] == "Theirs"


def test_what_somebody_changed_beside_it_or_just_so_hinders_nothing(place: Place) -> None:
    _apply(place, _plan_of())
    engine, wanted = place.engine(), _plan_of(name="Ours")
    plan = engine.plan(wanted)
    path = {"trackingPlanId": place.held()["trackingPlans"][0]["id"]}
    theirs = {"name": "Ours", "description": "Theirs."}
    place.client.request("updateTrackingPlan", path=path, body=theirs)
    engine.apply(plan, wanted, fresh=True)
    [held] = place.held()["trackingPlans"]
    assert (held["name"], held["description"]) == ("Ours", "Theirs.")


def test_what_somebody_deleted_while_we_applied_is_an_error(place: Place) -> None:
    _apply(place, _plan_of())
    engine, wanted = place.engine(), _plan_of(name="Ours")
    plan = engine.plan(wanted)
    path = {"trackingPlanId": place.held()["trackingPlans"][0]["id"]}
    place.client.request("deleteTrackingPlan", path=path)
    with pytest.raises(NotFoundError):
        engine.apply(plan, wanted, fresh=True)
    assert place.held()["trackingPlans"] == []


def test_each_change_begins_once_and_ends_once(place: Place) -> None:
    """Also what takes two steps: it is switched off before what restrains it goes."""
    for wanted in (shop(), Desired()):
        engine = place.engine(protect=())
        plan = engine.plan(wanted)
        heard: Counter[tuple[str, str]] = Counter()

        def hear(how: str, one: Change, _: str, heard: Any = heard) -> None:
            heard[how, one.address] += 1

        engine.apply(plan, wanted, force=True, heard=hear)
        assert heard == {(how, one.address): 1 for how in ("begun", "done") for one in plan}
    assert plan.early


@pytest.mark.parametrize("given", [{"format": "segform.snapshot"}, {"version": 2}])
def test_another_format_or_version_is_no_bindings_file(
    place: Place, given: dict[str, object]
) -> None:
    held = {"format": "segform.bindings", "version": 1, "bindings": {}, **given}
    (place.folder / "bindings.json").write_text(json.dumps(held))
    with pytest.raises(ValueError, match=r"its `format` has to be .*, its `version` 1"):
        place.engine()


def test_an_address_that_is_bound_anew_leaves_its_old_object() -> None:
    bindings = Bindings()
    bindings.bind("label.a", "k:1")
    bindings.bind("label.a", "k:2")
    assert bindings.address_of("label", "k:1") is None
    assert bindings.address_of("label", "k:2") == "label.a"


def test_what_was_renamed_is_adopted_once(place: Place) -> None:
    """`renamed_from` may stay in the code; nothing is done about it any more."""
    _apply(place, _plan_of())
    renamed = Desired()
    values = {"name": "Shop", "type": "LIVE"}
    renamed.declare("tracking_plan.store", values, renamed_from="tracking_plan.shop")
    for adopted in (["tracking_plan.store"], []):
        engine = place.engine()
        plan = engine.plan(renamed)
        assert list(plan.adopted) == adopted
        engine.apply(plan, renamed)
        assert [address for address, _ in engine.bindings] == ["tracking_plan.store"]


def test_renamed_from_may_stay_when_all_is_done() -> None:
    """The address has its object; another that has the old name since is none of its business."""
    bindings = Bindings()
    bindings.bind("label.new", "k:1")
    bindings.bind("label.old", "k:2")
    wanted = Desired()
    wanted.declare("label.new", {"key": "k", "value": "1"}, renamed_from="label.old")
    assert [(one.address, one.id) for one in bound(bindings, wanted)] == [("label.new", "k:1")]
    bindings.release("label.new")
    assert [(one.address, one.id) for one in bound(bindings, wanted)] == [("label.new", "k:2")]
