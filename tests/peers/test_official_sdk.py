"""Segment's official TypeScript SDK against the emulator: a tour of each of its families.

A tour creates, reads, lists, updates and deletes, and calls every method that the family has. The
SDK is no code of ours and older than the contract: what it asks for and what it requires of answers
cannot have been bent to fit.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from segform_emulator import Emulator
from tests.emulator.api import Api

from . import connections, governance, profiles, reading
from .sdk import OPERATIONS, Sdk, official

pytestmark = pytest.mark.peers

TOURS = {**connections.TOURS, **governance.TOURS, **profiles.TOURS, **reading.TOURS}
# What this SDK (47) has and the API of today (73) has not.
GONE = {
    "createEdgeFunctions",
    "deleteRegulation",
    "disableEdgeFunctions",
    "generateUploadURLForEdgeFunctions",
    "getLatestFromEdgeFunctions",
    "getReverseETLSyncFromModel",
}
# Families of today's API of which this SDK has no operation, and of how many of the others it lacks
# some: named here, so that a newer SDK is noticed.
NEWER_FAMILIES = {
    "activations",
    "credentials",
    "customer_insights",
    "dbt",
    "live_plugins",
    "space_filters",
    "space_schema",
}
NEWER = 48


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Emulator, Sdk]]:
    emulator = Emulator()
    with emulator.serve() as server, official(server.url, emulator.token) as sdk:
        yield emulator, sdk


@pytest.mark.parametrize("family", sorted(TOURS))
def test_tour(running: tuple[Emulator, Sdk], family: str) -> None:
    emulator, sdk = running
    emulator.reset()
    sdk.called.clear()
    TOURS[family](sdk, Api(emulator))
    called = {method for api, method in sdk.called if api == family}
    assert called == set(sdk.methods[family])
    assert emulator.checks.violations == []
    print(f"{family}: {len(called)} operations")


def test_no_family_and_no_operation_is_forgotten(running: tuple[Emulator, Sdk]) -> None:
    _, sdk = running
    assert set(TOURS) == set(sdk.methods)
    methods = {method for family in sdk.methods.values() for method in family}
    assert methods - set(OPERATIONS) == GONE
    covered = set(OPERATIONS) & methods
    assert (len(TOURS), len(covered), len(OPERATIONS) - len(covered)) == (27, 153, NEWER)
    families = {facts["family"] for facts in OPERATIONS.values()}
    assert families - {OPERATIONS[name]["family"] for name in covered} == NEWER_FAMILIES
