"""The driver that plays Terraform, held against the real one: the same plans, the same refusals.

Both plan from one state, on one workspace, what a random change of the configuration of all kinds
asks for: attributes changed, objects left out, values that are refused, edits behind both backs.
Compared are the actions, every planned value, what is unknown, and whether the plan is accepted.
`make test` takes a few (a fixed seed and a fresh one, printed); `make test-full` takes 200.
"""

from __future__ import annotations

import base64
import json
import random
from decimal import Decimal
from typing import Any

import pytest

from segform.resources.exact import dumps, loads
from segform.resources.values import UNKNOWN
from segform_emulator import Emulator
from tests.protocol.conftest import Start, pauses, start
from tests.protocol.core import Config, Core, DiagnosticsError
from tests.protocol.shop import shop
from tests.protocol.test_standard import UPDATES

from .harness import Terraform
from .test_all_kinds import write

pytestmark = [pytest.mark.terraform]
__all__ = ["pauses", "start"]

# Values that no plan takes.
REFUSED: list[tuple[str, str, Any]] = [
    ("destination_filter", "if", 'type = "page'),
    ("destination_filter", "actions", [{"type": "SAMPLE"}]),
    ("destination_subscription", "trigger", "type is track"),
    ("destination_subscription", "settings", "{"),
    ("tracking_plan", "type", "DRAFT"),
    ("tracking_plan", "rules_by_key", {"TRACK:": {"json_schema": "[]"}}),
    ("label", "key", "1 label"),
    ("source", "settings", "no json"),
    ("transformation", "drop", True),
    ("warehouse", "settings", '{"name": "no"}'),
]
# What nothing else refers to, so that it can be left out by itself.
LEAVES = [
    "segment_destination_filter.sample",
    "segment_destination_subscription.orders",
    "segment_insert_function_instance.clean",
    "segment_profiles_warehouse.people",
    "segment_source_schema_settings.app",
    "segment_source_warehouse_connection.web",
    "segment_tracking_plan_rule.seen",
    "segment_transformation.tidy",
]


class Pair:
    """The real terraform and the driver, on one workspace."""

    def __init__(self, tf: Terraform, core: Core, emulator: Emulator) -> None:
        self.tf, self.core, self.emulator = tf, core, emulator
        self.counts = {"accepted": 0, "refused": 0, "changes": 0}
        write(tf, shop())
        tf.apply()

    def step(self, dice: random.Random) -> None:
        """One random change, planned by both."""
        if dice.random() < 0.3:
            self._edited_by_hand(dice)
        config, told = _changed(dice)
        self._load()
        write(self.tf, config)
        theirs, ours = self._terraform(), self._driver(config)
        assert (theirs is None) == (ours is None), f"{told}: {theirs} and {ours}"
        self.counts["refused" if theirs is None else "accepted"] += 1
        if theirs is None or ours is None:
            return
        assert ours.keys() == theirs.keys(), told
        for address, (action, after) in theirs.items():
            assert ours[address] == (action, after), f"{told}: {address}"
        self.counts["changes"] += len(theirs)
        if dice.random() < 0.5:
            self.tf.run("apply", "-no-color", "-input=false", "plan.bin", code=(0, 1))

    def _load(self) -> None:
        """Give the driver what Terraform's state holds."""
        raw = loads(self.tf.run("state", "pull"))
        self.core.state, self.core.order = {}, []
        for item in raw["resources"]:
            [instance] = item["instances"]
            address = f"{item['type']}.{item['name']}"
            private = base64.b64decode(instance.get("private") or "")
            self.core.state[address] = (dumps(instance["attributes"]), private)
            self.core.order.append(address)

    def _terraform(self) -> dict[str, tuple[str, Any]] | None:
        printed = self.tf.run("plan", "-no-color", "-input=false", "-out=plan.bin", code=(0, 1))
        if "Error:" in printed:
            return None
        plan = json.loads(self.tf.run("show", "-json", "plan.bin"), parse_float=Decimal)
        found = {}
        for one in plan["resource_changes"]:
            change = one["change"]
            if change["actions"] not in (["no-op"], ["read"]):
                [action] = ["replace"] if len(change["actions"]) == 2 else change["actions"]
                found[one["address"]] = (action, _plain(change["after"]))
        return found

    def _driver(self, config: Config) -> dict[str, tuple[str, Any]] | None:
        kept = (dict(self.core.state), list(self.core.order))
        try:
            changes = self.core.plan(config)
        except DiagnosticsError:
            return None
        finally:
            self.core.state, self.core.order = kept
        return {one.address: (one.action, _plain(one.after)) for one in changes}

    def _edited_by_hand(self, dice: random.Random) -> None:
        held = self.emulator.dump()["workspaces"][0]
        family, field = dice.choice([("sources", "name"), ("destinations", "enabled")])
        if held[family]:
            one = dice.choice(held[family])
            value = f"By hand {dice.randrange(99)}" if field == "name" else dice.random() < 0.5
            answer = self.tf.api.patch(f"/{family}/{one['id']}", json={field: value})
            answer.raise_for_status()


def _changed(dice: random.Random) -> tuple[Config, str]:
    """The configuration, changed at random, and in words how."""
    changes: dict[str, dict[str, Any]] = {}
    for kind, name, value, _ in dice.sample(UPDATES, dice.randint(0, 4)):
        changes.setdefault(kind, {})[name] = value
    if dice.random() < 0.25:
        kind, name, value = dice.choice(REFUSED)
        changes.setdefault(kind, {})[name] = value
    config = shop((), **changes)
    gone = dice.sample(LEAVES, dice.choice([0, 0, 1, 2]))
    for address in gone:
        del config[address]
    return config, f"{changes}, without {gone}"


def _plain(value: Any) -> Any:
    """Known values alone; sets in one order, numbers in one form."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not UNKNOWN}
    if isinstance(value, list):
        return sorted((_plain(one) for one in value if one is not UNKNOWN), key=repr)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(Decimal(value).normalize())
    return value


_SEED = random.SystemRandom().randrange(10**6)


def _scenarios(
    tf: Terraform, start: Start, emulator: Emulator, seed: int, count: int
) -> dict[str, int]:
    print(f"seed {seed}")
    pair = Pair(tf, start(), emulator)
    for number in range(count):
        try:
            pair.step(random.Random(f"{seed} {number}"))
        except AssertionError as problem:
            problem.add_note(f"seed {seed}, scenario {number}")
            raise
    print(pair.counts)
    return pair.counts


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [3, _SEED], ids=["fixed", "fresh"])
def test_a_few_scenarios(tf: Terraform, start: Start, emulator: Emulator, seed: int) -> None:
    counts = _scenarios(tf, start, emulator, seed, 4)
    assert counts["accepted"] + counts["refused"] == 4


@pytest.mark.full
@pytest.mark.timeout(7200)
def test_two_hundred_scenarios(tf: Terraform, start: Start, emulator: Emulator) -> None:
    counts = _scenarios(tf, start, emulator, _SEED, 200)
    assert min(counts.values()) > 10
