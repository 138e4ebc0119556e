"""What every method sends and gives back, the same for both clients."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, NamedTuple

import httpx
import pytest

import segform
from segform import NOT_GIVEN
from segform.config_api.operations import operations

from .stub import Script, async_client, client, ok

S = "workspaces/acme/sources/js"
D = f"{S}/destinations/braze"
P = "workspaces/acme/tracking-plans/rs_1"
F = f"{D}/filters/df_1"


class Case(NamedTuple):
    """A call, what it sends, and what it is answered with."""

    op: str
    call: Any
    method: str
    path: str
    answer: dict[str, Any]
    body: Any = None


def lists(op: str, call: Any, path: str, key: str) -> Case:
    return Case(op, call, "GET", f"{path}?page_size=100", {key: [{"name": "x"}]})


CASES = [
    lists("listWorkspaces", lambda c: c.workspaces.list(), "workspaces", "workspaces"),
    Case("getWorkspace", lambda c: c.workspaces.get(), "GET", "workspaces/acme", {"name": "acme"}),
    lists("listSources", lambda c: c.sources.list(), "workspaces/acme/sources", "sources"),
    Case("getSource", lambda c: c.sources.get("js"), "GET", S, {"name": S}),
    Case(
        "createSource",
        lambda c: c.sources.create("js", catalog_name="javascript"),
        "POST",
        "workspaces/acme/sources",
        {"name": S},
        {"source": {"name": S, "catalog_name": "catalog/sources/javascript"}},
    ),
    Case(
        "createSource",
        lambda c: c.sources.create(
            S,
            catalog_name="catalog/sources/javascript",
            display_name="JS",
            library_config={"retry_queue": True},
        ),
        "POST",
        "workspaces/acme/sources",
        {"name": S},
        {
            "source": {
                "name": S,
                "catalog_name": "catalog/sources/javascript",
                "display_name": "JS",
                "library_config": {"retry_queue": True},
            }
        },
    ),
    Case("deleteSource", lambda c: c.sources.delete("js"), "DELETE", S, {}),
    Case(
        "getSchemaConfig",
        lambda c: c.schema_config.get("js"),
        "GET",
        f"{S}/schema-config",
        {"allow_unplanned_track_events": True},
    ),
    Case(
        "updateSchemaConfig",
        lambda c: c.schema_config.update(
            "js", allow_unplanned_track_events=False, forwarding_violations_to=""
        ),
        "PATCH",
        f"{S}/schema-config",
        {"allow_unplanned_track_events": False},
        {
            "schema_config": {
                "allow_unplanned_track_events": False,
                "forwarding_violations_to": "",
            },
            "update_mask": {
                "paths": [
                    "schema_config.allow_unplanned_track_events",
                    "schema_config.forwarding_violations_to",
                ]
            },
        },
    ),
    lists(
        "listDestinations", lambda c: c.destinations.list("js"), f"{S}/destinations", "destinations"
    ),
    Case("getDestination", lambda c: c.destinations.get(D), "GET", D, {"name": D}),
    Case(
        "createDestination",
        lambda c: c.destinations.create(
            "sources/js/destinations/braze", connection_mode="CLOUD", config={"apiKey": "k"}
        ),
        "POST",
        f"{S}/destinations",
        {"name": D},
        {
            "destination": {
                "name": D,
                "connection_mode": "CLOUD",
                "config": [{"name": f"{D}/config/apiKey", "type": "string", "value": "k"}],
            }
        },
    ),
    Case(
        "updateDestination",
        lambda c: c.destinations.update(D, enabled=True, config={"on": True}),
        "PATCH",
        D,
        {"name": D},
        {
            "destination": {
                "enabled": True,
                "config": [{"name": f"{D}/config/on", "type": "boolean", "value": True}],
            },
            "update_mask": {"paths": ["destination.enabled", "destination.config"]},
        },
    ),
    Case("deleteDestination", lambda c: c.destinations.delete(D), "DELETE", D, {}),
    lists(
        "listDestinationFilters",
        lambda c: c.destination_filters.list(D),
        f"{D}/filters",
        "filters",
    ),
    Case("getDestinationFilter", lambda c: c.destination_filters.get(F), "GET", F, {"name": F}),
    lists(
        "listTrackingPlans",
        lambda c: c.tracking_plans.list(),
        "workspaces/acme/tracking-plans",
        "tracking_plans",
    ),
    Case("getTrackingPlan", lambda c: c.tracking_plans.get("rs_1"), "GET", P, {"name": P}),
    Case(
        "createTrackingPlan",
        lambda c: c.tracking_plans.create(display_name="P", rules={"events": []}),
        "POST",
        "workspaces/acme/tracking-plans",
        {"name": P},
        {"tracking_plan": {"display_name": "P", "rules": {"events": []}}},
    ),
    Case(
        "updateTrackingPlan",
        lambda c: c.tracking_plans.update("rs_1", display_name="Q"),
        "PUT",
        P,
        {"name": P},
        {
            "tracking_plan": {"display_name": "Q"},
            "update_mask": {"paths": ["tracking_plan.display_name"]},
        },
    ),
    Case("deleteTrackingPlan", lambda c: c.tracking_plans.delete("rs_1"), "DELETE", P, {}),
    lists(
        "listSourceConnections",
        lambda c: c.tracking_plans.sources.list("rs_1"),
        f"{P}/source-connections",
        "connections",
    ),
    Case(
        "createSourceConnection",
        lambda c: c.tracking_plans.sources.create("rs_1", "js"),
        "POST",
        f"{P}/source-connections",
        {"source_name": S, "tracking_plan_id": "rs_1"},
        {"source_name": S},
    ),
    Case(
        "deleteSourceConnection",
        lambda c: c.tracking_plans.sources.delete(P, S),
        "DELETE",
        f"{P}/source-connections/js",
        {},
    ),
    lists("listCatalogSources", lambda c: c.catalog.sources.list(), "catalog/sources", "sources"),
    Case(
        "getCatalogSource",
        lambda c: c.catalog.sources.get("go"),
        "GET",
        "catalog/sources/go",
        {"name": "catalog/sources/go"},
    ),
    lists(
        "listCatalogDestinations",
        lambda c: c.catalog.destinations.list(),
        "catalog/destinations",
        "destinations",
    ),
    Case(
        "getCatalogDestination",
        lambda c: c.catalog.destinations.get("catalog/destinations/braze"),
        "GET",
        "catalog/destinations/braze",
        {"name": "catalog/destinations/braze"},
    ),
    Case(
        "listFunctions",
        lambda c: c.functions.list(type="DESTINATION"),
        "GET",
        "workspaces/acme/functions?page_size=100&type=DESTINATION",
        {"functions": [{"id": "f"}]},
    ),
    Case(
        "getFunction",
        lambda c: c.functions.get("f"),
        "GET",
        "workspaces/acme/functions/f",
        {"code": "x"},
    ),
    lists("listUsers", lambda c: c.users.list(), "workspaces/acme/users", "users"),
    lists("listRoles", lambda c: c.roles.list(), "workspaces/acme/roles", "roles"),
    lists(
        "listPolicies", lambda c: c.policies.list(), "workspaces/acme/roles/-/policies", "policies"
    ),
    lists("listInvites", lambda c: c.invites.list(), "workspaces/acme/invites", "invites"),
    Case(
        "listRegulations",
        lambda c: c.regulations.list(status="failed", regulation_types=["Delete", "Suppress"]),
        "GET",
        "workspaces/acme/regulations?page_size=100&status=failed"
        "&regulation_types=Delete&regulation_types=Suppress",
        {"entries": [{"regulate_id": "r"}]},
    ),
    Case(
        "getRegulation",
        lambda c: c.regulations.get("r"),
        "GET",
        "workspaces/acme/regulations/r",
        {"overall_status": "running", "stream_status": []},
    ),
]
IDS = [f"{case.op}-{number}" for number, case in enumerate(CASES)]


def check(case: Case, found: Any, script: Script) -> None:
    assert script.sent == [(case.method, f"/v1beta/{case.path}")]
    assert script.body() == case.body
    request = script.requests[0]
    assert request.headers["Accept"] == "application/json"
    assert request.headers.get("Content-Type") == ("application/json" if case.body else None)
    listed = next((value for value in case.answer.values() if isinstance(value, list)), None)
    wanted = listed if case.method == "GET" and listed else case.answer
    assert found == (None if case.method == "DELETE" else wanted)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_method(case: Case) -> None:
    made, script = client(ok(**case.answer))
    found = case.call(made)
    check(case, list(found) if inspect.isgenerator(found) else found, script)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_method_awaited(case: Case) -> None:
    async def run() -> None:
        made, script = async_client(ok(**case.answer))
        found = case.call(made)
        if inspect.isasyncgen(found):
            check(case, [one async for one in found], script)
        else:
            check(case, await found, script)
        await made.close()

    asyncio.run(run())


def test_every_operation_has_a_method() -> None:
    assert {f"legacy.{case.op}" for case in CASES} == set(operations())


def test_every_operation_says_what_it_does() -> None:
    for one in operations().values():
        effects = {"GET": "read", "POST": "once", "PUT": "repeatable", "PATCH": "repeatable"}
        assert one.effect == effects.get(one.method, "repeatable"), one
        assert one.per_minute == 0


def test_an_operation_nobody_knows() -> None:
    made, script = client()
    with pytest.raises(segform.ConfigurationError, match=r"near: legacy\.listSources"):
        made.request("legacy.listSource", path={"workspace": "acme"})
    with pytest.raises(segform.ConfigurationError, match="none is near"):
        made.request("getWorkspaceAsTheOthersDo")
    assert script.requests == []


def test_names_are_escaped_in_paths() -> None:
    made, script = client(ok(name="x"))
    made.sources.get("a b?c#d%")
    assert script.sent[0][1] == "/v1beta/workspaces/acme/sources/a%20b%3Fc%23d%25"


def test_unknown_fields_and_exact_numbers_are_kept() -> None:
    from decimal import Decimal

    answer = b'{"name": "x", "news": {"a": 9007199254740993, "b": 1.10}}'
    made, _ = client(httpx.Response(200, content=answer))
    assert made.sources.get("js")["news"] == {"a": 9007199254740993, "b": Decimal("1.10")}


def test_not_given_is_not_sent() -> None:
    made, script = client(ok(name=D))
    made.destinations.create(D, enabled=NOT_GIVEN, config=NOT_GIVEN)
    assert script.body() == {"destination": {"name": D}}


def test_views_raw_answers_and_closing() -> None:
    made, script = client(ok(name=S), ok(name=S))
    view = made.with_options(attempts=1)
    assert view.workspace == "acme"
    raw = view.with_raw_response(view.sources.get, "js")
    assert (raw.status, raw.result["name"]) == (200, S)
    assert made.requests_sent == 1
    made.close()
    with pytest.raises(segform.ConfigurationError, match="closed"):
        made.sources.get("js")
    assert len(script.requests) == 1
