"""Plan and apply without Terraform: what is wanted against what is there."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segform.errors import ConfigurationError, SegformError
from segform.resources.label import Label
from segform.workspace import Bindings, Desired, Refused, StalePlan
from segform.workspace.families import FAMILIES
from segform.workspace.outlook import outlook
from segform.workspace.snapshot import to_desired
from segform_emulator import Emulator
from tests.protocol.shop import SPACE

from .conftest import Place
from .shop import shop

TWO = {"sharedSecret": "hush-two"}
SCHEMAS = Path(__file__).resolve().parents[2] / "contract" / "schemas"


def _schema(name: str) -> Any:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / name).read_text()))


def _apply(place: Place, wanted: Desired, **options: Any) -> list[str]:
    engine = place.engine(**options)
    plan = engine.plan(wanted)
    return [str(change) for change in engine.apply(plan, wanted).done]


def test_made_once_and_then_nothing_to_do(place: Place) -> None:
    wanted = shop(space=SPACE)
    engine = place.engine()
    plan = engine.plan(wanted)
    assert plan.counts() == {"create": len(wanted), "update": 0, "replace": 0, "delete": 0}
    assert place.writes() == []
    engine.apply(plan, wanted)
    assert len(place.held()["destinations"]) == 1
    again = place.engine()
    assert not again.plan(wanted)
    assert len(Bindings(place.folder / "bindings.json")) == len(wanted)


def test_a_name_is_no_reference_though_it_is_somebodys_id(place: Place) -> None:
    source = {"slug": "web", "name": "web", "metadataId": "IqDTy1TpoU", "enabled": True}
    hook = {"name": "web", "sourceId": "web", "metadataId": "614a3c7d791c91c41bae7599"}
    written: dict[str, Any] = {
        "format": "segform.snapshot",
        "version": 1,
        "workspaces": [
            {
                "id": "w",
                "sources": [{"id": "web", "settings": {}, **source}],
                "destinations": [{"id": "d", "enabled": True, "settings": {}, **hook}],
            }
        ],
    }
    engine = place.engine()
    engine.apply(engine.plan(written), written)
    assert [one["slug"] for one in place.held()["sources"]] == ["web"]
    [made] = place.held()["destinations"]
    assert made["name"] == "web"
    assert made["sourceId"] == place.held()["sources"][0]["id"]


def test_a_float_is_the_number_that_was_written(place: Place) -> None:
    sample = [{"type": "SAMPLE", "percent": 0.1, "path": "anonymousId"}]
    _apply(place, shop(filter_actions=sample))
    assert not place.engine().plan(shop(filter_actions=sample))


def test_a_plan_in_words_tells_no_part_that_nobody_gave(place: Place) -> None:
    said = str(place.engine().plan(shop()))
    assert 'metadata: {"id":"' in said
    assert 'actions: [{"' in said
    assert "null" not in said


def test_parents_come_before_what_refers_to_them(place: Place) -> None:
    order = [change.address for change in place.engine().plan(shop())]
    assert order.index("source.web") < order.index("destination.hook")
    assert order.index("destination.hook") < order.index("destination_filter.no-pages")


def test_a_label_is_made_before_the_source_that_has_it(place: Place) -> None:
    [source] = [one for one in place.engine().plan(shop()) if one.address == "source.web"]
    assert source.after == ("label.prod",)


def test_a_change_is_one_change(place: Place) -> None:
    _apply(place, shop())
    wanted = shop(destination_enabled=False, filter_when='type = "screen"')
    plan = place.engine().plan(wanted)
    assert {str(change) for change in plan} == {
        "update destination.hook",
        "update destination_filter.no-pages",
    }
    told = {one.path: (one.before, one.after) for change in plan for one in change.differences}
    assert told == {("enabled",): (True, False), ("if",): ('type = "page"', 'type = "screen"')}
    place.sent()
    place.engine().apply(plan, wanted)
    assert sorted(place.writes()) == ["updateDestination", "updateFilterForDestination"]
    assert not place.engine().plan(wanted)


def test_what_is_no_longer_declared_is_deleted_and_what_was_never_ours_stays(place: Place) -> None:
    _apply(place, shop())
    theirs = {"slug": "theirs", "enabled": True, "metadataId": "IqDTy1TpoU"}
    place.client.request("createSource", body=theirs)
    assert _apply(place, shop(without=("filter",))) == ["delete destination_filter.no-pages"]
    assert {one["slug"] for one in place.held()["sources"]} == {"web", "theirs"}


def test_a_kind_that_is_declared_completely_loses_the_rest(place: Place) -> None:
    place.client.request("createLabel", body={"label": {"key": "old", "value": "x"}})
    assert _apply(place, Desired(complete=["label"])) == ["delete label.old"]


def test_bindings_that_are_lost_are_found_again_by_key(place: Place) -> None:
    wanted = shop(space=SPACE)
    _apply(place, wanted)
    (place.folder / "bindings.json").unlink()
    engine = place.engine()
    plan = engine.plan(wanted)
    assert not plan
    assert len(plan.adopted) == len(wanted)
    engine.apply(plan, wanted)
    assert len(Bindings(place.folder / "bindings.json")) == len(wanted)


def test_several_candidates_are_never_guessed(place: Place) -> None:
    for _ in range(2):
        place.client.request("createTrackingPlan", body={"name": "Shop", "type": "LIVE"})
    with pytest.raises(Refused, match=r"could be any of 2 .*tp_.*tp_"):
        place.engine().plan(shop())


def test_a_rename_is_no_deletion(place: Place) -> None:
    _apply(place, shop())
    wanted = Desired()
    for one in shop():
        old = one.address if one.address == "tracking_plan.shop" else None
        address = "tracking_plan.store" if old else one.address
        values = {
            name: value._replace(address="tracking_plan.store")
            if getattr(value, "address", "") == "tracking_plan.shop"
            else value
            for name, value in one.values.items()
        }
        values = {**values, "name": "Store"} if old else values
        wanted.declare(address, values, renamed_from=old)
    assert _apply(place, wanted) == ["update tracking_plan.store"]
    assert [one["name"] for one in place.held()["trackingPlans"]] == ["Store"]


def test_what_cannot_come_back_is_guarded(place: Place) -> None:
    _apply(place, shop())
    engine = place.engine()
    plan = engine.plan(Desired())
    assert any("write key" in problem for problem in plan.problems)
    with pytest.raises(Refused, match="let it go: `--let-go source:web`"):
        engine.apply(plan, Desired())
    let_go = ["source:web", "tracking_plan:Shop", "warehouse:55d3d3aea3c/Main"]
    free = place.engine(let_go=[*let_go, "function:INSERT_DESTINATION/Clean (Acme)"])
    done = free.apply(free.plan(Desired()), Desired(), force=True)
    assert {change.action for change in done.done} == {"delete"}
    held = place.held()
    assert not any(held.get(family) for family in FAMILIES.values() if family != "users")


def test_too_much_at_once_is_refused(place: Place) -> None:
    wanted = Desired()
    for number in range(12):
        wanted.declare(f"label.l{number}", {"key": "k", "value": f"v{number}"})
    _apply(place, wanted)
    engine = place.engine()
    plan = engine.plan(Desired())
    with pytest.raises(
        Refused,
        match=r"12 of 12 objects would be deleted: (label\.l\d+, ){4}label\.l\d+ and 7 more",
    ):
        engine.apply(plan, Desired())
    place.sent()
    assert len(engine.apply(plan, Desired(), force=True).done) == 12


def test_a_stale_plan_is_refused(place: Place) -> None:
    _apply(place, shop())
    wanted = shop(destination_enabled=False)
    engine = place.engine()
    plan = engine.plan(wanted)
    path = {"destinationId": place.held()["destinations"][0]["id"]}
    place.client.request("updateDestination", path=path, body={"name": "Theirs"})
    place.sent()
    with pytest.raises(StalePlan):
        engine.apply(plan, wanted)
    assert place.writes() == []


def test_one_target_takes_what_it_refers_to(place: Place) -> None:
    engine = place.engine()
    wanted = shop()
    plan = engine.plan(wanted, targets=["destination.hook"])
    assert [str(change) for change in plan] == ["create source.web", "create destination.hook"]


def test_bad_values_are_told_before_anything_is_written(place: Place) -> None:
    wanted = shop(filter_actions=[{"type": "SAMPLE"}])
    engine = place.engine()
    plan = engine.plan(wanted)
    assert any("SAMPLE needs `percent`" in problem for problem in plan.problems)
    with pytest.raises(Refused, match=r"destination_filter.no-pages actions.0.percent"):
        engine.apply(plan, wanted)
    assert place.writes() == []


def test_what_fails_stops_the_rest_and_the_next_run_goes_on(place: Place) -> None:
    wanted = shop()
    place.emulator.fault("error_before", operation="createDestination", count=100)
    engine = place.engine()
    with pytest.raises(SegformError) as caught:
        engine.apply(engine.plan(wanted), wanted)
    assert "while create destination.hook" in caught.value.__notes__
    place.emulator.faults.waiting.clear()
    _apply(place, wanted)
    assert not place.engine().plan(wanted)
    assert len(place.held()["sources"]) == 1


def test_a_plan_tells_no_secret_and_keeps_to_its_schema(place: Place) -> None:
    _apply(place, shop())
    plan = place.engine().plan(shop(destination_settings=TWO))
    assert [str(change) for change in plan] == ["update destination.hook"]
    written = plan.to_dict()
    _schema("plan.schema.json").validate(written)
    assert "hush" not in json.dumps(written)
    assert "hush" not in str(plan)
    # A hash stands for it, so that a reviewed plan is not carried out with another secret.
    other = place.engine().plan(shop(destination_settings={"sharedSecret": "hush-three"}))
    assert plan.written() != other.written()
    assert plan.written() == place.engine().plan(shop(destination_settings=TWO)).written()


def test_a_snapshot_is_complete_and_plans_empty(place: Place) -> None:
    _apply(place, shop(space=SPACE))
    snapshot = place.engine().pull()
    _schema("snapshot.schema.json").validate(json.loads(json.dumps(snapshot, default=str)))
    assert "hush-hush" not in json.dumps(snapshot, default=str)
    assert place.writes() != []
    fresh = place.engine(bindings=place.folder / "other.json")
    plan = fresh.plan(snapshot)
    assert [(str(one), one.differences) for one in plan] == []
    assert place.writes() == []


def test_editing_a_snapshot_changes_nothing_else(place: Place) -> None:
    _apply(place, shop())
    engine = place.engine()
    engine.pull()["workspaces"][0]["destinations"][0]["settings"]["sharedSecret"] = "edited"
    assert not engine.plan(shop())


def test_a_snapshot_makes_another_workspace(place: Place, tmp_path: Path) -> None:
    _apply(place, shop(space=SPACE))
    place.accept("ann@shop.example")
    snapshot = place.engine().pull()
    other = Place(tmp_path / "other", Emulator())
    engine = other.engine()
    plan = engine.plan(snapshot)
    # Secrets do not travel, and the plan says which.
    assert any("settings/sharedSecret" in words for words in plan.warnings)
    engine.apply(plan, snapshot)
    assert not other.engine().plan(snapshot)
    mine, theirs = place.held(), other.held()
    families = ("sources", "destinations", "filters", "trackingPlans", "labels")
    for family in (*families, "profilesWarehouses"):
        assert [one.get("name") for one in mine[family]] == [
            one.get("name") for one in theirs[family]
        ]


def test_an_invitation_whose_permissions_are_not_shown_is_not_made_anew(
    place: Place, tmp_path: Path
) -> None:
    _apply(place, shop())
    plan = Place(tmp_path / "other", Emulator()).engine().plan(place.engine().pull())
    assert any("user.ann@shop.example needs permissions" in words for words in plan.problems)


def test_bindings_belong_to_one_workspace(place: Place) -> None:
    Bindings(place.folder / "bindings.json", workspace="another").save()
    with pytest.raises(ValueError, match="belongs to the workspace another"):
        place.engine()


def test_an_object_has_one_address(place: Place) -> None:
    path = place.folder / "bindings.json"
    bound = Bindings(path)
    bound.bind("label.a", "k:v")
    bound.bind("label.b", "k:v")
    assert list(bound) == [("label.b", "k:v")]
    bound.save()
    held = json.loads(path.read_text())
    held["bindings"]["label.a"] = "k:v"
    path.write_text(json.dumps(held))
    with pytest.raises(ValueError, match=r"two addresses for one object, label\.b and label\.a"):
        Bindings(path)


def test_two_new_ones_may_have_the_name_that_another_is_about_to_lose(place: Place) -> None:
    """The second looks, and finds the object of an address that has not been renamed yet."""

    def wanted(*names: str) -> Desired:
        made = Desired()
        for number, name in reversed(list(enumerate(names))):  # new ones are made first
            made.declare(f"tracking_plan.n{number}", {"name": name, "type": "LIVE"})
        return made

    _apply(place, wanted("web"))
    names = ("app", "web", "web")
    engine = place.engine()
    engine.apply(engine.plan(wanted(*names)), wanted(*names), concurrency=1)
    assert not place.engine().plan(wanted(*names))
    assert sorted(one["name"] for one in place.held()["trackingPlans"]) == sorted(names)


def test_what_is_renamed_is_not_taken_over_by_a_namesake(place: Place) -> None:
    """Found by 1,000 scenarios: of two of a name one was deleted, and the other renamed."""

    def wanted(second: str, renamed_from: str | None = None) -> Desired:
        made = Desired()
        values = {"name": "app", "type": "LIVE"}
        made.declare("tracking_plan.n1", values)
        made.declare(second, values, renamed_from=renamed_from)
        return made

    _apply(place, wanted("tracking_plan.n2"), protect=())
    gone = dict(Bindings(place.folder / "bindings.json"))["tracking_plan.n1"]
    place.client.request("deleteTrackingPlan", path={"trackingPlanId": gone})
    renamed = wanted("tracking_plan.r3", "tracking_plan.n2")
    assert _apply(place, renamed, protect=()) == ["create tracking_plan.n1"]
    assert not place.engine().plan(wanted("tracking_plan.r3"))


def test_what_another_thread_has_just_made_is_nobody_elses(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by 1,000 scenarios, now and then: its answer was still on its way."""
    wanted = Desired()
    for number in range(3):
        wanted.declare(f"tracking_plan.n{number}", {"name": "web", "type": "LIVE"})
    engine = place.engine()
    plan = engine.plan(wanted)
    late = iter([0.0, 0.5, 0.0])
    real = place.client.request

    def slowly(operation: str, **given: Any) -> Any:
        made = real(operation, **given)
        if operation == "createTrackingPlan":
            time.sleep(next(late))
        return made

    monkeypatch.setattr(place.client, "request", slowly)
    engine.apply(plan, wanted, concurrency=2)
    assert len(place.held()["trackingPlans"]) == 3
    assert not place.engine().plan(wanted)


def test_going_back_takes_over_a_namesake_and_its_address(place: Place) -> None:
    """Found by 1,000 scenarios: the file had one object under two addresses afterwards."""

    def wanted(*rules: str) -> Desired:
        made = Desired()
        for number, key in enumerate(rules, 1):
            held = {f"TRACK:{key}": {"json_schema": {"type": "object"}}}
            values = {"name": "web", "type": "LIVE", "rules_by_key": held}
            made.declare(f"tracking_plan.n{number}", values)
        return made

    _apply(place, wanted("Paid"), protect=())
    engine = place.engine(protect=())
    before = engine.pull()
    _apply(place, wanted("Paid", "Left"), protect=())
    bound = dict(Bindings(place.folder / "bindings.json"))
    gone, other = bound["tracking_plan.n1"], bound["tracking_plan.n2"]
    place.client.request("deleteTrackingPlan", path={"trackingPlanId": gone})

    engine = place.engine(protect=())
    back = to_desired(before, engine.bindings, adopting=False)
    engine.apply(engine.plan(back), back, force=True)
    assert dict(Bindings(place.folder / "bindings.json")) == {"tracking_plan.n1": other}
    assert not place.engine().plan(wanted("Paid"))


def test_a_secret_part_is_masked_in_a_snapshot_and_left_as_it_is(place: Place) -> None:
    def wanted(key: str, name: str = "Tidy") -> Desired:
        made = shop()
        [one] = [one for one in made if one.kind == "transformation"]
        hashing = {"algorithm": "HMAC-SHA256", "key": key, "paths": ["properties.email"]}
        one.values.update(hash_properties_configuration=hashing, name=name)
        return made

    _apply(place, wanted("hush-key"))
    snapshot = place.engine().pull()
    assert "hush-key" not in str(snapshot)
    assert not place.engine().plan(snapshot)
    # Another name is sent without the mask that stands for the key.
    assert _apply(place, wanted("••••••••", "Other")) == ["update transformation.tidy"]
    [held] = place.held()["transformations"]
    assert held["hashPropertiesConfiguration"]["key"] == "hush-key"
    other = Place(place.folder / "other")
    plan = other.engine().plan(snapshot)
    assert any("hash_properties_configuration" in words for words in plan.warnings)


def test_what_hangs_below_a_space_is_counted_beforehand(place: Place) -> None:
    _apply(place, shop(space=SPACE))
    place.sent()
    told = outlook(place.engine())
    assert told.objects["profiles_warehouse"] == 1
    assert place.sent().count("listProfilesWarehouseInSpace") == 1


def test_what_is_wrong_in_the_workspace_already_hinders_nothing_else(place: Place) -> None:
    """It is noted; only where it would be written is it refused."""
    client = place.client
    client.request("createUserGroup", body={"name": "Nobody may"})
    client.request("createLabel", body={"label": {"key": "brand", "value": "north"}})
    engine = place.engine()
    snapshot = engine.pull()
    plan = engine.plan(snapshot)
    assert not plan
    assert plan.problems == []
    [note] = [one for one in plan.warnings if "user_group" in one]
    assert note.endswith("It is left as it is.")

    wanted = to_desired(snapshot, engine.bindings)
    wanted.add(Label(key="brand", value="south"), "south")
    plan = engine.plan(wanted)
    assert [str(one) for one in plan] == ["create label.south"]
    engine.apply(plan, wanted)

    [group] = snapshot["workspaces"][0]["groups"]
    group["name"] = "Still nobody"
    refused = place.engine().plan(snapshot)
    assert "update user_group.nobody-may" in [str(one) for one in refused]
    assert "permissions" in refused.problems[0]


@settings(max_examples=200, deadline=None)
@given(st.text())
@example("@reboot")
@example("'@reboot")
@example(".@-.")
@example("²")
def test_whatever_an_object_is_called_it_has_an_address(name: str) -> None:
    """Names come from whoever made the objects; one that is odd hinders no plan."""
    source = {"id": "s", "slug": name, "enabled": True, "metadataId": "IqDTy1TpoU", "settings": {}}
    workspace = {"id": "w", "sources": [source, {**source, "id": "t"}]}
    found = to_desired({"format": "segform.snapshot", "version": 1, "workspaces": [workspace]})
    assert len({one.address for one in found}) == 2


@pytest.mark.parametrize("kinds", [["sorce"], "sorce", ("source", "sorce")])
def test_a_protected_kind_that_is_none_is_refused(place: Place, kinds: Any) -> None:
    """It would protect nothing, and nobody would notice."""
    with pytest.raises(ConfigurationError, match=r"protect: there is no kind 'sorce'") as caught:
        place.engine(protect=kinds)
    assert caught.value.argument == "protect"
    assert place.engine(protect="source").guard is not None
