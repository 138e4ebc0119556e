"""schemathesis with the contract against the ASGI application, in this process.

It knows nothing of us: from the contract it makes what is right at the edges, what is wrong in
every way that it can think of, and sequences that follow links. No answer may be a fault of the
server, and every answer has a documented status and the documented shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.generation import GenerationMode
from schemathesis.python.asgi import ASGIClient
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)

from segform_emulator import Emulator

from .openapi import UNEXPECTED, document
from .populated import populated
from .sdk import CONTRACT, OPERATIONS

pytestmark = pytest.mark.peers

Record = Callable[[str, object], None]
SHAPES = [status_code_conformance, content_type_conformance, response_schema_conformance]
FAMILIES = sorted({facts["family"] for facts in OPERATIONS.values()})
CASES = 10
# Families whose objects hang together.
SEQUENCES = (
    ("sources", "destinations", "destination_filters"),
    ("sources", "transformations"),
    ("warehouses", "selective_sync"),
    ("tracking_plans",),
    ("functions",),
    ("groups",),
    ("audiences",),
    ("computed_traits", "profiles_sync"),
)


def quiet(cases: int, **more: Any) -> settings:
    """Settings without a clock: nothing here is about speed."""
    return settings(
        max_examples=cases,
        phases=[Phase.generate, Phase.shrink],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        **more,
    )


class Target:
    """An emulator with one object of everything, and schemathesis in front of it."""

    def __init__(self, *only: str) -> None:
        self.snapshot, known = populated()
        self.emulator = Emulator(seed=self.snapshot)
        self.schema = schemathesis.openapi.from_dict(document(CONTRACT, known, only))
        self.schema.app = self.emulator.app
        self.schema.config.generation.with_security_parameters = False
        self.client = ASGIClient(self.emulator.app)
        self.head = {"Authorization": f"Bearer {self.emulator.token}"}
        self.statuses: Counter[int] = Counter()

    def operations(self, family: str) -> Iterator[Any]:
        for found in self.schema.get_all_operations():
            assert not isinstance(found, Err), found
            operation = found.ok()
            if operation.definition.raw["tags"] == [family]:
                yield operation

    def checks(self, operation: Any) -> list[Any]:
        allowed = operation.definition.raw["operationId"] == UNEXPECTED
        return SHAPES if allowed else [not_a_server_error, *SHAPES]

    def send(self, case: Any) -> None:
        """One case, on the workspace as it was at first."""
        self.emulator.seed(self.snapshot)
        answer = case.call(session=self.client, headers=self.head)
        self.statuses[answer.status_code] += 1
        case.validate_response(answer, checks=self.checks(case.operation))


@pytest.fixture(scope="module")
def target() -> Target:
    return Target()


@pytest.fixture(scope="module")
def inhabited() -> Target:
    """Where paths name what is there, so that bodies are what matters."""
    return Target("path", "query")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("family", FAMILIES)
def test_at_the_edges_and_beyond(target: Target, family: str, record_property: Record) -> None:
    """Every boundary of every parameter and attribute, and each way to miss it."""
    target.statuses.clear()
    for operation in target.operations(family):
        cases = target.schema.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=target.schema.config.generation,
        )
        for case in cases:
            target.send(case)
    told(record_property, target.statuses)
    assert target.emulator.checks.violations == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("family", FAMILIES)
def test_at_random(inhabited: Target, family: str, record_property: Record) -> None:
    at_random(record_property, inhabited, family, CASES)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("family", FAMILIES)
def test_at_random_for_long(
    target: Target, inhabited: Target, family: str, record_property: Record
) -> None:
    at_random(record_property, target, family, 20 * CASES)
    at_random(record_property, inhabited, family, 40 * CASES)


def at_random(record: Record, target: Target, family: str, cases: int) -> None:
    target.statuses.clear()
    for operation in target.operations(family):

        @quiet(cases)
        @given(case=operation.as_strategy())
        def run(case: Any) -> None:
            target.send(case)

        run()
    told(record, target.statuses)
    assert target.emulator.checks.violations == []


@pytest.mark.parametrize("family", FAMILIES)
def test_without_a_token_nothing_is_answered(target: Target, family: str) -> None:
    for operation in target.operations(family):

        @quiet(1)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def run(case: Any) -> None:
            answer = case.call(session=target.client, headers=target.head)
            case.validate_response(answer, checks=[ignored_auth], headers=target.head)
            bare = case.call(session=target.client)
            assert bare.status_code == 401

        run()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("together", SEQUENCES, ids=" ".join)
def test_sequences(together: tuple[str, ...], record_property: Record) -> None:
    sequences(record_property, together, examples=25, steps=12)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("together", SEQUENCES, ids=" ".join)
def test_sequences_for_long(together: tuple[str, ...], record_property: Record) -> None:
    sequences(record_property, together, examples=1000, steps=30)


def sequences(record: Record, together: tuple[str, ...], examples: int, steps: int) -> None:
    """What is made is used, changed and deleted along links; what is deleted is gone."""
    target = Target("path", "query", "body")
    target.schema.config.generation.modes = [GenerationMode.POSITIVE]
    succeeded: Counter[str] = Counter()

    class Sequences(target.schema.include(tag=list(together)).as_state_machine()):  # type: ignore[misc]  # a base class that is made at run time
        def setup(self) -> None:
            target.emulator.seed(target.snapshot)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"session": target.client, "headers": target.head}

        def after_call(self, response: Any, case: Any) -> None:
            target.statuses[response.status_code] += 1
            if response.status_code < 300:
                succeeded[case.operation.definition.raw["operationId"]] += 1

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            checks = [*target.checks(case.operation), use_after_free]
            case.validate_response(response, checks=checks, recorder=self.recorder)

    Sequences.run(settings=quiet(examples, stateful_step_count=steps))
    told(record, target.statuses)
    print(f"{len(succeeded)} operations succeeded: {dict(succeeded.most_common())}")
    assert target.emulator.checks.violations == []
    # Not only refusals: most of what there is came to pass.
    there = [one for one in OPERATIONS.values() if one["family"] in together]
    assert len(succeeded) > len(there) / 3


def told(record: Record, statuses: Counter[int]) -> None:
    """How many cases there were: the run sums them up in its last lines."""
    record("schemathesis", statuses.total())
    print(f"{statuses.total()} cases: {dict(sorted(statuses.items()))}")
    assert statuses.total() > 0
