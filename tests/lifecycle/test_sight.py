"""What is not found is gone on evidence only: each kind of evidence, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from segform import NotVisibleError, Segment
from segform.lifecycle.guard import Guard
from segform.lifecycle.run import Outcome
from segform.lifecycle.service import Lifecycle
from segform.resources import registry
from segform_emulator.auth import Role

from .configs import PLAN, of, source
from .conftest import Shop

KINDS = list(registry())
# Roles are not limited to single objects of these, so that a 404 of the right workspace is enough.
WHOLE = ("label", "tracking_plan", "user", "user_group")
# Not to be deleted by a request of their own, or always there.
_NO_DELETE = ("source_schema_settings",)


def other(shop: Shop, role: Role | None = None) -> Lifecycle:
    """A new process with another token: an owner's, unless a role is given."""
    token = shop.emulator.auth.add(0, role or Role("second-owner"))
    client = Segment(token, url="https://emulator.example", transport=shop.wire)
    client._sleep = lambda seconds: None
    workspace = shop.emulator.workspaces[0].id
    return Lifecycle(client, workspace=workspace)


def lost(made: Outcome, kind: str, life: Lifecycle) -> Outcome | None:
    private = {**made.private, "workspace": life.workspace}
    return life.read(kind, made.values, private)


def deleted(shop: Shop, kind: str) -> Outcome:
    """An object that somebody made and somebody else deleted."""
    made = shop.create(kind, **of(shop, kind))
    life = Lifecycle(shop.life.client)
    life.delete(kind, made.values, made.private)
    shop.wire.seen.clear()
    return made


def trail(shop: Shop) -> list[str]:
    return [line for line in shop.wire.seen if "audit-events" in line]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in _NO_DELETE])
def test_the_token_that_saw_it_needs_no_other_evidence(shop: Shop, kind: str) -> None:
    made = deleted(shop, kind)
    assert shop.life.read(kind, made.values, made.private) is None
    assert trail(shop) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in _NO_DELETE])
def test_another_token_that_sees_all_learns_that_it_is_gone(shop: Shop, kind: str) -> None:
    made = deleted(shop, kind)
    assert lost(made, kind, other(shop)) is None
    # What hangs below something, and what roles are not limited to, needs no trail.
    assert len(trail(shop)) == bool(registry()[kind].about.limited)


def test_limited_kinds_are_those_that_permissions_name() -> None:
    """The API's permissions name sources, warehouses, spaces and functions; no kind is a space."""
    limited = {name for name, kind in registry().items() if kind.about.limited}
    assert limited == {"source", "warehouse", "function"}
    roots = {
        name
        for name, kind in registry().items()
        if not kind.about.above
        and not any(x.required and (x.reference or x.either) for x in kind.attributes.values())
    }
    assert roots == limited | set(WHOLE)


@pytest.mark.parametrize("kind", ["source", "warehouse", "function"])
def test_a_silent_trail_is_no_evidence(shop: Shop, kind: str) -> None:
    made = deleted(shop, kind)
    shop.emulator.workspaces[0].more["audit_events"].clear()
    with pytest.raises(NotVisibleError, match="nothing says that it was deleted"):
        lost(made, kind, other(shop))


def test_a_trail_that_is_refused_is_asked_once(shop: Shop) -> None:
    made = [deleted(shop, kind) for kind in ("warehouse", "function")]
    life = other(shop)
    shop.wire.cut("audit-events", "refused")
    for one, kind in zip(made, ("warehouse", "function"), strict=True):
        with pytest.raises(NotVisibleError):
            lost(one, kind, life)
    assert len(trail(shop)) == 1


def test_what_went_with_its_parent_is_gone(shop: Shop) -> None:
    made = shop.create("destination_filter", **of(shop, "destination_filter"))
    shop.life.client.request("deleteSource", path={"sourceId": made.values["source_id"]})
    assert lost(made, "destination_filter", other(shop)) is None


@pytest.mark.parametrize("kind", WHOLE)
def test_of_an_unknown_workspace_nothing_is_taken_for_gone(shop: Shop, kind: str) -> None:
    """A state that does not say whose it is, and a token that may be of elsewhere."""
    made = shop.create(kind, **of(shop, kind))
    client = Segment(
        shop.emulator.tokens["other_workspace"],
        url="https://emulator.example",
        transport=shop.wire,
    )
    with pytest.raises(NotVisibleError):
        Lifecycle(client).read(kind, made.values, {})


def blind() -> Role:
    families = frozenset({"sources", "destinations", "destination_filters"})
    return Role("blind", writes=families, label=("environment", "staging"), hides=True)


@pytest.mark.parametrize("kind", ["source", "destination", "destination_filter"])
def test_a_deletion_that_finds_nothing_deletes_nothing_from_the_state(
    shop: Shop, kind: str
) -> None:
    made = shop.create(kind, **of(shop, kind))
    before = shop.emulator.dump()
    life = other(shop, blind())
    with pytest.raises(NotVisibleError):
        life.delete(kind, made.values, {"workspace": life.workspace})
    assert shop.emulator.dump() == before


def test_the_mark_of_a_token_says_nothing_of_it(shop: Shop) -> None:
    made = source(shop)
    mark = made.private["seen_by"]
    assert len(mark) == 16
    assert mark not in shop.emulator.token
    assert other(shop).sight.mark != mark == Lifecycle(shop.life.client).sight.mark


@pytest.mark.parametrize(
    ("labels", "free"),
    [
        ([[("environment", "prod")], []], True),
        ([[("environment", "prod")], [("environment", "dev")]], True),
        ([[("environment", "prod")]], False),
        ([], False),
    ],
)
def test_a_plan_is_free_only_to_who_may_see_all_sources(
    shop: Shop, labels: list[list[tuple[str, str]]], free: bool
) -> None:
    """No source uses it, as far as is seen; a role that is limited to a label sees what has it."""
    for key, value in {pair for one in labels for pair in one}:
        shop.create("label", key=key, value=value)
    for number, one in enumerate(labels):
        pairs = [{"key": key, "value": value} for key, value in one]
        config: dict[str, Any] = {**of_source(number), "labels": pairs}
        shop.create("source", **config)
    plan = shop.create("tracking_plan", **PLAN)
    guard = Guard({"tracking_plan"}, set())
    problem = guard.problem(shop.life, "tracking_plan", plan.values, plan.private, "deleted")
    assert (problem is None) == free
    if problem is not None:
        assert "it may not see all" in problem.message


def of_source(number: int) -> dict[str, Any]:
    return {
        "slug": f"s{number}",
        "enabled": True,
        "metadata": {"id": "IqDTy1TpoU"},
        "settings": "{}",
    }
