"""What is odd about the API, and that a caller need not know: quirk by quirk.

Others have tests of their own: the name of a new source and of a warehouse, and a warehouse's PATCH
without settings (`test_emulator`); masks (`test_secrets`); both forms of moments (`test_moments`);
cursors that are null, absent or numbers (`test_paging`); exact numbers (`test_sending`).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from segform import APIError, NotFoundError, PermissionDeniedError, Segment
from segform.contract import operation
from segform.transport.lately import KNOWN_AFTER, PAUSES, Lately
from segform_emulator import Emulator

from .stub import TOKEN, Script, Waits, no, ok
from .test_emulator import first_kind, over


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def client(emulator: Emulator) -> Iterator[Segment]:
    with over(emulator) as made:
        yield made


def test_a_create_is_a_create_whether_it_answers_200_or_201(client: Segment) -> None:
    source = client.sources.create(slug="web", metadata_id=first_kind(client))
    plan = client.tracking_plans.create(name="Shop", type="LIVE")
    group = client.groups.create(name="Analysts")
    assert all((source["id"], plan["id"], group["id"]))
    assert {operation(one).status for one in ("createSource", "createTrackingPlan")} == {200, 201}


def test_either_status_will_do_for_either() -> None:
    """A service that answers 200 where 201 is documented is understood all the same."""
    for status in (200, 201):
        script = Script(ok(status, source={"id": "s"}), ok(status, trackingPlan={"id": "p"}))
        with Segment(TOKEN, transport=httpx.MockTransport(script)) as made:
            assert made.sources.create(slug="web", metadata_id="m")["id"] == "s"
            assert made.tracking_plans.create(name="n", type="LIVE")["id"] == "p"


def test_writes_that_answer_with_a_status_alone_give_nothing(client: Segment) -> None:
    """There is nothing in `{"status": "SUCCESS"}` that could be taken for the object."""
    plan = client.tracking_plans.create(name="Shop", type="LIVE")["id"]
    update: Any = client.tracking_plans.update
    assert update(plan, name="Shop 2") is None
    assert client.tracking_plans.get(plan).get("name") == "Shop 2"


def test_the_two_singular_paths(client: Segment, emulator: Emulator) -> None:
    member = next(client.users.list())["email"]
    group = client.groups.create(name="Analysts")["id"]
    client.groups.users.replace(group, emails=[member])
    client.groups.users.remove(group, emails=[member])
    source = client.sources.create(slug="web", metadata_id=first_kind(client))["id"]
    destination = client.destinations.create(
        source_id=source,
        metadata_id=next(client.catalog.destinations.list())["id"],
        settings={},
    )["id"]
    assert list(client.destination_filters.list(destination)) == []
    paths = {one["operation"]: one["path"] for one in emulator.recorder.entries}
    assert paths["replaceUsersInUserGroup"] == f"/group/{group}/users"
    assert paths["removeUsersFromUserGroup"] == f"/group/{group}/users"
    assert paths["listFiltersFromDestination"] == f"/destination/{destination}/filters"


def test_switches_that_exist_at_creation_only(client: Segment) -> None:
    for family, name in (
        (client.sources, "disconnect_all_warehouses"),
        (client.warehouses, "disconnect_all_sources"),
    ):
        create: Any = family.create
        update: Any = family.update
        assert name in inspect.signature(create).parameters
        assert name not in inspect.signature(update).parameters


def test_a_nested_body_is_given_flat() -> None:
    """The API wants `{"input": {…}}` and `{"label": {…}}`; a caller names the fields."""
    script = Script(ok(subscription={"id": "x"}), ok(201, label={"key": "a"}))
    with Segment(TOKEN, transport=httpx.MockTransport(script)) as made:
        made.destinations.subscriptions.update("d", "s", enabled=False)
        made.labels.create(key="a", value="b")
    assert script.body(0) == {"input": {"enabled": False}}
    assert script.body(1) == {"label": {"key": "a", "value": "b"}}


@pytest.mark.parametrize("lost", [False, True])
def test_an_instance_takes_the_id_that_its_function_has(
    emulator: Emulator, client: Segment, lost: bool
) -> None:
    """Functions are given as `ifnd_…`, and their instances name them without."""
    emulator.seed(sources=1, destinations=1)
    destination = next(client.destinations.list())["id"]
    function: Any = client.functions.create(
        code="async function onTrack(event) {}",
        display_name="Mask",
        resource_type="INSERT_DESTINATION",
    )
    assert function["id"].startswith("ifnd_")
    if lost:
        emulator.fault("drop_after_commit", operation="createInsertFunctionInstance")

    def make() -> Any:
        return client.functions.insert_instances.create(
            function_id=function["id"], integration_id=destination, name="Mask", settings={}
        )

    if lost:
        with pytest.raises(APIError) as caught:
            make()
        made = caught.value.candidates or ()
    else:
        made = (make(),)
    assert [f"ifnd_{one['classId']}" for one in made] == [function["id"]]


def test_a_plan_and_its_rules_are_paged_apart(client: Segment) -> None:
    for number in range(3):
        plan = client.tracking_plans.create(name=f"Plan {number}", type="LIVE")["id"]
    rules: list[Any] = [
        {"type": "TRACK", "key": f"Event {n}", "version": 1, "jsonSchema": {}} for n in range(7)
    ]
    client.tracking_plans.rules.update(plan, rules=rules)
    before = client.requests_sent
    assert len(list(client.tracking_plans.list(count=2))) == 3
    assert client.requests_sent - before == 2
    assert len(list(client.tracking_plans.rules.list(plan, count=3))) == 7
    assert client.requests_sent - before == 5


def test_what_ends_says_when() -> None:
    with Segment(TOKEN) as made:
        for method in (
            made.spaces.messaging_subscriptions.query,
            made.spaces.messaging_subscriptions.replace,
        ):
            assert "Announced to end on 2025-12-15" in " ".join(str(method.__doc__).split())


def test_a_role_that_is_too_small_and_an_id_of_elsewhere_are_told_apart(
    emulator: Emulator, client: Segment
) -> None:
    source = client.sources.create(slug="web", metadata_id=first_kind(client))["id"]
    foreign = over(emulator, token=emulator.tokens["other_workspace"])
    with foreign, pytest.raises(NotFoundError):
        foreign.sources.get(source)
    with over(emulator, token=emulator.tokens["member"]) as member:
        assert member.sources.get(source)["writeKeys"] == []
        with pytest.raises(PermissionDeniedError):
            member.sources.update(source, name="x")


def test_the_slow_endpoints_are_paced_before_they_refuse() -> None:
    """Selective sync takes 2 requests a minute, mappings 5: the next one waits beforehand."""
    page = ok(reports=[], pagination={"current": "x"})
    made_one = ok(destinationSubscription={"id": "x"})
    with Segment(
        TOKEN, transport=httpx.MockTransport(Script(page, page, page, *[made_one] * 6))
    ) as made:
        waits = Waits()
        made._sleep = waits
        for number in range(3):
            list(made.selective_sync.syncs.list("w"))
            assert len(waits.all) == (number > 1)
        for number in range(6):
            made.destinations.subscriptions.create(
                "d", name="n", action_id="a", trigger="t", enabled=True
            )
            assert len(waits.all) == 1 + (number > 4)
    assert all(50 < wait < 61 for wait in waits.all)


# What was made a moment ago


def test_a_plan_that_is_not_known_everywhere_yet_is_connected_all_the_same(
    emulator: Emulator, client: Segment
) -> None:
    source = client.sources.create(slug="web", metadata_id=first_kind(client))["id"]
    plan = client.tracking_plans.create(name="Shop", type="LIVE")["id"]
    emulator.fault("hidden", operation="addSourceToTrackingPlan", count=3)
    client.tracking_plans.sources.add(plan, source_id=source)
    assert client.sources.get(source).get("trackingPlanId") == plan
    waits = client._sleep
    assert isinstance(waits, Waits)
    # On a slow machine a wait for a place under a limit may come between.
    assert [one for one in waits.all if one in PAUSES] == list(PAUSES[:3])


def test_a_new_source_is_connected_to_an_old_plan_all_the_same(
    emulator: Emulator, client: Segment
) -> None:
    plan = client.tracking_plans.create(name="Shop", type="LIVE")["id"]
    client._session.lately = Lately()  # the plan is old
    source = client.sources.create(slug="web", metadata_id=first_kind(client))["id"]
    emulator.fault("hidden", operation="addSourceToTrackingPlan", count=1)
    client.tracking_plans.sources.add(plan, source_id=source)
    assert client.sources.get(source).get("trackingPlanId") == plan


def test_what_stays_unknown_is_an_error_in_the_end(emulator: Emulator, client: Segment) -> None:
    source = client.sources.create(slug="web", metadata_id=first_kind(client))["id"]
    emulator.fault("hidden", operation="addSourceToTrackingPlan", count=0)
    with pytest.raises(NotFoundError) as caught:
        client.tracking_plans.sources.add("tp_x", source_id=source)
    assert caught.value.attempts == len(PAUSES) + 1
    with pytest.raises(NotFoundError) as caught:
        client.with_options(attempts=1).tracking_plans.sources.add("tp_x", source_id=source)
    assert caught.value.attempts == 1


def test_what_was_not_made_here_is_believed_at_once(client: Segment) -> None:
    with pytest.raises(NotFoundError) as caught:
        client.tracking_plans.sources.add("tp_old", source_id="old")
    assert caught.value.attempts == 1
    waits = client._sleep
    assert isinstance(waits, Waits)
    assert waits.all == []


def test_new_is_new_for_a_while() -> None:
    now = [100.0]
    lately = Lately(lambda: now[0])
    create, read = operation("createSource"), operation("getSource")
    lately.add(create, {"source": {"id": "a"}})
    lately.add(read, {"source": {"id": "read"}})
    for odd in ({}, {"source": None}, {"source": {"id": 7}}):
        lately.add(create, odd)
    assert lately.any_of(["x", "a"])
    assert not lately.any_of(["read", "x", None, 7, {}])
    now[0] += KNOWN_AFTER
    assert not lately.any_of(["a"])
    lately.add(create, {"source": {"id": "b"}})
    assert list(lately._made) == ["b"]  # what is old is forgotten


def test_a_failed_call_remembers_nothing() -> None:
    script = Script(no(422), ok(status="SUCCESS"))
    with Segment(TOKEN, transport=httpx.MockTransport(script)) as made:
        with pytest.raises(APIError):
            made.sources.create(slug="web", metadata_id="m")
        assert made._session.lately._made == {}
