"""No event gets through for a moment only because of the order of an apply."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from segform.errors import SegformError
from segform.resources.destination import Destination
from segform.resources.destination_filter import DestinationFilter
from segform.resources.transformation import Transformation
from segform.workspace import Desired, Ref
from segform.workspace.rehearsing import rehearsed

from .conftest import Place
from .shop import WEBHOOK, shop
from .test_kills import killed

WEB: Any = Ref("source.web")


def _apply(place: Place, wanted: Desired, **options: Any) -> list[str]:
    """The writes of an apply, in the order in which they reached the service."""
    engine = place.engine(**options)
    plan = engine.plan(wanted)
    place.sent()
    done = engine.apply(plan, wanted).done
    assert sorted(map(str, done)) == sorted(map(str, plan)), "each change once"
    writes = place.writes()
    assert not place.engine(**options).plan(wanted)
    return writes


def _second(wanted: Desired, source: Any = WEB, **more: Any) -> Desired:
    """What is wanted with another destination on a source, and a filter for it."""
    second = Destination(
        name="Second",
        enabled=True,
        source_id=source,
        metadata={"id": WEBHOOK},
        settings={"sharedSecret": "hush-hush"},
    )
    wanted.add(second)
    drop = DestinationFilter(
        title="No identities",
        enabled=more.get("filter_enabled", True),
        source_id=source,
        destination_id=second,
        when='type = "identify"',
        actions=[{"type": "DROP"}],
    )
    wanted.add(drop)
    return wanted


def _held(place: Place, family: str) -> Any:
    return place.held()[family][0]


def test_a_filter_is_there_before_its_destination_is_switched_on(place: Place) -> None:
    _apply(place, shop())
    hook, drop = _held(place, "destinations"), _held(place, "filters")
    ids = {"destinationId": hook["id"]}
    place.client.request("updateDestination", path=ids, body={"enabled": False})
    place.client.request("removeFilterFromDestination", path={**ids, "filterId": drop["id"]})
    plan = place.engine().plan(shop())
    assert [str(one) for one in plan] == [
        "create destination_filter.no-pages",
        "update destination.hook",
    ]
    assert _apply(place, shop()) == ["createFilterForDestination", "updateDestination"]


def test_what_restrains_a_source_is_there_before_it_is_switched_on(place: Place) -> None:
    _apply(place, shop(source_enabled=False))
    path = {"transformationId": _held(place, "transformations")["id"]}
    place.client.request("deleteTransformation", path=path)
    edges = {"trackingPlanId": _held(place, "trackingPlans")["id"]}
    query = {"sourceId": _held(place, "sources")["id"]}
    place.client.request("removeSourceFromTrackingPlan", path=edges, query=query)
    writes = _apply(place, _second(shop()))
    assert writes[-1] == "updateSource"
    assert {"createTransformation", "addSourceToTrackingPlan", "createDestination"} <= set(writes)
    # Nothing comes to the new destination before that, so it is made as it is to be.
    assert "updateDestination" not in writes


def test_what_is_switched_off_is_so_before_its_filter_is_loosened(place: Place) -> None:
    _apply(place, shop())
    wanted = shop(destination_enabled=False, filter_when='type = "screen"')
    assert _apply(place, wanted) == ["updateDestination", "updateFilterForDestination"]
    # And back: tightened first.
    assert _apply(place, shop()) == ["updateFilterForDestination", "updateDestination"]


def test_a_source_is_switched_off_before_its_filters_are_loosened(place: Place) -> None:
    _apply(place, shop())
    wanted = shop(source_enabled=False, filter_enabled=False)
    assert _apply(place, wanted) == ["updateSource", "updateFilterForDestination"]
    assert _apply(place, shop()) == ["updateFilterForDestination", "updateSource"]


def test_a_destination_is_off_before_a_transformation_of_its_source_is_loosened(
    place: Place,
) -> None:
    """It does not refer to the destination, so that only this order makes it wait."""
    _apply(place, shop())
    wanted = shop(destination_enabled=False)
    [tidy] = [one for one in wanted if one.kind == "transformation"]
    tidy.values["enabled"] = False
    [change] = [one for one in place.engine().plan(wanted) if one.address == tidy.address]
    assert "destination.hook" in change.after
    assert _apply(place, wanted) == ["updateDestination", "updateTransformation"]


def test_events_of_a_source_that_nobody_declares_flow_too(place: Place) -> None:
    _apply(place, shop())
    source = _held(place, "sources")["id"]
    wanted = _second(Desired(), source)
    others: dict[str, Any] = {"bindings": place.folder / "other.json"}
    assert _apply(place, wanted, **others) == [
        "createDestination",
        "createFilterForDestination",
        "updateDestination",
    ]
    # Where it is switched off, nothing has to be switched off before it goes.
    place.client.request("updateSource", path={"sourceId": source}, body={"enabled": False})
    gone = _apply(place, Desired(), **others)
    assert gone == ["removeFilterFromDestination", "deleteDestination"]


def test_a_destination_where_events_flow_is_switched_on_when_its_filter_is_there(
    place: Place,
) -> None:
    _apply(place, shop())
    wanted = _second(shop())
    engine = place.engine()
    plan = engine.plan(wanted)
    assert "made switched off, and switched on after destination_filter.no-identities" in str(plan)
    told: list[tuple[str, str]] = []
    place.emulator.recorder.clear()
    engine.apply(plan, wanted, heard=lambda what, change, _: told.append((what, str(change))))
    entries = [one for one in place.emulator.recorder.entries if one["method"] != "GET"]
    assert [one["operation"] for one in entries] == [
        "createDestination",
        "createFilterForDestination",
        "updateDestination",
    ]
    made, drop = "create destination.second", "create destination_filter.no-identities"
    assert told == [("begun", made), ("begun", drop), ("done", drop), ("done", made)]
    assert {one["enabled"] for one in place.held()["destinations"]} == {True}
    assert not place.engine().plan(wanted)


def test_where_nothing_flows_nothing_takes_two_steps(place: Place) -> None:
    """Nobody has the write key of a source that was just made."""
    assert "updateDestination" not in _apply(place, _second(shop()))


def test_a_filter_that_is_switched_off_holds_nothing_up(place: Place) -> None:
    _apply(place, shop())
    writes = _apply(place, _second(shop(), filter_enabled=False))
    assert writes == ["createDestination", "createFilterForDestination"]


def test_a_transformation_is_there_before_a_new_destination_of_its_source(place: Place) -> None:
    _apply(place, shop())
    wanted = _second(shop())
    wanted.add(
        Transformation(
            source_id=WEB,
            name="For webhooks",
            enabled=True,
            destination_metadata_id=WEBHOOK,
            when='event = "b"',
            new_event_name="B",
        )
    )
    writes = _apply(place, wanted)
    assert writes.index("createTransformation") < writes.index("createDestination")


def test_a_mapping_starts_when_the_filter_of_its_destination_is_there(place: Place) -> None:
    _apply(place, shop())
    hook, drop = _held(place, "destinations"), _held(place, "filters")
    mapping = _held(place, "subscriptions")
    ids = {"destinationId": hook["id"]}
    place.client.request("removeSubscriptionFromDestination", path={**ids, "id": mapping["id"]})
    place.client.request("removeFilterFromDestination", path={**ids, "filterId": drop["id"]})
    assert _apply(place, shop()) == ["createFilterForDestination", "createDestinationSubscription"]


def test_what_goes_with_its_filters_is_switched_off_first(place: Place) -> None:
    _apply(place, _second(shop()))
    assert "switched off before what restrains it is deleted" in str(place.engine().plan(shop()))
    assert _apply(place, shop()) == [
        "updateDestination",
        "removeFilterFromDestination",
        "deleteDestination",
    ]


def test_a_source_that_goes_with_all_below_it_is_switched_off_once(place: Place) -> None:
    _apply(place, _second(shop()), protect=())
    kept = Desired()
    writes = _apply(place, kept, protect=(), share=1)
    [off] = [at for at, one in enumerate(writes) if one.startswith("update")]
    assert writes[off] == "updateSource"
    for one in (
        "removeFilterFromDestination",
        "deleteTransformation",
        "removeSourceFromTrackingPlan",
        "deleteInsertFunctionInstance",
    ):
        assert off < writes.index(one)
    assert place.held()["sources"] == []


def test_two_steps_are_foretold(place: Place) -> None:
    _apply(place, shop())
    for wanted in (_second(shop()), shop()):
        engine = place.engine()
        plan = engine.plan(wanted)
        jobs, _ = rehearsed(engine, plan, wanted)
        ahead = Counter(one for job in jobs.values() for one in job.operations)
        place.sent()
        engine.apply(plan, wanted, fresh=True)
        sent = Counter(place.sent())
        writes = {name: n for name, n in sent.items() if not name.startswith(("get", "list"))}
        assert {name: ahead[name] for name in writes} == writes


def test_without_its_filter_it_stays_off_and_the_next_apply_heals_it(place: Place) -> None:
    _apply(place, shop())
    wanted = _second(shop())
    engine = place.engine()
    plan = engine.plan(wanted)
    fault = {"kind": "error_before", "operation": "createFilterForDestination", "status": 422}
    place.emulator.faults.add({**fault, "count": 0})
    with pytest.raises(SegformError):
        engine.apply(plan, wanted)
    place.emulator.faults.clear()
    [made] = [one for one in place.held()["destinations"] if one["name"] == "Second"]
    assert made["enabled"] is False
    assert _apply(place, wanted) == ["createFilterForDestination", "updateDestination"]


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_killed_between_its_two_steps_it_is_made_whole(
    place: Place, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    _apply(place, shop())
    assert killed(place, monkeypatch, at, after=after, wanted=_second(shop()))
    filtered = {one["destinationId"] for one in place.held()["filters"]}
    assert all(one["id"] in filtered or not one["enabled"] for one in place.held()["destinations"])
    _apply(place, _second(shop()))
    held = place.held()
    assert [one["name"] for one in held["destinations"]] == ["Hook", "Second"]
    assert {one["enabled"] for one in held["destinations"]} == {True}
    assert len(held["filters"]) == 2


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_a_deletion_killed_between_its_two_steps_is_carried_on(
    place: Place, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    _apply(place, _second(shop()))
    assert killed(place, monkeypatch, at, after=after, wanted=shop())
    filtered = {one["destinationId"] for one in place.held()["filters"]}
    assert all(one["id"] in filtered or not one["enabled"] for one in place.held()["destinations"])
    _apply(place, shop())
    assert [one["name"] for one in place.held()["destinations"]] == ["Hook"]
