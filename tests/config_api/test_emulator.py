"""The legacy client against the emulator's legacy face: an independent other side of the wire."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

import segform
from segform.api.types import InvitePermission
from segform.config_api import ConfigAPI
from segform_emulator import Emulator

from .both import JS, WEBHOOK, async_legacy, legacy, public, state


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def client(emulator: Emulator) -> Iterator[ConfigAPI]:
    with legacy(emulator) as made:
        yield made


def _values(destination: Any) -> dict[str, Any]:
    return {one["name"].rpartition("/")[2]: one["value"] for one in destination["config"]}


def test_a_source_from_its_creation_to_its_end(client: ConfigAPI, emulator: Emulator) -> None:
    made = client.sources.create(
        "js",
        catalog_name="javascript",
        display_name="Web",
        library_config={"retry_queue": True, "api_host": "t.acme.example"},
    )
    assert (made["name"], made["display_name"]) == (JS, "Web")
    assert made["catalog_name"] == "catalog/sources/javascript"
    assert made["library_config"]["retry_queue"] is True
    assert client.sources.get("js") == made
    assert list(client.sources.list()) == [made]
    assert [one["slug"] for one in public(emulator).sources.list()] == ["js"]
    client.sources.delete("js")
    with pytest.raises(segform.NotFoundError) as caught:
        client.sources.get("js")
    assert caught.value.errors[0].type == "NOT_FOUND"


def test_a_destination_from_its_creation_to_its_end(client: ConfigAPI, emulator: Emulator) -> None:
    client.sources.create("js", catalog_name="javascript")
    name = f"{JS}/destinations/amplitude"
    made = client.destinations.create(
        name, connection_mode="CLOUD", config={"batchEvents": True, "endpoint": "eu"}
    )
    assert (made["name"], made["enabled"], made["connection_mode"]) == (name, False, "CLOUD")
    assert _values(made)["endpoint"] == "eu"
    after = client.destinations.update(name, enabled=True, config={"batchEvents": False})
    assert after["enabled"] is True
    # What is not named stays.
    assert (_values(after)["batchEvents"], _values(after)["endpoint"]) == (False, "eu")
    assert after["connection_mode"] == "CLOUD"
    assert client.destinations.get(name) == after
    assert list(client.destinations.list("js")) == [after]
    client.destinations.delete(name)
    assert state(emulator)["destinations"] == []


def test_three_states(client: ConfigAPI) -> None:
    """Not given: it stays. A value: it is set. Null, or a path alone: it is emptied."""
    client.sources.create("js", catalog_name="javascript")
    name = f"{JS}/destinations/amplitude"
    client.destinations.create(name, display_name="Amp", connection_mode="CLOUD")
    after = client.destinations.update(name, enabled=True)
    assert (after["display_name"], after["connection_mode"]) == ("Amp", "CLOUD")
    after = client.destinations.update(name, display_name="Other", enabled=segform.NOT_GIVEN)
    assert (after["display_name"], after["enabled"]) == ("Other", True)
    after = client.destinations.update(name, mask=["display_name", "enabled"])
    assert (after["display_name"], after["enabled"]) == ("", False)
    client.destinations.update(name, config={"endpoint": "eu"})
    after = client.destinations.update(name, config={"endpoint": None})
    assert _values(after)["endpoint"] == ""


def test_a_tracking_plan_and_its_connections(client: ConfigAPI, emulator: Emulator) -> None:
    client.sources.create("js", catalog_name="javascript")
    schema = {"type": "object", "properties": {"traits": {"type": "object"}}}
    made = client.tracking_plans.create(
        display_name="Shop",
        rules={
            "identify": schema,
            "events": [{"name": "Order", "description": "An order", "rules": schema}],
        },
    )
    plan = made["name"]
    assert client.tracking_plans.get(plan.rpartition("/")[2]) == made
    connected = client.tracking_plans.sources.create(plan, "js")
    assert connected["source_name"] == JS
    assert list(client.tracking_plans.sources.list(plan)) == [connected]
    renamed = client.tracking_plans.update(plan, display_name="Store")
    assert renamed["display_name"] == "Store"
    assert [one["name"] for one in renamed["rules"]["events"]] == ["Order"]
    events = client.tracking_plans.update(
        plan, rules={"events": []}, mask=["tracking_plan.rules.events"]
    )
    assert events["rules"]["events"] == []
    assert events["rules"]["identify"]["properties"]
    client.tracking_plans.sources.delete(plan, JS)
    assert list(client.tracking_plans.sources.list(plan)) == []
    client.tracking_plans.delete(plan)
    assert state(emulator)["trackingPlans"] == []


def test_schema_settings(client: ConfigAPI, emulator: Emulator) -> None:
    for slug in ("js", "errors"):
        client.sources.create(slug, catalog_name="javascript")
    before = client.schema_config.get("js")
    after = client.schema_config.update(
        "js", allow_unplanned_track_events=False, forwarding_violations_to="errors"
    )
    assert after == {
        **before,
        "allow_unplanned_track_events": False,
        "forwarding_violations_to": "errors",
    }
    mine, target = state(emulator)["sources"]
    assert mine["schemaSettings"]["forwardingViolationsTo"] == target["id"]
    assert (
        client.schema_config.update("js", forwarding_violations_to="")["forwarding_violations_to"]
        == ""
    )


def test_filters_are_read(client: ConfigAPI, emulator: Emulator) -> None:
    client.sources.create("js", catalog_name="javascript")
    client.destinations.create(WEBHOOK)
    with public(emulator) as segment:
        destination = next(segment.destinations.list())
        segment.destination_filters.create(
            destination["id"],
            source_id=next(segment.sources.list())["id"],
            if_="type = 'track'",
            actions=[{"type": "DROP_PROPERTIES", "fields": {"properties": ["email"]}}],
            title="No mail",
            enabled=True,
        )
    found = list(client.destination_filters.list(WEBHOOK))
    assert [one["title"] for one in found] == ["No mail"]
    assert found[0]["actions"] == [
        {"type": "blacklist_fields", "fields": {"properties": {"fields": ["email"]}}}
    ]
    assert client.destination_filters.get(found[0]["name"]) == found[0]
    with pytest.raises(segform.NotFoundError):
        client.destination_filters.get(f"{WEBHOOK}/filters/df_none")


def test_the_workspace_and_its_catalogue(client: ConfigAPI) -> None:
    assert client.workspaces.get()["name"] == "workspaces/acme"
    assert [one["name"] for one in client.workspaces.list()] == ["workspaces/acme"]
    entry = client.catalog.destinations.get("amplitude")
    assert entry in list(client.catalog.destinations.list(count=7))
    assert client.catalog.sources.get("go")["name"] == "catalog/sources/go"
    assert len(list(client.catalog.sources.list(limit=3))) == 3


def test_lists_of_several_pages(client: ConfigAPI, emulator: Emulator) -> None:
    emulator.seed(sources=7)
    before = client.requests_sent
    found = [one["name"] for one in client.sources.list(count=3)]
    assert len(set(found)) == 7
    assert client.requests_sent - before == 3
    assert [one["name"] for one in client.sources.list(count=3, limit=4)] == found[:4]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, segform.BadRequestError),
        (401, segform.AuthenticationError),
        (403, segform.PermissionDeniedError),
        (404, segform.NotFoundError),
        (409, segform.ConflictError),
        (429, segform.RateLimitError),
        (500, segform.ServerError),
        (501, segform.ServerError),
        (503, segform.ServerError),
    ],
)
def test_a_class_for_every_code(
    emulator: Emulator, status: int, kind: type[segform.APIStatusError]
) -> None:
    """Made by the service's face, not by a script."""
    emulator.fault("error_before", operation="legacy.listSources", status=status, count=9)
    with legacy(emulator) as client, pytest.raises(kind) as caught:
        list(client.with_options(attempts=1).sources.list())
    assert caught.value.status_code == status
    assert caught.value.errors[0].data
    assert emulator.token not in str(caught.value)


def test_refusals_that_come_by_themselves(client: ConfigAPI, emulator: Emulator) -> None:
    client.sources.create("js", catalog_name="javascript")
    with pytest.raises(segform.ConflictError):
        client.sources.create("js", catalog_name="javascript")
    with pytest.raises(segform.BadRequestError, match="catalog/sources/nothing"):
        client.sources.create("other", catalog_name="nothing")
    with legacy(emulator, "member") as member, pytest.raises(segform.PermissionDeniedError):
        member.sources.delete("js")
    with legacy(emulator, "revoked") as revoked, pytest.raises(segform.AuthenticationError):
        revoked.sources.get("js")
    with legacy(emulator, workspace="umbrella") as other, pytest.raises(segform.NotFoundError):
        list(other.sources.list())
    elsewhere = client.with_options(attempts=1)
    elsewhere._session.config.url += "/elsewhere"  # a path that nobody answers
    with pytest.raises(segform.ServerError) as caught:
        list(elsewhere.users.list())
    assert caught.value.errors[0].type == "UNIMPLEMENTED"


def test_a_create_whose_answer_is_lost_is_not_repeated(emulator: Emulator) -> None:
    emulator.fault("drop_after_commit", operation="legacy.createSource")
    with legacy(emulator) as client:
        with pytest.raises(segform.APIConnectionError) as caught:
            client.sources.create("js", catalog_name="javascript")
        assert caught.value.ambiguous
        # Names are unique: whether it was carried out is one read away.
        assert client.sources.get("js")["name"] == JS
    assert len(state(emulator)["sources"]) == 1


def test_pacing_keeps_below_the_limit(emulator: Emulator) -> None:
    """250 reads under 200 a minute: the client waits, and no 429 is ever seen."""
    emulator.limits.configure({"enforce": True})
    emulator.seed(sources=1)
    waits: list[float] = []
    with legacy(emulator) as client:

        def wait(seconds: float) -> None:
            waits.append(seconds)
            emulator.clock.advance(seconds)

        client._sleep = wait
        for _ in range(250):
            client.workspaces.get()
    statuses = [one["status"] for one in emulator.recorder.entries]
    assert statuses == [200] * 250
    assert waits


def test_a_429_is_waited_for(emulator: Emulator) -> None:
    """A limit that others have used up: the client goes on in the next window."""
    emulator.limits.configure({"enforce": True, "operations": {"legacy": 2}})
    waits: list[float] = []
    with legacy(emulator) as client:

        def wait(seconds: float) -> None:
            waits.append(seconds)
            emulator.clock.advance(seconds)

        client._sleep = wait
        for _ in range(5):
            assert client.workspaces.get()["name"] == "workspaces/acme"
    assert 429 in [one["status"] for one in emulator.recorder.entries]
    # The answers do not say how long: a quarter of the minute each time.
    assert all(14.9 < seconds < 16.1 for seconds in waits)


def test_awaited(emulator: Emulator) -> None:
    async def run() -> None:
        async with async_legacy(emulator) as client:
            await client.sources.create("js", catalog_name="javascript")
            made = await client.destinations.create(WEBHOOK, config={"sharedSecret": "s3cr3t-key"})
            assert _values(made)["sharedSecret"].startswith("•")
            await client.destinations.update(WEBHOOK, enabled=True)
            plan = await client.tracking_plans.create(display_name="Shop")
            await client.tracking_plans.sources.create(plan["name"], "js")
            assert [one["name"] async for one in client.sources.list()] == [JS]
            with pytest.raises(segform.NotFoundError):
                await client.sources.get("other")

    asyncio.run(run())
    held = state(emulator)
    assert held["destinations"][0]["settings"]["sharedSecret"] == "s3cr3t-key"
    assert held["destinations"][0]["enabled"] is True
    assert held["trackingPlans"][0]["sourceIds"] == [held["sources"][0]["id"]]


def test_over_a_socket(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user has it: from the environment alone, with real connections."""
    monkeypatch.setenv("SEGMENT_CONFIG_API_TOKEN", emulator.token)
    monkeypatch.setenv("SEGMENT_WORKSPACE", "acme")
    with emulator.serve() as server:
        monkeypatch.setenv("SEGMENT_CONFIG_API_URL", server.url)
        with ConfigAPI() as client:
            made = client.sources.create("js", catalog_name="javascript")
            assert client.sources.get("js") == made
            with pytest.raises(segform.NotFoundError):
                client.sources.get("other")
            client.sources.delete("js")
    assert state(emulator)["sources"] == []


def test_the_token_is_in_no_log(
    emulator: Emulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGMENT_LOG", "debug")
    with caplog.at_level(logging.DEBUG), legacy(emulator) as client:
        client.sources.create("js", catalog_name="javascript")
        client.destinations.create(WEBHOOK, config={"sharedSecret": "s3cr3t-key"})
        with pytest.raises(segform.NotFoundError) as caught:
            client.sources.get("other")
        shown = f"{client!r} {caught.value!r} {caught.value} {client.sources!r}"
    assert "legacy.createDestination" in caplog.text
    for secret in (emulator.token, "s3cr3t-key"):
        assert secret not in caplog.text
        assert secret not in shown


def test_faults_of_the_wire(emulator: Emulator) -> None:
    """Whatever stands between: reads are repeated, and what remains is an error of ours."""
    emulator.seed(sources=2)
    for kind in ("drop_after_commit", "truncated", "html"):
        emulator.fault(kind, operation="legacy.listSources")
        with legacy(emulator) as client:
            assert len(list(client.sources.list())) == 2
            assert client.requests_sent == 2


def test_a_late_answer(emulator: Emulator) -> None:
    emulator.fault("slow", operation="legacy.listSources", seconds=5, count=9)
    with legacy(emulator, timeout=0.5) as client, pytest.raises(segform.APITimeoutError):
        list(client.sources.list())


def test_middleware_and_suffix(emulator: Emulator) -> None:
    seen: list[str] = []

    def spy(request: Any, send: Any) -> Any:
        seen.append(request.operation.id)
        return send(request)

    with legacy(emulator, middleware=[spy], user_agent_suffix="acme/1") as client:
        client.workspaces.get()
    assert seen == ["legacy.getWorkspace"]


def test_the_face_is_not_ours() -> None:
    """The emulator knows nothing of the client: what agrees agrees by the wire."""
    import subprocess
    import sys

    code = (
        "import sys, segform_emulator.legacy; "
        "assert not [m for m in sys.modules if m == 'segform' or m.startswith('segform.')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONSAFEPATH": "1"})


# Over what the Public API wrote


def test_functions_of_a_type(client: ConfigAPI, emulator: Emulator) -> None:
    api = public(emulator)
    made = api.functions.create(
        code="async function onRequest() {}", display_name="Receive", resource_type="SOURCE"
    )
    api.functions.create(code="// two", display_name="Send", resource_type="DESTINATION")
    (listed,) = client.functions.list(type="SOURCE")
    assert listed.get("id") == made.get("id")
    assert (listed.get("display_name"), listed.get("type")) == ("Receive", "SOURCE")
    assert client.functions.get(str(made.get("id"))) == listed
    assert listed.get("code") == "async function onRequest() {}"
    assert list(client.functions.list(type="INSERT_SOURCE")) == []
    with pytest.raises(segform.BadRequestError, match="type"):
        list(client.functions.list(type="OTHER"))
    with pytest.raises(segform.NotFoundError):
        client.functions.get("sfnc_none")


def test_people_and_what_they_may(client: ConfigAPI, emulator: Emulator) -> None:
    api = public(emulator)
    roles = {one["name"]: one["id"] for one in api.roles.list()}
    member: InvitePermission = {"roleId": roles["Workspace Member"], "resources": []}
    api.users.invites.create(invites=[{"email": "mona@shop.example", "permissions": [member]}])
    (invite,) = client.invites.list()
    assert invite.get("name") == "workspaces/acme/invites/mona@shop.example"
    users = list(client.users.list())
    assert [one.get("email") for one in users] == [one["email"] for one in api.users.list()]
    assert all(one["name"].startswith("users/") for one in users)
    names = [str(one.get("name")) for one in client.roles.list(count=5)]
    assert names == [f"workspaces/acme/roles/{one}" for one in roles.values()]
    policies = [str(one.get("name")) for one in client.policies.list()]
    assert len(policies) == len(users)
    owner = f"workspaces/acme/roles/{roles['Workspace Owner']}/policies/"
    assert policies[0] == owner + users[0]["name"].removeprefix("users/")


def test_regulations(client: ConfigAPI, emulator: Emulator) -> None:
    """Made by the Public API, listed by status and type, and followed by the clock."""
    client.sources.create("js", catalog_name="javascript")
    client.destinations.create(WEBHOOK)
    api = public(emulator)
    made = [
        api.deletion_and_suppression.create(
            regulation_type=kind, subject_type="USER_ID", subject_ids=["u1", "u2"]
        )
        for kind in ("SUPPRESS_ONLY", "DELETE_ONLY")
    ]
    first, second = client.regulations.list(count=1)
    assert [first["regulate_id"], second["regulate_id"]] == made
    assert first.get("attributes") == {"name": "userId", "values": ["u1", "u2"]}
    assert (first.get("status"), "finished_at" in first) == ("initialized", False)
    assert list(client.regulations.list(regulation_types=["Delete"])) == [second]
    both = ["Delete", "Suppress"]
    assert list(client.regulations.list(regulation_types=both)) == [first, second]
    assert list(client.regulations.list(status="finished")) == []
    one = client.regulations.get(made[1])
    assert one["overall_status"] == "initialized"
    (stream,) = one.get("stream_status", [])
    assert [x["status"] for x in stream["destination_status"]] == ["initialized"]
    assert stream["destination_status"][0]["finished_at"] == "0001-01-01T00:00:00Z"
    emulator.clock.advance(7 * 86400)
    assert [x["regulate_id"] for x in client.regulations.list(status="finished")] == made
    after = client.regulations.get(made[1])
    assert after["overall_status"] == "finished"
    assert after.get("finished_at")
    with pytest.raises(segform.NotFoundError):
        client.regulations.get("none")
    with pytest.raises(segform.BadRequestError, match="status is one of"):
        list(client.regulations.list(status="over"))
    with pytest.raises(segform.BadRequestError, match="regulation_types are of"):
        list(client.regulations.list(regulation_types=["Forget"]))

    async def run() -> list[Any]:
        async with async_legacy(emulator) as other:
            listed: list[Any] = [x async for x in other.regulations.list(status="finished")]
            return [*listed, await other.regulations.get(made[1])]

    assert asyncio.run(run()) == [*client.regulations.list(status="finished"), after]


def test_people_for_asyncio(client: ConfigAPI, emulator: Emulator) -> None:
    async def run() -> list[Any]:
        async with async_legacy(emulator) as made:
            listed: list[Any] = [one async for one in made.users.list()]
            listed += [one async for one in made.policies.list()]
            return listed

    assert asyncio.run(run()) == [*client.users.list(), *client.policies.list()]
