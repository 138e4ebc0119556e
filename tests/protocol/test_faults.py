"""Whatever goes wrong on the wire: Terraform's rules hold, and the next run makes it whole.

Each fault strikes one kind of request of a create of all kinds, of updates, and of a destroy; the
run may end with an error, never with a broken rule (`CoreError`); then everything is there once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from segform_emulator import Emulator

from .conftest import Start
from .core import Core, DiagnosticsError
from .shop import OBJECT, shop

FAULTS = (
    "disconnect",
    "drop_after_commit",
    "error_before",
    "error_after",
    "html",
    "truncated",
    "shifted_page",
    "missing_from_page",
)
OPERATIONS = (
    "createLabel",
    "createSource",
    "updateSource",
    "replaceLabelsInSource",
    "createDestination",
    "createFilterForDestination",
    "createTrackingPlan",
    "updateRulesInTrackingPlan",
    "getTrackingPlan",
    "addSourceToTrackingPlan",
    "updateSchemaSettingsInSource",
)
# What hangs on a source by itself; the others are struck below.
OTHERS = (
    "destination_subscription",
    "transformation",
    "warehouse",
    "source_warehouse_connection",
    "profiles_warehouse",
    "function",
    "insert_function_instance",
    "reverse_etl_model",
    "user",
    "user_group",
    "tracking_plan_rule",
    "source_schema_settings",
)
SMALL = shop(OTHERS)
for _address in [at for at in SMALL if at.endswith((".app", ".shared"))]:
    del SMALL[_address]
CHANGED = shop(
    OTHERS,
    source={"name": "Shop", "labels": []},
    destination={"enabled": False},
    destination_filter={"title": "Other"},
    tracking_plan={"description": "New", "rules_by_key": {"IDENTIFY": {"json_schema": OBJECT}}},
    source_tracking_plan_connection={
        "schema_settings": {"track": {"allow_unplanned_events": True}}
    },
)
for _address in [at for at in CHANGED if at.endswith((".app", ".shared"))]:
    del CHANGED[_address]


def _try(apply: Callable[[], object]) -> None:
    """It may end with an error, which says nothing of secrets."""
    with contextlib.suppress(DiagnosticsError):
        try:
            apply()
        except DiagnosticsError as problem:
            if "hush" in str(problem):
                pytest.fail("a secret is in a diagnostic")
            raise


def _whole(core: Core, emulator: Emulator) -> None:
    emulator.faults.waiting.clear()
    core.apply(SMALL)
    assert core.plan(SMALL) == []
    held = emulator.dump()["workspaces"][0]
    for family in ("sources", "destinations", "filters", "trackingPlans", "labels"):
        assert len(held[family]) == 1, family
    [plan] = held["trackingPlans"]
    assert (len(plan["rules"]), len(plan["sourceIds"])) == (3, 1)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "count", [pytest.param(1, id="once"), pytest.param(100, id="lasting", marks=pytest.mark.full)]
)
def test_creates(core: Core, emulator: Emulator, kind: str, operation: str, count: int) -> None:
    emulator.fault(kind, operation=operation, count=count)
    _try(lambda: core.apply(SMALL))
    _whole(core, emulator)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "GET"])
@pytest.mark.parametrize(
    "count", [pytest.param(1, id="once"), pytest.param(100, id="lasting", marks=pytest.mark.full)]
)
def test_updates(core: Core, emulator: Emulator, kind: str, method: str, count: int) -> None:
    core.apply(SMALL)
    emulator.fault(kind, method=method, count=count)
    _try(lambda: core.apply(CHANGED))
    emulator.faults.waiting.clear()
    core.apply(CHANGED)
    assert core.plan(CHANGED) == []
    _whole(core, emulator)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("method", ["DELETE", "GET"])
def test_destroys(start: Start, emulator: Emulator, kind: str, method: str) -> None:
    core = start(protect=[])
    core.apply(SMALL)
    emulator.fault(kind, method=method, after=2, count=3)
    _try(core.destroy)
    emulator.faults.waiting.clear()
    core.destroy()
    held = emulator.dump()["workspaces"][0]
    assert not any(held[f] for f in ("sources", "destinations", "trackingPlans", "labels"))


def test_faults_do_strike(core: Core, emulator: Emulator) -> None:
    """Else all of the above would prove nothing."""
    for kind, words in (("disconnect", "connection"), ("html", "502"), ("error_before", "500")):
        emulator.fault(kind, operation="createLabel", count=100)
        with pytest.raises(DiagnosticsError, match=words):
            core.apply(SMALL)
        emulator.faults.waiting.clear()


OTHER_OPERATIONS = (
    "createDestinationSubscription",
    "updateSubscriptionForDestination",
    "createTransformation",
    "createWarehouse",
    "addConnectionFromSourceToWarehouse",
    "createProfilesWarehouse",
    "createFunction",
    "createInsertFunctionInstance",
    "createReverseEtlModel",
    "createInvites",
    "createUserGroup",
    "replacePermissionsForUserGroup",
    "replaceUsersInUserGroup",
    "updateRulesInTrackingPlan",
)
FAMILIES = {
    "subscriptions": 1,
    "transformations": 1,
    "warehouses": 1,
    "profilesWarehouses": 1,
    "functions": 1,
    "insertFunctionInstances": 1,
    "reverseEtlModels": 1,
    "invites": 1,
    "groups": 1,
    "sources": 2,
}


@pytest.mark.parametrize("kind", ["drop_after_commit", "error_before", "error_after", "truncated"])
@pytest.mark.parametrize("operation", OTHER_OPERATIONS)
@pytest.mark.parametrize(
    "count", [pytest.param(1, id="once"), pytest.param(100, id="lasting", marks=pytest.mark.full)]
)
def test_creates_of_the_others(
    core: Core, emulator: Emulator, kind: str, operation: str, count: int
) -> None:
    emulator.fault(kind, operation=operation, count=count)
    _try(lambda: core.apply(shop()))
    emulator.faults.waiting.clear()
    core.apply(shop())
    assert core.plan(shop()) == []
    held = emulator.dump()["workspaces"][0]
    assert {family: len(held[family]) for family in FAMILIES} == FAMILIES
    assert held["groups"][0]["members"] == ["Ann@shop.example"]
