"""The audit trail: what each write leaves, and how the trail is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segform_emulator import Emulator, trail
from segform_emulator.contract import operations
from segform_emulator.trail import kind_of

from .api import POSTGRES, Api, track


def events(api: Api, query: str = "") -> Any:
    """Events, the newest first."""
    return api.get(f"/audit-events{query}")["events"]


def told(api: Api, query: str = "") -> list[tuple[str, str, str]]:
    """Type, kind and name of each, the oldest first."""
    found = [(one["type"], one["resourceType"], one["resourceName"]) for one in events(api, query)]
    return found[::-1]


def test_every_write_leaves_an_event(api: Api) -> None:
    label = {"key": "environment", "value": "production"}
    api.post("/labels", {"label": label})
    source = api.source("web")
    api.patch(f"/sources/{source['id']}", {"name": "Website"})
    api.put(f"/sources/{source['id']}/labels", {"labels": [label]})
    api.patch(f"/sources/{source['id']}/settings", {"track": {"allowUnplannedEvents": False}})
    destination = api.destination(source["id"])
    filtered = api.filter(destination, title="Drop it")
    plan = api.plan("Shop")
    api.patch(f"/tracking-plans/{plan['id']}/rules", {"rules": [track("Paid")]})
    api.post(f"/tracking-plans/{plan['id']}/sources", {"sourceId": source["id"]})
    warehouse = api.post("/warehouses", {"metadataId": POSTGRES, "settings": {"name": "Store"}})
    path = f"/warehouses/{warehouse['warehouse']['id']}/connected-sources/{source['id']}"
    api.post(path)
    api.delete(path)
    api.delete(f"/destination/{destination['id']}/filters/{filtered['id']}")
    api.delete(f"/tracking-plans/{plan['id']}/sources?sourceId={source['id']}")
    api.delete(f"/tracking-plans/{plan['id']}")
    api.delete(f"/sources/{source['id']}")
    assert told(api) == [
        ("Label Created", "Label", "environment:production"),
        ("Source Created", "Source", "web"),
        ("Source Modified", "Source", "Website"),
        ("Source Modified", "Source", "Website"),
        ("Source Modified", "Source", "Website"),
        ("Integration Created", "Destination", destination["name"]),
        ("Destination Filter Created", "Destination Filter", "Drop it"),
        ("Tracking Plan Created", "Tracking Plan", "Shop"),
        ("Tracking Plan Modified", "Tracking Plan", "Shop"),
        ("Source Modified", "Source", "Website"),
        ("Storage Destination Created", "Warehouse", "Store"),
        ("Storage Destination Modified", "Warehouse", "Store"),
        ("Warehouse Modified", "Warehouse", "Store"),
        ("Destination Filter Deleted", "Destination Filter", "Drop it"),
        ("Source Modified", "Source", "Website"),
        ("Tracking Plan Deleted", "Tracking Plan", "Shop"),
        ("Source Deleted", "Source", "Website"),
    ]
    assert [one["id"] for one in events(api)] == [f"events/{n}" for n in range(17, 0, -1)]
    (made,) = (one for one in events(api) if one["type"] == "Integration Created")
    assert (made["actor"], made["resourceId"]) == ("tokens/owner", destination["id"])
    assert "actorEmail" not in made


def test_the_event_fits_what_was_asked_for(api: Api) -> None:
    source = api.source()
    destination = api.destination(source["id"])
    filtered = api.filter(destination)
    below = f"/destination/{destination['id']}/filters/{filtered['id']}"
    for path, body in (
        (f"/sources/{source['id']}", {"enabled": True}),
        (f"/sources/{source['id']}", {"enabled": False}),
        (f"/sources/{source['id']}", {"enabled": True, "name": "x"}),
        (f"/sources/{source['id']}", {"settings": {"websiteUrl": "x"}}),
        (f"/destinations/{destination['id']}", {"name": "x", "settings": {}}),
        (f"/destinations/{destination['id']}", {"enabled": False}),
        (below, {"title": "x"}),
        (below, {"enabled": False}),
        (below, {"enabled": True}),
    ):
        api.patch(path, body)
    assert [kind for kind, _, _ in told(api)][3:] == [
        "Source Modified",
        "Source Disabled",
        "Source Enabled",
        "Source Settings Modified",
        "Destination Modified",
        "Integration Disabled",
        "Destination Filter Modified",
        "Destination Filter Disabled",
        "Destination Filter Enabled",
    ]


def test_people_are_on_the_trail(api: Api) -> None:
    emails = ["ann@shop.example", "bob@shop.example"]
    api.post("/invites", {"invites": [{"email": email} for email in emails]})
    ann = api.control("POST", "accept-invite", {"email": emails[0]})["user"]
    group = api.post("/groups", {"name": "Shop"})["userGroup"]
    api.post(f"/groups/{group['id']}/users", {"emails": emails})
    api.delete(f"/users?userIds={ann['id']}")
    api.delete(f"/invites?emails={emails[1]}")
    invited = "Non-Segment User Invited to Workspace"
    assert told(api) == [
        (invited, "Invite", emails[0]),
        (invited, "Invite", emails[1]),
        ("User Group Created", "User Group", "Shop"),
        ("Subjects Added to Group", "User Group", "Shop"),
        ("Group Memberships Deleted", "User", "ann"),
        ("Invite Deleted", "Invite", emails[1]),
    ]
    assert events(api, f"?resourceId={ann['id']}")[0]["type"] == "Group Memberships Deleted"


def test_no_key_is_on_the_trail(emulator: Emulator, api: Api) -> None:
    source = api.source()
    key = api.post(f"/sources/{source['id']}/writekey")["source"]["writeKeys"][1]
    api.delete(f"/sources/{source['id']}/writekey/{key}")
    text = api.send("GET", "/audit-events").text
    assert told(api)[1:] == [("Source Modified", "Source", "web")] * 2
    assert key not in text
    assert emulator.token not in text


def test_reads_refusals_and_what_was_not_carried_out_leave_nothing(
    emulator: Emulator, api: Api
) -> None:
    api.source()
    api.get("/sources")
    api.refused("POST", "/sources", {"slug": "web", "enabled": True, "metadataId": "IqDTy1TpoU"})
    api.refused("DELETE", "/sources/none")
    assert Api(emulator, "member").refused("POST", "/labels", {}).status == 403
    emulator.fault("error_before", operation="createTrackingPlan")
    api.refused("POST", "/tracking-plans", {"name": "x", "type": "LIVE"})
    assert [kind for kind, _, _ in told(api)] == ["Source Created"]
    # What was carried out does, whatever became of the answer.
    emulator.fault("error_after", operation="createTrackingPlan")
    api.refused("POST", "/tracking-plans", {"name": "x", "type": "LIVE"})
    assert [kind for kind, _, _ in told(api)] == ["Source Created", "Tracking Plan Created"]


def test_the_actor_is_the_acting_token(emulator: Emulator, api: Api) -> None:
    source = api.source()
    Api(emulator, "source_admin").destination(source["id"])
    Api(emulator, "other_workspace").plan()
    assert [one["actor"] for one in events(api)] == ["tokens/source_admin", "tokens/owner"]
    assert len(events(Api(emulator, "other_workspace"))) == 1
    assert len(events(Api(emulator, "member"))) == 2


def test_filters(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    source = api.source()
    api.control("POST", "clock", {"advance": 60})
    plan = api.plan()
    api.control("POST", "clock", {"advance": 60})
    api.patch(f"/tracking-plans/{plan['id']}", {"name": "New"})
    times = [one["timestamp"] for one in events(api)][::-1]
    assert len(events(api, f"?resourceId={plan['id']}")) == 2
    assert events(api, "?resourceId=none") == []
    for name in ("Tracking Plan", "Tracking+Plans", "tracking_plan", "TRACKING_PLAN"):
        assert len(events(api, f"?resourceType={name}")) == 2
    assert events(api, "?resourceType=Source")[0]["resourceId"] == source["id"]
    assert len(events(api, f"?startTime={times[0]}")) == 2
    assert len(events(api, f"?endTime={times[1]}")) == 1
    assert len(events(api, f"?startTime={times[0]}&endTime={times[2]}")) == 1
    # A plus sign that nobody encoded.
    assert len(events(api, f"?startTime={times[0].replace('Z', '+00:00')}")) == 2
    assert len(events(api, f"?startTime={times[0].replace('T', ' ').replace('Z', '')}")) == 2
    for wrong in ("startTime=yesterday", "endTime=1", "pagination[cursor]=?"):
        assert api.refused("GET", f"/audit-events?{wrong}").status == 422


def test_pages_do_not_shift_when_more_happens(api: Api) -> None:
    for number in range(7):
        api.source(f"s{number}")
    names: list[str] = []
    query = "?pagination.count=3&resourceType=Source"
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"/audit-events{query}&pagination.cursor={cursor}")
        names += [one["resourceName"] for one in answer["events"]]
        api.source(f"late-{len(names)}")
        cursor = answer["pagination"].get("next")
    assert names == [f"s{number}" for number in range(6, -1, -1)]
    assert api.get("/audit-events?endTime=2000-01-01")["events"] == []


def test_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "KEPT", 5)
    before = Emulator(data=tmp_path)
    api = Api(before)
    source = api.source()
    for number in range(7):
        api.patch(f"/sources/{source['id']}", {"name": str(number)})
    expected = [f"events/{number}" for number in range(8, 3, -1)]
    assert [one["id"] for one in events(api)] == expected
    before.close()
    after = Emulator(data=tmp_path)
    assert [one["id"] for one in events(Api(after))] == expected
    Api(after).plan()
    assert events(Api(after))[0]["id"] == "events/9"
    after.close()


def test_a_token_for_a_label_sees_what_happened_below_its_sources(
    emulator: Emulator, api: Api
) -> None:
    label = {"key": "environment", "value": "production"}
    api.post("/labels", {"label": label})
    inside, outside = api.source("inside"), api.source("outside")
    api.put(f"/sources/{inside['id']}/labels", {"labels": [label]})
    mine, others = api.destination(inside["id"]), api.destination(outside["id"])
    seen = api.filter(mine, title="Mine")
    api.filter(others, title="Others'")
    scoped = Api(emulator, "label_scoped")
    scoped.delete(f"/destination/{mine['id']}/filters/{seen['id']}")
    assert {one["resourceName"] for one in events(scoped)} == {
        "environment:production",
        "inside",
        mine["name"],
        "Mine",
    }
    assert events(scoped, f"?resourceId={others['id']}") == []
    assert events(scoped, f"?resourceId={mine['id']}")


@pytest.mark.parametrize("op_id", [op.id for op in operations().values() if not op.reads])
def test_of_every_write_it_is_known_what_it_leaves(op_id: str) -> None:
    kind = kind_of(op_id)
    assert kind.made.startswith(kind.name)
    assert kind.parameter in ("", *operations()[op_id].parameters)
    if operations()[op_id].method in ("PUT", "PATCH", "DELETE"):
        assert kind.parameter or kind.field
