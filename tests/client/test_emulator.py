"""The client against the emulator, in process: the same wire, an independent other side."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from segform import (
    APIConnectionError,
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

    transport = client._transport
    assert transport is not None
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as control:
        control.post("/_emulator/faults", json=what).raise_for_status()


def first_kind(client: Segment) -> str:
    return next(client.catalog.list_sources())["id"]


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
    client.tracking_plans.update_rules(
        plan,
        rules=[
            {"type": "TRACK", "key": f"E{n}", "version": version, "jsonSchema": {"type": "object"}}
            for n, version in enumerate(versions)
        ],
    )
    found = {rule.get("key"): rule["version"] for rule in client.tracking_plans.list_rules(plan)}
    assert found == {f"E{n}": version for n, version in enumerate(versions)}
    assert {type(version) for version in found.values()} == {int, Decimal}
    client.tracking_plans.remove_rules(
        plan, rules=[{"type": "TRACK", "key": "E0", "version": versions[0]}]
    )
    left = {rule.get("key") for rule in client.tracking_plans.list_rules(plan)}
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


@pytest.mark.parametrize(
    ("kind", "error", "exists"),
    [
        ("drop_after_commit", APIConnectionError, True),
        ("disconnect", APIConnectionError, False),
        ("error_before", ServerError, False),
        ("error_after", ServerError, True),
        ("html", ServerError, False),
        ("truncated", ResponseDecodeError, True),
    ],
)
def test_a_create_whose_answer_is_lost(
    client: Segment, kind: str, error: type[Exception], exists: bool
) -> None:
    metadata_id = first_kind(client)
    fault(client, kind=kind, operation="createSource")
    with pytest.raises(error) as caught:
        client.sources.create(slug="web", enabled=True, metadata_id=metadata_id)
    assert getattr(caught.value, "ambiguous", None) is True
    assert ([source["slug"] for source in client.sources.list()] == ["web"]) is exists


@pytest.mark.parametrize(
    "kind", ["drop_after_commit", "disconnect", "error_before", "error_after", "html", "truncated"]
)
def test_reads_and_repeatable_writes_get_through(client: Segment, kind: str) -> None:
    source = client.sources.create(slug="web", enabled=True, metadata_id=first_kind(client))
    fault(client, kind=kind, operation="listSources")
    assert len(list(client.sources.list())) == 1
    fault(client, kind=kind, operation="updateSource")
    assert client.sources.update(source["id"], name="New").get("name") == "New"
