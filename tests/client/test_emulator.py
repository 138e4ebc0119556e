"""The client against the emulator, in process: the same wire, an independent other side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from segform import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    NotFoundError,
    ResponseDecodeError,
    Segment,
    ServerError,
    WorkspaceMismatchError,
)
from segform_emulator import Emulator

from .stub import Waits


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def client(emulator: Emulator) -> Iterator[Segment]:
    with over(emulator) as made:
        yield made


def over(emulator: Emulator, **options: Any) -> Segment:
    options.setdefault("token", emulator.token)
    made = Segment(transport=emulator.transport(), **options)
    made._sleep = Waits()
    return made


def fault(client: Segment, **what: Any) -> None:
    """Ask the emulator's control plane for a fault."""
    import httpx

    transport = client._link.transport
    assert transport is not None
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as control:
        control.post("/_emulator/faults", json=what).raise_for_status()


def first_kind(client: Segment) -> str:
    return next(client.catalog.sources.list())["id"]


def test_a_source_from_its_creation_to_its_end(client: Segment) -> None:
    source = client.sources.create(slug="web", enabled=True, metadata_id=first_kind(client))
    assert source["slug"] == "web"
    client.sources.update(source["id"], name="Web")
    again = client.sources.get(source["id"])
    assert (again.get("name"), again["slug"], again["enabled"]) == ("Web", "web", True)
    assert [found["id"] for found in client.sources.list()] == [source["id"]]
    client.sources.delete(source["id"])
    with pytest.raises(NotFoundError) as caught:
        client.sources.get(source["id"])
    assert caught.value.errors[0].type
    assert source["id"] in caught.value.path


def test_lists_of_several_pages(client: Segment) -> None:
    kind = first_kind(client)
    made = [
        client.sources.create(slug=f"s{number}", enabled=True, metadata_id=kind)["id"]
        for number in range(7)
    ]
    before = client.requests_sent
    assert sorted(source["id"] for source in client.sources.list(count=3)) == sorted(made)
    assert client.requests_sent - before == 3


def test_rule_versions_survive_exactly(client: Segment) -> None:
    plan = client.tracking_plans.create(name="Shop", type="LIVE")["id"]
    versions: list[Decimal | int] = [Decimal("1.1"), Decimal("0.1"), 9007199254740993]
    client.tracking_plans.rules.update(
        plan,
        rules=[
            {"type": "TRACK", "key": f"E{n}", "version": version, "jsonSchema": {"type": "object"}}
            for n, version in enumerate(versions)
        ],
    )
    found = {rule.get("key"): rule["version"] for rule in client.tracking_plans.rules.list(plan)}
    assert found == {f"E{n}": version for n, version in enumerate(versions)}
    assert {type(version) for version in found.values()} == {int, Decimal}
    client.tracking_plans.rules.remove(
        plan, rules=[{"type": "TRACK", "key": "E0", "version": versions[0]}]
    )
    left = {rule.get("key") for rule in client.tracking_plans.rules.list(plan)}
    assert left == {"E1", "E2"}


def test_a_wrong_token(emulator: Emulator) -> None:
    with over(emulator, token="not-a-token") as made, pytest.raises(AuthenticationError) as caught:
        made.workspaces.get()
    assert "not-a-token" not in str(caught.value)


def test_the_pin(emulator: Emulator, client: Segment) -> None:
    slug = client.workspaces.get()["slug"]
    with over(emulator, workspace=slug) as made:
        assert list(made.labels.list()) is not None
    with over(emulator, workspace="elsewhere") as made, pytest.raises(WorkspaceMismatchError):
        made.sources.delete("anything")


LOST = [
    ("drop_after_commit", APIConnectionError, True),
    ("disconnect", APIConnectionError, False),
    ("error_before", ServerError, False),
    ("error_after", ServerError, True),
    ("html", ServerError, False),
    ("truncated", ResponseDecodeError, True),
]


@pytest.mark.parametrize("kind", [kind for kind, _, _ in LOST])
def test_a_create_of_what_is_unique_is_settled_by_looking(client: Segment, kind: str) -> None:
    metadata_id = first_kind(client)
    fault(client, kind=kind, operation="createSource")
    made = client.sources.create(slug="web", metadata_id=metadata_id)
    assert made["slug"] == "web"
    assert [source["id"] for source in client.sources.list()] == [made["id"]]


@pytest.mark.parametrize(("kind", "error", "exists"), LOST)
def test_a_create_whose_answer_is_lost(
    client: Segment, kind: str, error: type[Exception], exists: bool
) -> None:
    other = client.tracking_plans.create(name="Other", type="LIVE")
    fault(client, kind=kind, operation="createTrackingPlan")
    with pytest.raises(error) as caught:
        client.tracking_plans.create(name="Shop", type="LIVE")
    assert isinstance(caught.value, APIError)
    assert caught.value.ambiguous is True
    there = [one for one in client.tracking_plans.list() if one["id"] != other["id"]]
    assert len(there) == exists
    assert [one["id"] for one in caught.value.candidates or ()] == [one["id"] for one in there]
    assert ("these look like it" in str(caught.value)) is exists


def test_what_another_made_meanwhile_is_not_taken_for_ours(client: Segment) -> None:
    kinds = [entry["id"] for entry in client.catalog.sources.list()]
    client.sources.create(slug="web", metadata_id=kinds[0])
    fault(client, kind="error_before", operation="createSource")
    with pytest.raises(ServerError, match="look like it") as caught:
        client.sources.create(slug="web", metadata_id=kinds[1])
    assert [one["slug"] for one in caught.value.candidates or ()] == ["web"]


def test_what_another_made_just_the_same_is_taken_for_ours(client: Segment) -> None:
    """Nobody can tell it from what was asked for: the service keeps no second one of the slug."""
    kind = first_kind(client)
    before = client.sources.create(slug="web", metadata_id=kind)
    fault(client, kind="error_before", operation="createSource")
    assert client.sources.create(slug="web", metadata_id=kind)["id"] == before["id"]


def test_a_source_gets_its_name_by_a_second_request(client: Segment) -> None:
    kind = first_kind(client)
    before = client.requests_sent
    made = client.sources.create(slug="web", name="Web shop", metadata_id=kind)
    assert (made.get("name"), client.requests_sent - before) == ("Web shop", 2)
    fault(client, kind="error_before", status=422, operation="updateSource")
    with pytest.raises(APIError, match="only its name was not set"):
        client.sources.create(slug="ios", name="iOS", metadata_id=kind)
    assert {one["slug"] for one in client.sources.list()} == {"web", "ios"}


def test_a_warehouse_has_its_name_where_one_looks_for_it(client: Segment) -> None:
    kind = next(client.catalog.warehouses.list())["id"]
    made = client.warehouses.create(
        metadata_id=kind, settings={"name": "Lake", "host": "h", "password": "secret-password"}
    )
    assert made["name"] == "Lake"
    assert client.warehouses.get(made["id"])["name"] == "Lake"
    assert [one["name"] for one in client.warehouses.list()] == ["Lake"]
    # The API refuses a change without settings; nobody has to know.
    changed = client.warehouses.update(made["id"], enabled=False)
    assert (changed["enabled"], changed["name"]) == (False, "Lake")


@pytest.mark.parametrize(
    "kind", ["drop_after_commit", "disconnect", "error_before", "error_after", "html", "truncated"]
)
def test_reads_and_repeatable_writes_get_through(client: Segment, kind: str) -> None:
    source = client.sources.create(slug="web", enabled=True, metadata_id=first_kind(client))
    fault(client, kind=kind, operation="listSources")
    assert len(list(client.sources.list())) == 1
    fault(client, kind=kind, operation="updateSource")
    assert client.sources.update(source["id"], name="New").get("name") == "New"
