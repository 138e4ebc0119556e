"""Triggers against Segment's own evaluator of triggers, run by Node.

`fires` is held against it on everything that `check(text, trigger=True)` finds sound, and `matches`
wherever the documentation of FQL agrees with it: not where a number is unequal to something that is
none, nor where something that is no text does not contain or match another.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from segform import fql
from segform.fql.syntax import (
    And,
    Bool,
    Call,
    Compare,
    Expression,
    Not,
    Null,
    Number,
    Operator,
    Or,
    String,
)
from segform.fql.syntax import Path as Field

RUNNER = Path(__file__).with_name("subscriptions.cjs")
CASES = 3000
TEXTS = ("track", "Order Completed", "order", "", "a", "5", "true", "x y", "a.b@c")
NUMBERS = (0, 1, 5, -2, 1.5, 100)

pytestmark = pytest.mark.peers


def _asked(modules: Path, cases: list[dict[str, Any]]) -> list[bool]:
    done = subprocess.run(
        ["node", str(RUNNER)],
        env={**os.environ, "NODE_PATH": str(modules)},
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[bool] = json.loads(done.stdout)
    return answers


class Maker:
    """Random triggers and events."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def value(self) -> Any:
        return self.dice.choice((*TEXTS, *NUMBERS, True, False, None, [], {"x": 1}, ["a"]))

    def event(self) -> dict[str, Any]:
        dice = self.dice
        holders = {
            name: {key: self.value() for key in ("a", "b-c", "d_1") if dice.random() < 0.8}
            | {"deep": {"a": self.value()}}
            for name in ("properties", "traits", "context")
        }
        fields = {name: dice.choice(TEXTS) for name in ("type", "event", "name", "userId")}
        return {key: value for key, value in {**fields, **holders}.items() if dice.random() < 0.9}

    def field(self) -> Field:
        dice = self.dice
        if dice.random() < 0.4:
            return Field((dice.choice(("type", "event", "name", "userId")),))
        inside = dice.choice((("a",), ("b-c",), ("d_1",), ("deep", "a"), ("none",)))
        return Field((dice.choice(("properties", "traits", "context")), *inside))

    def clause(self) -> Expression:
        dice = self.dice
        field = self.field()
        kind = dice.choice(
            ("equal", "equal", "exists", "flag", "number", "ordered", "text", "text")
        )
        same: Operator = dice.choice(("=", "!="))
        if kind == "equal":
            return Compare(same, field, String(dice.choice(TEXTS)))
        if kind == "exists":
            return Compare(same, field, Null())
        if kind == "flag":
            return Compare(same, field, Bool(dice.choice((True, False))))
        number = Number(dice.choice([one for one in NUMBERS if isinstance(one, int)]))
        if kind == "number":
            return Compare(same, field, number)
        if kind == "ordered":
            order: Operator = dice.choice(("<", "<=", ">", ">="))
            return Compare(order, field, number)
        if field.segments == ("type",):
            field = Field(("event",))
        sought = dice.choice(("a", "Order", "5", "completed"))
        name = dice.choice(("contains", "match"))
        if name == "match":
            sought = dice.choice((f"{sought}*", f"*{sought}"))
        call = Call(name, (field, String(sought)))
        return Not(call) if dice.random() < 0.4 else call

    def trigger(self) -> str:
        """Clauses in one level of parentheses at most, those with functions outside of them."""
        dice = self.dice
        outer = dice.choice((And, Or))
        items: list[Expression] = [self.clause() for _ in range(dice.randint(1, 3))]
        if dice.random() < 0.5:
            group = dice.choice((And, Or))
            plain = [one for one in (self.clause() for _ in range(30)) if isinstance(one, Compare)]
            items.insert(dice.randint(0, len(items)), group(tuple(plain[:2])))
        tree = items[0] if len(items) == 1 else outer(tuple(items))
        return fql.format(tree)


def _differs(node: Expression) -> bool:
    """Whether the documentation and the evaluator part on a clause."""
    if isinstance(node, (And, Or)):
        return any(_differs(item) for item in node.items)
    if isinstance(node, Not):
        return True
    if not isinstance(node, Compare) or not isinstance(node.left, Field):
        return False
    plain = len(node.left.segments) == 1
    if isinstance(node.right, Number):
        return plain or node.operator == "!="
    if isinstance(node.right, Bool):
        return plain or node.operator == "!="
    return isinstance(node.right, Null) and plain


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "fresh"])
def test_triggers_fire_for_the_same_events(modules: Path, kept: bool) -> None:
    seed = 1 if kept else random.SystemRandom().randint(2, 10**6)
    print(f"seed: {seed}")  # shown where it fails
    maker = Maker(seed)
    cases: list[dict[str, Any]] = [
        {"trigger": maker.trigger(), "event": maker.event()} for _ in range(CASES)
    ]
    theirs = _asked(modules, cases)
    ours = [fql.fires(case["trigger"], case["event"]) for case in cases]
    assert [
        (case, mine, its)
        for case, mine, its in zip(cases, ours, theirs, strict=True)
        if mine is not its
    ][:3] == []
    assert min(ours.count(True), ours.count(False)) > CASES / 10
    agreed = [case for case in cases if not _differs(fql.parse(case["trigger"]))]  # type: ignore[arg-type]  # cases hold a text there
    assert len(agreed) > CASES / 10
    for case in agreed:
        assert fql.matches(case["trigger"], case["event"]) is fql.fires(
            case["trigger"], case["event"]
        ), case


def test_what_is_said_to_be_sound_is_read(modules: Path) -> None:
    """No error for a trigger means that that evaluator reads it as `fires` does."""
    maker = Maker(3)
    for _ in range(500):
        text = maker.trigger()
        found = [one for one in fql.check(text, trigger=True) if one.code == "trigger"]
        assert [one for one in found if one.severity == "error"] == [], text
