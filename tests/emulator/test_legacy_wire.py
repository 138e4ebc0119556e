"""The legacy face on the wire: who answers, errors, limits, faults, the log, and rough input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segform_emulator import Emulator
from segform_emulator.contract import operations
from segform_emulator.coverage import BADGES, page
from segform_emulator.legacy.facts import FACTS
from segform_emulator.legacy.routes import routes

from .api import AMPLITUDE, Api
from .legacy_api import JS, WEBHOOK_NAME, Legacy, W, option, refusal


@pytest.fixture
def legacy(emulator: Emulator) -> Legacy:
    return Legacy(emulator)


# Who answers


def ask(emulator: Emulator, url: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {emulator.token}"}
    with httpx.Client(transport=emulator.transport(), headers=headers) as client:
        return client.get(url)


def test_host_or_prefix_decides(emulator: Emulator) -> None:
    for base in ("https://platform.segmentapis.com", "http://emulator", "http://127.0.0.1:80"):
        assert ask(emulator, f"{base}/v1beta/{W}").json()["name"] == W
    # The Public API has no such address, nor has this one any other.
    for base in ("https://api.segmentapis.com", "https://eu1.api.segmentapis.com"):
        assert set(ask(emulator, f"{base}/v1beta/{W}").json()) == {"errors"}
    assert set(ask(emulator, "http://emulator/v1betas").json()) == {"errors"}
    assert refusal(ask(emulator, "https://platform.segmentapis.com/sources")) == (501, 12)
    assert refusal(ask(emulator, "http://emulator/v1beta")) == (501, 12)
    assert ask(emulator, "http://emulator/sources").json()["data"]["sources"] == []


def test_over_a_socket(emulator: Emulator) -> None:
    with emulator.serve() as server, httpx.Client() as client:
        headers = {"authorization": f"Bearer {emulator.token}"}
        answer = client.get(f"{server.url}/v1beta/{W}/sources/", headers=headers)
        assert answer.json() == {"sources": [], "next_page_token": ""}
        assert answer.headers["content-type"] == "application/json"


def test_the_eu_is_not_served(emulator: Emulator) -> None:
    eu = Legacy(emulator, "eu")
    assert eu.refused("GET", "workspaces/acme-eu") == (404, 5)
    assert eu.refused("GET", "workspaces/acme-eu/sources") == (404, 5)
    body = {"tracking_plan": {"display_name": "x"}}
    assert eu.refused("POST", "workspaces/acme-eu/tracking-plans", body) == (404, 5)
    there = Emulator(region="eu")
    assert refusal(ask(there, f"http://emulator/v1beta/{W}")) == (404, 5)


# Errors


def test_tokens(legacy: Legacy) -> None:
    def answer(token: str) -> tuple[int, int]:
        return legacy.refused("GET", W, headers={"authorization": token})

    for token in ("", "Bearer", "Bearer none", "Basic x", legacy.emulator.token):
        assert answer(token) == (401, 16)
    assert answer(f"Bearer {legacy.emulator.tokens['revoked']}") == (401, 16)


def test_another_workspace_is_not_found(legacy: Legacy) -> None:
    assert legacy.refused("GET", "workspaces/umbrella") == (404, 5)
    assert legacy.refused("GET", "workspaces/none/sources") == (404, 5)
    other = Legacy(legacy.emulator, "other_workspace")
    assert other.refused("GET", f"{W}/sources") == (404, 5)
    assert other.get("workspaces/umbrella/sources")["sources"] == []


def test_a_member_reads_and_does_not_write(legacy: Legacy) -> None:
    source = legacy.source()
    legacy.destination()
    plan = legacy.plan()["name"]
    connections = f"{plan}/source-connections"
    legacy.post(connections, {"source_name": JS})
    member = Legacy(legacy.emulator, "member")
    before = legacy.emulator.dump()
    for method, name in (
        ("POST", f"{W}/sources"),
        ("DELETE", JS),
        ("DELETE", f"{W}/sources/none"),
        ("PATCH", f"{JS}/schema-config"),
        ("POST", f"{JS}/destinations"),
        ("PATCH", WEBHOOK_NAME),
        ("DELETE", WEBHOOK_NAME),
        ("POST", f"{W}/tracking-plans"),
        ("PUT", plan),
        ("PATCH", plan),
        ("DELETE", plan),
        ("POST", connections),
        ("DELETE", f"{connections}/js"),
    ):
        body: Any = None if method == "DELETE" else {}
        assert member.refused(method, name, body) == (403, 7), (method, name)
    assert legacy.emulator.dump() == before
    assert member.get(JS) == {**source, "write_keys": []}
    for name in (W, f"{JS}/schema-config", WEBHOOK_NAME, plan, connections, "catalog/sources"):
        assert member.get(name) == legacy.get(name)


def test_roles_reach_as_far_as_in_the_public_api(api: Api, legacy: Legacy) -> None:
    api.post("/labels", {"label": {"key": "environment", "value": "production"}})
    legacy.source()
    seen = api.source("seen")
    body = {"labels": [{"key": "environment", "value": "production"}]}
    api.put(f"/sources/{seen['id']}/labels", body)
    scoped = Legacy(legacy.emulator, "label_scoped")
    found = scoped.get(f"{W}/sources")["sources"]
    assert [one["name"] for one in found] == [f"{W}/sources/seen"]
    assert scoped.refused("GET", JS) == (403, 7)
    assert scoped.refused("GET", f"{JS}/destinations") == (403, 7)
    given_source = {"source": {"name": JS, "catalog_name": "catalog/sources/go"}}
    assert scoped.refused("POST", f"{W}/sources", given_source) == (403, 7)
    name = f"{W}/sources/seen/destinations/actions-webhook"
    assert scoped.destination(name)["name"] == name
    plans = Legacy(legacy.emulator, "no_source_admin")
    assert plans.plan()["display_name"] == "Shop"
    assert plans.refused("DELETE", JS) == (403, 7)
    assert plans.get(JS)["write_keys"] == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, 3),
        (401, 16),
        (403, 7),
        (404, 5),
        (409, 6),
        (429, 8),
        (500, 13),
        (501, 12),
        (503, 14),
        (418, 3),
        (504, 13),
    ],
)
def test_every_status_has_its_code(legacy: Legacy, status: int, code: int) -> None:
    legacy.emulator.fault("error_before", operation="legacy.listSources", status=status)
    assert legacy.refused("GET", f"{W}/sources") == (status, code)
    assert legacy.get(f"{W}/sources")["sources"] == []


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("GET", ""),
        ("POST", "access-tokens"),
        ("POST", "workspaces"),
        ("PATCH", JS),
        ("PUT", WEBHOOK_NAME),
        ("POST", f"{W}/invites"),
        ("GET", f"{W}/roles/admin/policies"),
        ("POST", f"{WEBHOOK_NAME}/filters"),
        ("GET", f"{W}//sources"),
        ("GET", "workspaces//sources"),
        ("OPTIONS", W),
        ("TRACE", W),
        ("GET", "%2e%2e/sources"),
        ("GET", "workspaces%2Facme"),
    ],
)
def test_everything_else_is_not_implemented(legacy: Legacy, method: str, name: str) -> None:
    legacy.source()
    legacy.destination()
    body: Any = {} if method in ("POST", "PATCH", "PUT") else None
    assert legacy.refused(method, name, body) == (501, 12)


# Limits


def test_two_hundred_requests_a_minute(api: Api, legacy: Legacy) -> None:
    emulator = legacy.emulator
    for _ in range(201):
        legacy.get(W)
    assert api.send("GET", "/").headers["X-RateLimit-Consumed"] == "1"
    api.control("POST", "limits", {"enforce": True})
    api.control("POST", "clock", {"stopped": True})
    for number in range(200):
        legacy.get((W, f"{W}/sources", "catalog/sources")[number % 3], page_size=1)
    assert legacy.refused("GET", W) == (429, 8)
    assert legacy.refused("POST", f"{W}/sources", {}) == (429, 8)
    # Each token has its own, and the Public API counts apart.
    assert Legacy(emulator, "member").get(W)
    assert api.send("GET", "/").headers["X-RateLimit-Consumed"] == "1"
    api.control("POST", "clock", {"advance": 60})
    assert legacy.get(W)
    api.control("POST", "limits", {"operations": {"legacy": 1}})
    assert legacy.get(W)["name"] == W


def test_a_limit_of_its_own(api: Api, legacy: Legacy) -> None:
    api.control("POST", "limits", {"enforce": True, "operations": {"legacy": 2}})
    assert legacy.get(W)
    assert legacy.get(W)
    assert legacy.refused("GET", W) == (429, 8)


# Faults and the log


def test_the_log_names_operations(api: Api, legacy: Legacy) -> None:
    legacy.source()
    legacy.refused("GET", f"{W}/none")
    legacy.refused("GET", f"{W}/sources/none")
    api.get("/sources")
    log = api.control("GET", "log")
    entries = [(one["operation"], one["method"], one["status"]) for one in log["requests"]]
    assert entries == [
        ("legacy.createSource", "POST", 200),
        ("legacy.unknown", "GET", 501),
        ("legacy.getSource", "GET", 404),
        ("listSources", "GET", 200),
    ]
    assert log["requests"][0]["role"] == "owner"
    assert log["requests"][0]["path"] == f"/v1beta/{W}/sources"


def test_the_audit_trail_is_one(api: Api, legacy: Legacy) -> None:
    legacy.source()
    plan = legacy.plan(events=[{"name": "A", "rules": {}}])["name"]
    legacy.get(plan)
    body = {"update_mask": {"paths": ["tracking_plan.rules"]}}
    legacy.call("PUT", plan, body)
    events = api.get("/audit-events")["events"]
    assert [one["type"] for one in reversed(events)] == [
        "Source Created",
        "Tracking Plan Created",
        "Tracking Plan Modified",
        "Tracking Plan Modified",
    ]


def test_faults(api: Api, legacy: Legacy) -> None:
    emulator = legacy.emulator
    body = {"source": {"name": JS, "catalog_name": "catalog/sources/go"}}

    def made() -> int:
        return len(emulator.dump()["workspaces"][0]["sources"])

    emulator.fault("disconnect", operation="legacy.createSource")
    with pytest.raises(httpx.RemoteProtocolError):
        legacy.send("POST", f"{W}/sources", body)
    assert made() == 0
    emulator.fault("drop_after_commit", operation="legacy.createSource")
    with pytest.raises(httpx.RemoteProtocolError):
        legacy.send("POST", f"{W}/sources", body)
    assert made() == 1
    legacy.delete(JS)
    emulator.fault("error_after", operation="legacy.createSource", status=503)
    assert legacy.refused("POST", f"{W}/sources", body) == (503, 14)
    assert made() == 1
    emulator.fault("html", operation="legacy.getSource")
    answer = legacy.send("GET", JS)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    emulator.fault("truncated", path="/v1beta/*")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        legacy.get(JS)
    emulator.fault("hidden", operation="legacy.getSource")
    assert legacy.refused("GET", JS) == (404, 5)
    emulator.fault("slow", operation="legacy.getSource", seconds=9)
    with pytest.raises(httpx.ReadTimeout):
        legacy.send("GET", JS, timeout=1)
    # Faults of the Public API's operations are not for these.
    emulator.fault("error_before", operation="getSource")
    assert legacy.get(JS)["name"] == JS
    assert [one["fault"] for one in api.control("GET", "log")["requests"] if "fault" in one] == [
        "disconnect",
        "drop_after_commit",
        "error_after",
        "html",
        "truncated",
        "hidden",
        "slow",
    ]


def test_faults_of_lists(legacy: Legacy) -> None:
    for slug in "abc":
        legacy.source(slug)
    first = legacy.get(f"{W}/sources", page_size=1)
    legacy.emulator.fault("shifted_page", operation="legacy.listSources")
    rest = legacy.get(f"{W}/sources", page_token=first["next_page_token"])
    assert [one["name"] for one in rest["sources"]] == [f"{W}/sources/c"]
    legacy.emulator.fault("missing_from_page", operation="legacy.listSources")
    assert len(legacy.get(f"{W}/sources")["sources"]) == 1
    assert len(legacy.get(f"{W}/sources")["sources"]) == 2


# State on disk


def test_what_a_list_deleted_stays_deleted(tmp_path: Path) -> None:
    first = Emulator(data=tmp_path)
    legacy = Legacy(first)
    for slug in "ab":
        legacy.source(slug)
    first.fault("shifted_page", operation="legacy.listSources")
    legacy.get(f"{W}/sources")
    first.close()
    second = Emulator(data=tmp_path)
    found = Legacy(second).get(f"{W}/sources")["sources"]
    assert [one["name"] for one in found] == [f"{W}/sources/b"]
    second.close()


def test_what_this_face_keeps_survives_a_restart(tmp_path: Path) -> None:
    first = Emulator(data=tmp_path)
    legacy = Legacy(first)
    legacy.source(library_config={"api_host": "x"})
    made = legacy.destination(connection_mode="DEVICE")
    plan = legacy.plan(events=[{"name": "A", "version": 1.5, "rules": {}}])
    source = legacy.get(JS)
    first.close()
    second = Emulator(data=tmp_path)
    again = Legacy(second)
    assert again.get(WEBHOOK_NAME) == made
    assert again.get(plan["name"]) == plan
    assert again.get(JS) == source
    second.close()


# Rough input


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "nothing",
        "{'source': {}}",
        "[]",
        '"x"',
        "1",
        "null",
        "NaN",
        '{"source": NaN}',
        '{"source": {"name": "\\ud800"}}',
        '{"source": 1e99999999999999999999}',
        '{"source": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"source": ' + '{"a": ' * 150 + "1" + "}" * 151,
        b"\xff\xfe\x00",
        b"\xff{}",
        '{"source": []}',
        '{"source": "x"}',
        "{}",
        "",
        "   ",
    ],
)
def test_bodies_that_are_none(legacy: Legacy, content: Any) -> None:
    assert legacy.refused("POST", f"{W}/sources", content) == (400, 3)
    assert legacy.emulator.dump()["workspaces"][0]["sources"] == []


@pytest.mark.parametrize(
    "rules",
    [
        '{"identify": {"title": "\\ud800"}}',
        '{"identify": ' + '{"properties": {"a": ' * 60 + "{}" + "}}" * 60 + "}",
        '{"group": {"const": 1e99999999999999999999}}',
    ],
)
def test_rules_that_cannot_be_told_again(legacy: Legacy, rules: str) -> None:
    body = f'{{"tracking_plan": {{"display_name": "x", "rules": {rules}}}}}'
    assert legacy.refused("POST", f"{W}/tracking-plans", body) == (400, 3)
    assert legacy.emulator.dump()["workspaces"][0]["trackingPlans"] == []


def test_too_much(legacy: Legacy) -> None:
    body = json.dumps({"source": {"name": "x" * (10 * 1024 * 1024)}})
    assert legacy.refused("POST", f"{W}/sources", body) == (400, 3)
    assert legacy.refused("GET", f"{W}/sources/{'x' * 20_000}") == (400, 3)
    assert legacy.refused("GET", f"{W}/sources/{'x' * 300}") == (404, 5)


ROUGH: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
FIELDS = (
    "name",
    "catalog_name",
    "display_name",
    "enabled",
    "connection_mode",
    "library_config",
    "config",
    "rules",
    "source_name",
    "forwarding_violations_to",
)
WRAPPERS = ("source", "destination", "tracking_plan", "schema_config")
VALUES = ROUGH | st.sampled_from(
    [
        JS,
        f"{W}/sources/new",
        WEBHOOK_NAME,
        f"{JS}/destinations/adjust",
        "catalog/sources/javascript",
        [option(WEBHOOK_NAME, "sharedSecret", "x")],
        {"events": [{"name": "A", "rules": {"properties": {"a": 1}}}], "identify": {"a": 1}},
    ]
)
OBJECTS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5)
MASKS = st.lists(
    st.builds("{}.{}".format, st.sampled_from(WRAPPERS), st.sampled_from(FIELDS)), max_size=3
)
BODIES: st.SearchStrategy[Any] = (
    st.fixed_dictionaries(
        dict.fromkeys(WRAPPERS, OBJECTS), optional={"update_mask": st.builds(dict, paths=MASKS)}
    )
    | OBJECTS
    | ROUGH
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_breaks_the_face(data: st.DataObject) -> None:
    emulator = Emulator(ids=1)
    legacy, api = Legacy(emulator), Api(emulator)
    legacy.source()
    legacy.destination()
    api.destination(api.get("/sources")["sources"][0]["id"], AMPLITUDE)
    plan = legacy.plan(events=[{"name": "A", "rules": {}}])["name"].rpartition("/")[2]
    names = {"workspace": "acme", "source": "js", "destination": "actions-webhook", "plan": plan}
    for _ in range(3):
        operation = data.draw(st.sampled_from(routes())).operation
        path = operation.path.removeprefix("/v1beta/")
        for name in operation.parameters:
            path = path.replace(f"{{{name}}}", names.get(name, "javascript"))
        body = None if operation.reads else json.dumps(data.draw(BODIES))
        query = data.draw(
            st.dictionaries(st.sampled_from(["page_size", "page_token"]), st.text(max_size=4))
        )
        answer = legacy.send(operation.method, path, body, params=query)
        assert answer.status_code in {200, 400, 404, 409}, answer.text
        if answer.status_code > 200:
            refusal(answer)
    # What came of it is a state that the Public API can show and a snapshot can hold.
    for name in ("sources", "destinations", "tracking-plans"):
        api.get(f"/{name}")
    assert emulator.checks.violations == []
    assert Emulator(seed=emulator.dump()).dump() == emulator.dump()


# What is told


def test_the_page_tells_of_it() -> None:
    text = page()
    for route in routes():
        assert f"`{route.operation.id}`" in text
        assert route.public.id in operations()
    assert {fact.badge for fact in FACTS} <= set(BADGES)
    assert len({(fact.topic, fact.what) for fact in FACTS}) == len(FACTS)
    assert all(f"| {fact.topic} | {fact.what} | {fact.badge} |" in text for fact in FACTS)
