"""Tours of the SDK's families that mostly read, and of those that are no more.

See `test_official_sdk`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.emulator.api import AMPLITUDE, POSTGRES, WEB, Api

from .sdk import Sdk

SUCCESS = {"status": "SUCCESS"}
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
_OF_SOURCE = ("IngressSuccess", "IngressFailed", "FilteredAtSource")
_OF_DESTINATION = ("EgressSuccess", "EgressFailed", "FilteredAtDestination")


def workspaces(sdk: Sdk, _api: Api) -> None:
    workspace = sdk.family("WorkspacesApi").getWorkspace()["workspace"]
    assert (workspace["slug"], workspace["name"]) == ("acme", "Acme")


def echo(sdk: Sdk, _api: Api) -> None:
    family = sdk.family("TestingApi")
    found = family.echo("Hello, world & all")
    assert (found["message"], found["method"]) == ("Hello, world & all", "get")
    refused = family.refused("echo", "no", None, True)
    assert (refused.status, set(refused.error) >= {"type", "message"}) == (400, True)
    assert family.refused("echo", "no", None, None, True).status == 400
    assert family.refused("echo", "no", None, None, None, True).status == 500


def catalog(sdk: Sdk, _api: Api) -> None:
    family = sdk.family("CatalogApi")
    for kind, one_id in (("Source", WEB), ("Destination", AMPLITUDE), ("Warehouse", POSTGRES)):
        name = f"{kind.lower()}Metadata"
        collection = f"{kind.lower()}sCatalog"
        every = family.pages(f"get{kind}sCatalog", collection, count=5)
        one = getattr(family, f"get{kind}Metadata")(one_id)[name]
        assert one in every
        assert len({each["id"] for each in every}) == len(every)
        assert family.refused(f"get{kind}Metadata", "none").status == 404


def audit_trail(sdk: Sdk, api: Api) -> None:
    family = sdk.family("AuditTrailApi")
    source = api.source()
    api.patch(f"/sources/{source['id']}", {"name": "Web"})
    api.plan()
    every = family.pages("listAuditEvents", "events")
    assert [one["type"] for one in every] == [
        "Tracking Plan Created",
        "Source Modified",
        "Source Created",
    ]
    page = family.listAuditEvents({"count": 9}, None, None, source["id"], None)["events"]
    assert page == every[1:]
    later = (NOON + dt.timedelta(days=10_000)).isoformat()
    assert family.listAuditEvents({"count": 9}, later)["events"] == []


def _fed(api: Api) -> tuple[Any, Any]:
    """At noon: a source and its destination, to which events came an hour ago."""
    now = dt.datetime.fromisoformat(api.control("POST", "clock", {"stopped": True})["now"])
    api.control("POST", "clock", {"advance": (NOON - now).total_seconds()})
    source = api.source()
    destination = api.destination(source["id"])
    at = (NOON - dt.timedelta(hours=1)).isoformat()
    events = [
        {
            "source": source["id"],
            "type": "track",
            "event": name,
            "userId": user,
            "timestamp": at,
            "destinations": [{"destination": destination["id"]}],
        }
        for name, user in (("Order Placed", "ann"), ("Order Placed", "bob"), ("Viewed", "ann"))
    ]
    api.control("POST", "events", {"events": events})
    return source, destination


def _window() -> tuple[str, str]:
    return (NOON - dt.timedelta(days=2)).isoformat(), NOON.isoformat()


def events(sdk: Sdk, api: Api) -> None:
    _fed(api)
    family = sdk.family("EventsApi")
    start, end = _window()
    found = family.getEventsVolumeFromWorkspace("DAY", start, end, ["eventName"])
    counts = {one["eventName"]: one["total"] for one in found["result"]}
    assert counts == {"Order Placed": 2, "Viewed": 1}


def usage(sdk: Sdk, api: Api) -> None:
    _fed(api)
    family = sdk.family("APICallsApi")
    period = "2026-03-01"
    page = {"count": 200}
    of_all = family.getDailyWorkspaceAPICallsUsage(period, page)["dailyWorkspaceAPICallsUsage"]
    assert of_all[-1]["apiCalls"] == "3"
    by_source = family.getDailyPerSourceAPICallsUsage(period, page)["dailyPerSourceAPICallsUsage"]
    assert by_source[-1]["apiCalls"] == "3"


def tracked_users(sdk: Sdk, api: Api) -> None:
    source, _ = _fed(api)
    family = sdk.family("MonthlyTrackedUsersApi")
    period, page = "2026-03-01", {"count": 200}
    of_all = family.getDailyWorkspaceMTUUsage(period, page)["dailyWorkspaceMTUUsage"]
    assert of_all[-1]["identified"] == "2"
    by_source = family.getDailyPerSourceMTUUsage(period, page)["dailyPerSourceMTUUsage"]
    assert (by_source[-1]["identified"], by_source[-1]["sourceId"]) == ("2", source["id"])


def delivery(sdk: Sdk, api: Api) -> None:
    source, destination = _fed(api)
    family = sdk.family("DeliveryOverviewApi")
    window = (*_window(), "DAY", {"count": 9})
    totals = {}
    for name in _OF_SOURCE + _OF_DESTINATION:
        of = (source["id"], destination["id"])[: 2 if name in _OF_DESTINATION else 1]
        read = getattr(family, f"get{name}MetricsFromDeliveryOverview")(*of, *window)
        totals[name] = sum(one["total"] for one in read["dataset"])
    assert totals == {
        "IngressSuccess": 3,
        "IngressFailed": 0,
        "FilteredAtSource": 0,
        "EgressSuccess": 3,
        "EgressFailed": 0,
        "FilteredAtDestination": 0,
    }


def regulations(sdk: Sdk, api: Api) -> None:
    family = sdk.family("DeletionAndSuppressionApi")
    api.control("POST", "clock", {"stopped": True})
    source = api.source()
    body = {"regulationType": "SUPPRESS_ONLY", "subjectType": "USER_ID", "subjectIds": ["ann"]}
    of_all = family.createWorkspaceRegulation(body)["regulateId"]
    of_one = family.createSourceRegulation(source["id"], body)["regulateId"]
    cloud = {"regulationType": "DELETE_ONLY", "subjectType": "OBJECT_ID", "subjectIds": ["1"]}
    of_cloud = {**cloud, "collection": "users"}
    made = family.createCloudSourceRegulation(api.source("stripe")["id"], of_cloud)
    assert len(made["regulateId"]) == 27
    api.control("POST", "clock", {"advance": 3600})
    read = family.getRegulation(of_all)["regulation"]
    assert (read["id"], read["overallStatus"]) == (of_all, "FINISHED")
    listed = family.listWorkspaceRegulations({"count": 9}, "FINISHED", ["SUPPRESS_ONLY"])
    assert of_all in [one["id"] for one in listed["regulations"]]
    listed = family.listRegulationsFromSource(source["id"], {"count": 9})
    assert [one["id"] for one in listed["regulations"]] == [of_one]
    suppressed = family.listSuppressions({"count": 9})["suppressed"]
    assert ["ann"] in [one["subjectIds"] for one in suppressed]
    # The API of today cannot take one back.
    assert sdk.answer("DeletionAndSuppressionApi", "deleteRegulation", of_all)["status"] == 404
    assert family.getRegulation(of_all)["regulation"] == read


def edge_functions(sdk: Sdk, api: Api) -> None:
    """The family is no more: it is live plugins now, below other paths."""
    source = api.source()
    family = sdk.family("EdgeFunctionsApi")
    wanted = {"uploadURL": "https://shop.example/x"}
    for method, *arguments in (
        ("createEdgeFunctions", source["id"], wanted),
        ("disableEdgeFunctions", source["id"]),
        ("generateUploadURLForEdgeFunctions", source["id"]),
        ("getLatestFromEdgeFunctions", source["id"]),
    ):
        refused = family.refused(method, *arguments)
        assert (refused.status, refused.error["type"]) == (404, "not-found")


TOURS = {
    "WorkspacesApi": workspaces,
    "TestingApi": echo,
    "CatalogApi": catalog,
    "AuditTrailApi": audit_trail,
    "EventsApi": events,
    "APICallsApi": usage,
    "MonthlyTrackedUsersApi": tracked_users,
    "DeliveryOverviewApi": delivery,
    "DeletionAndSuppressionApi": regulations,
    "EdgeFunctionsApi": edge_functions,
}
