"""Events that are fed: volumes, delivery overview, delivery metrics, API calls and MTU."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from segform_emulator import Emulator, traffic

from .api import Api

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
# The paths of the delivery overview: of the source, and of a destination.
OF_SOURCE = ("successfully-received", "failed-on-ingest", "filtered-at-source")
OF_DESTINATION = ("successful-delivery", "failed-delivery", "filtered-at-destination")


@pytest.fixture
def api(emulator: Emulator) -> Api:
    """At noon, and time stands still."""
    api = Api(emulator)
    now = dt.datetime.fromisoformat(api.control("POST", "clock", {"stopped": True})["now"])
    api.control("POST", "clock", {"advance": (NOON - now).total_seconds()})
    return api


def feed(api: Api, *events: dict[str, Any], **more: Any) -> int:
    """Feed events; how many there were."""
    count: int = api.control("POST", "events", {"events": list(events), **more})["count"]
    return count


def at(*ago: dt.timedelta) -> str:
    """So long ago."""
    return (NOON - sum(ago, dt.timedelta())).isoformat()


def asked(granularity: str, length: dt.timedelta, **more: Any) -> str:
    """A query for the last while, up to a minute from now."""
    window = {"startTime": (NOON - length).isoformat(), "endTime": NOON.isoformat()}
    return "?" + urlencode({"granularity": granularity, **window, **more}, doseq=True)


def volume(
    api: Api,
    granularity: str = "DAY",
    length: dt.timedelta = 7 * DAY,
    more: dict[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Volumes; `more` has what is no name in Python."""
    return api.get(f"/events/volume{asked(granularity, length, **(more or {}), **options)}")


def test_volumes_by_day_hour_and_minute(api: Api) -> None:
    source = api.source("web")
    assert (
        feed(
            api,
            {
                "source": "web",
                "type": "track",
                "event": "Paid",
                "count": 5,
                "timestamp": at(2 * DAY),
            },
            {"source": source["id"], "type": "track", "event": "Paid", "timestamp": at(2 * HOUR)},
            {"source": "web", "type": "identify", "count": 3, "timestamp": at(MINUTE)},
            {"source": "web", "type": "track", "count": 9, "timestamp": at(20 * DAY)},
            {"source": "web", "type": "track", "result": "failed", "timestamp": at(MINUTE)},
        )
        == 19
    )
    answer = volume(api)
    (found,) = answer["result"]
    assert found["total"] == 9
    assert answer["path"] == "/events/volume"
    assert answer["query"]["granularity"] == "DAY"
    counts = {point["time"]: point["count"] for point in found["series"]}
    assert len(counts) == 8
    assert counts["2026-03-08T00:00:00.000Z"] == 5
    assert counts["2026-03-10T00:00:00.000Z"] == 4
    assert sum(counts.values()) == 9
    (hours,) = volume(api, "HOUR", 3 * HOUR)["result"]
    assert [point["count"] for point in hours["series"]] == [0, 1, 3]
    (minutes,) = volume(api, "MINUTE", 3 * MINUTE)["result"]
    assert [point["count"] for point in minutes["series"]] == [0, 0, 3]
    (nothing,) = volume(api, "MINUTE", MINUTE / 2)["result"]
    assert nothing["total"] == 0


def test_volumes_are_grouped_and_filtered(api: Api) -> None:
    web = api.source("web")
    api.source("app")
    now = {"timestamp": at(HOUR)}
    feed(
        api,
        {"source": "web", "type": "track", "event": "Paid", "count": 2, **now},
        {"source": "web", "type": "track", "event": "Seen", "count": 7, "appVersion": "2", **now},
        {"source": "app", "type": "track", "event": "Paid", "count": 4, **now},
        {"source": "app", "type": "identify", "count": 1, **now},
    )
    by_name = volume(api, groupBy="eventName")["result"]
    assert [(one.get("eventName"), one["total"]) for one in by_name] == [
        ("Seen", 7),
        ("Paid", 6),
        (None, 1),
    ]
    by_both = volume(api, more={"groupBy.0": "eventType", "groupBy.1": "source"})["result"]
    assert [(one["eventType"], one["source"]["slug"], one["total"]) for one in by_both] == [
        ("track", "web", 9),
        ("track", "app", 4),
        ("identify", "app", 1),
    ]
    assert by_both[0]["source"] == {"id": web["id"], "name": "web", "slug": "web"}
    assert len(volume(api, groupBy="eventName,eventType")["result"]) == 3
    for more, total in (
        ({"sourceId": web["id"]}, 9),
        ({"sourceId[0]": web["id"], "sourceId[1]": "none"}, 9),
        ({"eventName": ["Paid", "Seen"]}, 13),
        ({"eventType": "identify"}, 1),
        ({"appVersion": "2"}, 7),
        ({"eventName": "Paid", "appVersion": "2"}, 0),
    ):
        assert volume(api, more=more)["result"][0]["total"] == total
    page = volume(api, groupBy="eventName", more={"pagination[count]": 2})
    assert (len(page["result"]), page["pagination"]["totalEntries"]) == (2, 3)
    query = asked("DAY", DAY, groupBy="colour")
    assert api.refused("GET", f"/events/volume{query}").status == 422


@pytest.mark.parametrize(
    ("path", "granularity", "length", "age"),
    [
        ("/events/volume", "MINUTE", 4 * HOUR, 48 * HOUR),
        ("/events/volume", "HOUR", 7 * DAY, 7 * DAY),
        ("/events/volume", "DAY", 14 * DAY, 14 * DAY),
        ("/delivery-overview/successfully-received", "MINUTE", 4 * HOUR, 48 * HOUR),
        ("/delivery-overview/successfully-received", "HOUR", 14 * DAY, 30 * DAY),
        ("/delivery-overview/successfully-received", "DAY", 30 * DAY, 30 * DAY),
        ("/destinations/{}/delivery-metrics", "MINUTE", 4 * HOUR, 48 * HOUR),
        ("/destinations/{}/delivery-metrics", "HOUR", 7 * DAY, 7 * DAY),
        ("/destinations/{}/delivery-metrics", "DAY", 14 * DAY, 14 * DAY),
    ],
)
def test_windows(
    api: Api, path: str, granularity: str, length: dt.timedelta, age: dt.timedelta
) -> None:
    source = api.source()
    path = path.format(api.destination(source["id"])["id"])

    def query(start: dt.datetime, end: dt.datetime) -> str:
        asked_for = {
            "granularity": granularity,
            "startTime": start.isoformat(),
            "endTime": end.isoformat(),
            "sourceId": source["id"],
        }
        return f"{path}?{urlencode(asked_for)}"

    second = dt.timedelta(seconds=1)
    oldest = NOON - age
    assert api.get(query(NOON - length, NOON))
    assert api.get(query(oldest, oldest + length))
    for start, end in (
        (NOON - length - second, NOON),
        (oldest - second, oldest),
        (NOON, NOON),
        (NOON, NOON - second),
    ):
        assert api.refused("GET", query(start, end)).status == 422


def test_a_window_is_needed(api: Api) -> None:
    path = "/events/volume?granularity=DAY&endTime=2026-03-10"
    assert api.refused("GET", path).message == '"startTime" is required'
    for wrong in ("granularity=WEEK&startTime=2026-03-09", "granularity=DAY&startTime=then"):
        refused = api.refused("GET", f"/events/volume?{wrong}&endTime=2026-03-10")
        assert refused.status == 422


def deliveries(api: Api) -> tuple[Any, Any]:
    """A source and its destination, with events of every kind."""
    source = api.source("web")
    destination = api.destination(source["id"])
    there = {"destination": destination["id"]}
    now = {"source": "web", "type": "track", "timestamp": at(HOUR)}
    feed(
        api,
        {
            **now,
            "event": "Paid",
            "count": 10,
            "appVersion": "1",
            "destinations": [
                {**there, "count": 6},
                {**there, "attempts": 3, "count": 2, "subscriptionId": "sub1"},
                {**there, "result": "failed", "reason": "timeout", "count": 1},
                {**there, "result": "filtered", "reason": "filter", "count": 1},
            ],
        },
        {**now, "event": "Seen", "count": 4, "result": "filtered", "reason": "blocked"},
        {**now, "event": "Seen", "count": 3, "result": "failed", "reason": "bad json"},
        {**now, "event": "Old", "count": 100, "timestamp": at(20 * DAY), "destinations": [there]},
    )
    return source, destination


def overview(api: Api, name: str, of: tuple[Any, Any], **more: Any) -> Any:
    """Metrics of the delivery overview for a day."""
    source, destination = of
    ids = {"sourceId": source["id"]}
    if name in OF_DESTINATION:
        ids["destinationConfigId"] = destination["id"]
    return api.get(f"/delivery-overview/{name}{asked('HOUR', DAY, **ids, **more)}")


def test_how_far_events_got(api: Api) -> None:
    of = deliveries(api)
    totals = {name: overview(api, name, of)["total"] for name in OF_SOURCE + OF_DESTINATION}
    assert totals == {
        "successfully-received": 14,
        "failed-on-ingest": 3,
        "filtered-at-source": 4,
        "successful-delivery": 8,
        "failed-delivery": 1,
        "filtered-at-destination": 1,
    }
    (dataset,) = overview(api, "successful-delivery", of)["dataset"]
    assert dataset["totalRetryCount"] == 2
    assert sum(point["retryCount"] for point in dataset["series"]) == 2
    assert len(dataset["series"]) == 24
    assert "totalRetryCount" not in overview(api, "failed-delivery", of)["dataset"][0]


def test_the_overview_is_grouped_and_filtered(api: Api) -> None:
    of = deliveries(api)
    by_reason = overview(api, "failed-delivery", of, groupBy="discardReason")["dataset"]
    assert [(one["discardReason"], one["total"]) for one in by_reason] == [("timeout", 1)]
    by_name = overview(api, "successfully-received", of, groupBy="eventName")
    assert [(one["eventName"], one["total"]) for one in by_name["dataset"]] == [
        ("Paid", 10),
        ("Seen", 4),
    ]
    tries = overview(api, "successful-delivery", of, groupBy="discardReason")["dataset"]
    assert [one["discardReason"] for one in tries] == ["successes.attempt.1", "successes.attempt.3"]
    for name, more, total in (
        ("successful-delivery", {"filter[discardReason][0]": "successes.attempt.3"}, 2),
        ("successful-delivery", {"filter.subscriptionId.0": "sub1"}, 2),
        ("successful-delivery", {"filter": '{"eventName":["Seen"]}'}, 0),
        ("filtered-at-source", {"filter[discardReason][0]": "blocked"}, 4),
        ("successfully-received", {"filter[appVersion][0]": "1"}, 10),
    ):
        assert overview(api, name, of, **more)["total"] == total
    page = overview(
        api, "successfully-received", of, groupBy="eventName", **{"pagination.count": 1}
    )
    assert (page["total"], len(page["dataset"])) == (14, 1)
    source = {"sourceId": of[0]["id"]}
    for name, group in (("successfully-received", "discardReason"), ("failed-on-ingest", "source")):
        query = asked("HOUR", DAY, groupBy=group, **source)
        assert api.refused("GET", f"/delivery-overview/{name}{query}").status == 422


def test_the_overview_is_of_a_source_and_its_destination(emulator: Emulator, api: Api) -> None:
    source, destination = deliveries(api)
    other = api.source("other")
    scoped = Api(emulator, "label_scoped")
    for name in OF_SOURCE + OF_DESTINATION:
        ids = {"destinationConfigId": destination["id"]}
        for source_id, status in ((source["id"], 200), ("none", 404)):
            query = asked("HOUR", DAY, sourceId=source_id, **ids)
            answer = api.send("GET", f"/delivery-overview/{name}{query}")
            assert answer.status_code == status
        query = asked("HOUR", DAY, sourceId=source["id"], **ids)
        assert scoped.refused("GET", f"/delivery-overview/{name}{query}").status == 403
    for name in OF_DESTINATION:
        for ids in (
            {"sourceId": other["id"], "destinationConfigId": destination["id"]},
            {"sourceId": source["id"], "destinationConfigId": "none"},
        ):
            query = asked("HOUR", DAY, **ids)
            assert api.refused("GET", f"/delivery-overview/{name}{query}").status == 404
    path = f"/destinations/{destination['id']}/delivery-metrics?sourceId={source['id']}"
    assert scoped.refused("GET", path).status == 403


def test_the_summary_of_a_destination(api: Api) -> None:
    source, destination = deliveries(api)
    path = f"/destinations/{destination['id']}/delivery-metrics?sourceId={source['id']}"
    found = api.get(f"{path}&granularity=HOUR")["deliveryMetricsSummary"]
    assert (found["sourceId"], found["destinationMetadataId"]) == (
        source["id"],
        destination["metadata"]["id"],
    )
    assert {one["metricName"]: one["total"] for one in found["metrics"]} == {
        "successes": 8,
        "failures": 1,
        "filtered": 1,
    }
    assert found["metrics"][0]["breakdown"] == [
        {"metricName": "successes.attempt.1", "value": 6},
        {"metricName": "successes.attempt.3", "value": 2},
    ]
    # Where nothing is said: an hour by minutes, seven days, thirty days.
    totals = [
        api.get(f"{path}{more}")["deliveryMetricsSummary"]["metrics"][0]["total"]
        for more in ("", "&granularity=HOUR", "&granularity=DAY")
    ]
    assert totals == [8, 8, 108]
    assert api.refused("GET", f"{path.partition('?')[0]}?sourceId=none").status == 404


def usage(api: Api, path: str, period: str = "2026-03-01") -> list[Any]:
    """Usage, an entry for each day."""
    found = api.get(f"/usage/{path}?period={period}")
    (rows,) = (value for name, value in found.items() if name != "pagination")
    return list(rows)


def test_api_calls_are_cumulative(api: Api) -> None:
    web, app = api.source("web"), api.source("app")
    feed(
        api,
        {"source": "web", "type": "track", "count": 5, "timestamp": "2026-03-02T10:00:00Z"},
        {"source": "app", "type": "track", "count": 2, "timestamp": "2026-03-09T10:00:00Z"},
        {"source": "web", "type": "track", "count": 9, "timestamp": "2026-02-28T23:59:59Z"},
    )
    rows = usage(api, "api-calls/daily")
    assert [row["apiCalls"] for row in rows] == ["0", *["5"] * 7, "7", "7"]
    assert rows[0]["timestamp"] == "2026-03-01T00:00:00.000Z"
    assert [row["apiCalls"] for row in usage(api, "api-calls/daily", "2026-02-01")][-1] == "9"
    assert len(usage(api, "api-calls/daily", "2026-02-01")) == 28
    assert usage(api, "api-calls/daily", "2026-04-01") == []
    per_source = usage(api, "api-calls/sources/daily")
    last = {row["sourceId"]: row["apiCalls"] for row in per_source}
    assert last == {web["id"]: "5", app["id"]: "2"}
    assert len(per_source) == 9 + 2
    for wrong in ("March", "9999-12-31", "0001-01-01", ""):
        assert api.refused("GET", f"/usage/api-calls/daily?period={wrong}").status == 422
    assert api.refused("GET", "/usage/api-calls/daily").message == '"period" is required'


def test_tracked_users_are_counted_once(api: Api) -> None:
    web = api.source("web")
    api.source("app")
    when = {"type": "track", "timestamp": "2026-03-02T10:00:00Z"}
    feed(
        api,
        {"source": "web", "userId": "ann", "anonymousId": "a1", **when},
        {"source": "web", "userId": "ann", "anonymousId": "a2", **when},
        {"source": "app", "userId": "ann", **when},
        {"source": "app", "anonymousId": "a3", **when},
        {"source": "app", **when},
    )
    rows = usage(api, "mtu/daily")
    counts = ("identified", "anonymous", "anonymousIdentified", "neverIdentified")
    assert [rows[0][name] for name in counts] == ["0", "0", "0", "0"]
    assert [rows[-1][name] for name in counts] == ["1", "3", "2", "1"]
    start, end = (int(dt.datetime(2026, m, 1, tzinfo=dt.UTC).timestamp()) for m in (3, 4))
    assert (rows[0]["periodStart"], rows[0]["periodEnd"]) == (start, end)
    mine = [row for row in usage(api, "mtu/sources/daily") if row["sourceId"] == web["id"]]
    assert [mine[-1][name] for name in counts] == ["1", "2", "2", "0"]


def test_a_token_for_a_label_sees_its_sources_only(emulator: Emulator, api: Api) -> None:
    label = {"key": "environment", "value": "production"}
    api.post("/labels", {"label": label})
    inside = api.source("inside")
    api.source("outside")
    api.put(f"/sources/{inside['id']}/labels", {"labels": [label]})
    for slug in ("inside", "outside"):
        feed(api, {"source": slug, "type": "track", "timestamp": at(HOUR)})
    scoped = Api(emulator, "label_scoped")
    assert volume(scoped)["result"][0]["total"] == 1
    assert {row["sourceId"] for row in usage(scoped, "api-calls/sources/daily")} == {inside["id"]}
    assert usage(scoped, "mtu/daily")[-1]["identified"] == "0"
    assert volume(api)["result"][0]["total"] == 2


def test_what_is_no_event_changes_nothing(api: Api) -> None:
    source = api.source("web")
    destination = api.destination(source["id"])
    fine = {"source": "web", "type": "track"}
    there = {"destination": destination["id"]}
    for wrong in (
        {"source": "none", "type": "track"},
        {"type": "track"},
        {"source": "web", "type": "click"},
        {**fine, "count": 0},
        {**fine, "count": True},
        {**fine, "count": "1"},
        {**fine, "event": 1},
        {**fine, "colour": "red"},
        {**fine, "result": "lost"},
        {**fine, "result": "failed", "reason": None},
        {**fine, "timestamp": "then"},
        {**fine, "destinations": ["x"]},
        {**fine, "destinations": [{"destination": "none"}]},
        {**fine, "destinations": [{**there, "result": "lost"}]},
        {**fine, "destinations": [{**there, "attempts": 0}]},
    ):
        body = {"events": [fine, wrong]}
        assert api.refused("POST", "/_emulator/events", body).status in (400, 422)
    for events in ("x", [1], None):
        assert api.refused("POST", "/_emulator/events", {"events": events}).status == 400
    assert volume(api)["result"][0]["total"] == 0


def test_there_is_a_limit_to_what_is_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "MOST", 2)
    api.source("web")
    feed(api, *[{"source": "web", "type": "track"}] * 2)
    body = {"events": [{"source": "web", "type": "track"}]}
    assert "at most 2" in api.refused("POST", "/_emulator/events", body).message


def test_another_workspace_and_a_folder(tmp_path: Path) -> None:
    before = Emulator(data=tmp_path)
    other = Api(before, "other_workspace")
    other.source("web")
    event = {"source": "web", "type": "track", "userId": "ann"}
    feed(other, event, workspace="umbrella")
    before.close()
    after = Emulator(data=tmp_path)
    month = dt.datetime.now(dt.UTC).strftime("%Y-%m-01")
    feed(Api(after, "other_workspace"), event, workspace="umbrella")
    rows = usage(Api(after, "other_workspace"), "api-calls/daily", month)
    assert rows[-1]["apiCalls"] == "2"
    assert usage(Api(after), "api-calls/daily", month)[-1]["apiCalls"] == "0"
    after.close()
