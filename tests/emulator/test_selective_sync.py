"""Selective sync of warehouses, schedules, and the reports of syncs."""

from __future__ import annotations

from typing import Any

import pytest

from .api import POSTGRES, Api


def loading(api: Api) -> tuple[str, str]:
    """(warehouse id, source id), connected."""
    source = api.source()
    made = api.post("/warehouses", {"metadataId": POSTGRES, "settings": {}})["warehouse"]
    return made["id"], source["id"]


def items(api: Api, pair: tuple[str, str]) -> dict[str, Any]:
    path = f"/warehouses/{pair[0]}/connected-sources/{pair[1]}/selective-syncs"
    return {one["collection"]: one for one in api.get(path)["items"]}


def override(api: Api, pair: tuple[str, str], **more: Any) -> Any:
    body = {"syncOverrides": [{"sourceId": pair[1], **more}]}
    return api.patch(f"/warehouses/{pair[0]}/selective-sync", body)


def test_collections_follow_from_the_events_and_load_until_somebody_says_otherwise(
    api: Api,
) -> None:
    pair = loading(api)
    assert items(api, pair) == {}
    events = [
        {"source": "web", "type": "track", "event": "Order Completed"},
        {"source": "web", "type": "page"},
        {"source": "web", "type": "identify"},
    ]
    api.control("POST", "events", {"events": events})
    assert set(items(api, pair)) == {"order_completed", "pages", "identifies"}
    changed = override(api, pair, collection="pages", enabled=False)
    assert changed == {"status": "UPDATED", "warnings": []}
    assert override(api, pair, collection="pages", enabled=False)["status"] == "UNCHANGED"
    assert {name: one["enabled"] for name, one in items(api, pair).items()} == {
        "order_completed": True,
        "pages": False,
        "identifies": True,
    }
    override(api, pair, collection="order_completed", property="total", enabled=False)
    assert items(api, pair)["order_completed"]["properties"] == {"total": {"enabled": False}}
    assert override(api, pair, enabled=False)["status"] == "UPDATED"
    assert {one["enabled"] for one in items(api, pair).values()} == {False}


def test_overrides_that_are_none(api: Api) -> None:
    warehouse_id, source_id = pair = loading(api)
    path = f"/warehouses/{warehouse_id}/selective-sync"
    good = {"sourceId": source_id, "collection": "pages", "enabled": False}
    for wrong, status in (
        ({**good, "sourceId": "none"}, 404),
        ({**good, "collection": ""}, 422),
        ({"sourceId": source_id, "property": "a", "enabled": True}, 422),
        ({"sourceId": source_id}, 422),
    ):
        assert api.refused("PATCH", path, {"syncOverrides": [good, wrong]}).status == status
    # All or none.
    assert items(api, pair) == {}
    api.delete(f"/warehouses/{warehouse_id}/connected-sources/{source_id}")
    told = api.patch(path, {"syncOverrides": [good]})
    assert (told["status"], len(told["warnings"])) == ("UNCHANGED", 1)
    connected = f"/warehouses/{warehouse_id}/connected-sources/{source_id}"
    assert api.refused("GET", f"{connected}/selective-syncs").status == 404
    assert api.refused("GET", f"{connected}/syncs").status == 404


def test_what_was_chosen_goes_with_the_connection(api: Api) -> None:
    pair = loading(api)
    override(api, pair, collection="pages", enabled=False)
    path = f"/warehouses/{pair[0]}/connected-sources/{pair[1]}"
    api.delete(path)
    api.post(path)
    assert items(api, pair) == {}
    override(api, pair, collection="pages", enabled=False)
    api.delete(f"/sources/{pair[1]}")
    assert "selectiveSyncs" not in api.control("GET", "dump")["workspaces"][0]


def test_the_schedule_is_off_until_one_is_put(api: Api) -> None:
    path = f"/warehouses/{loading(api)[0]}/advanced-sync-schedule"
    assert api.get(path) == {"enabled": False}
    times = [{"hourOfDay": 3, "enabled": True}, {"hourOfDay": 15, "enabled": False}]
    body = {"enabled": True, "schedule": {"times": times, "timezone": "Europe/Berlin"}}
    assert api.put(path, body) == body
    assert api.get(path) == body
    assert api.put(path, {"enabled": False}) == {"enabled": False}
    assert api.get(path) == {"enabled": False}
    for wrong in (
        {"enabled": True},
        {"enabled": True, "schedule": {"times": times, "timezone": "Mars/Base"}},
        {"enabled": True, "schedule": {"times": times, "timezone": "../etc/passwd"}},
        {"enabled": True, "schedule": {"times": [*times, times[0]], "timezone": "UTC"}},
        {"enabled": True, "schedule": {"times": [{"hourOfDay": 24, "enabled": True}]}},
    ):
        assert api.refused("PUT", path, wrong).status == 422


@pytest.mark.parametrize("deep", [False, True])
def test_reports_of_syncs_follow_from_the_events(api: Api, deep: bool) -> None:
    warehouse_id, source_id = loading(api)
    api.control("POST", "clock", {"stopped": True})
    events = [{"source": "web", "type": "track", "event": "Paid", "count": 3}]
    api.control("POST", "events", {"events": events})
    part = f"/connected-sources/{source_id}" if deep else ""
    path = f"/warehouses/{warehouse_id}{part}/syncs"
    assert api.get(path)["reports"] == []
    api.control("POST", "clock", {"advance": 7200})
    (report,) = api.get(path)["reports"]
    assert (report["sourceId"], report["count"], report["status"]) == (source_id, 3, "SUCCESS")


def test_two_a_minute_when_limits_are_enforced(api: Api) -> None:
    api.control("POST", "clock", {"stopped": True})
    warehouse_id, _ = loading(api)
    api.control("POST", "limits", {"enforce": True})
    path = f"/warehouses/{warehouse_id}/advanced-sync-schedule"
    codes = [api.send("GET", path).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
