"""The readers of the three languages, fed with what nobody would write. `make test-full` only.

How many texts were tried is told in the summary of the run.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from segform import fql
from segform.explain import explain
from segform.mapping import MappingError, check, evaluate, fields_of
from segform.mapping.directives import NAMES, OPTIONS
from tests.explain.shop import CATALOG, EVENT, SNAPSHOT
from tests.mapping.test_liquid import Maker as LiquidMaker
from tests.mapping.test_liquid import told

from .test_hostile import PIECES, survives
from .test_syntax_errors import MISTAKES
from .test_words import GOLDEN

TEXTS = [text for text, _ in GOLDEN] + [one[0] for one in MISTAKES if len(one[0]) < 200]
SECONDS = 60

pytestmark = [pytest.mark.full, pytest.mark.timeout(SECONDS * 4)]


def fuzz(
    record_property: Callable[[str, object], None],
    what: str,
    one: Callable[[random.Random], Any],
) -> None:
    """Try one after another until the time is over; a seed that can be given again."""
    seed = random.SystemRandom().randint(1, 10**6)
    print(f"seed: {seed}")  # shown where it fails
    dice = random.Random(seed)
    count, end = 0, time.monotonic() + SECONDS
    slowest = 0.0
    while time.monotonic() < end:
        start = time.process_time()
        one(dice)
        slowest = max(slowest, time.process_time() - start)
        count += 1
    assert slowest < 10  # a hang, not a slow machine
    record_property("told", f"fuzzed: {count:,} {what}")
    assert count > 1000


def mutated(dice: random.Random, text: str, pieces: tuple[str, ...]) -> str:
    """A text with a few places cut, doubled or overwritten."""
    for _ in range(dice.randint(1, 4)):
        at, count = dice.randrange(len(text) + 1), dice.choice((0, 1, 1, 2, 5, 20))
        put = dice.choice(
            ("", dice.choice(pieces), text[at : at + count] * 2, chr(dice.randrange(0x3000)))
        )
        text = text[:at] + put + text[at + count :]
    return text


def test_fql(record_property: Callable[[str, object], None]) -> None:
    def one(dice: random.Random) -> None:
        if dice.random() < 0.3:
            survives("".join(dice.choices(PIECES, k=dice.randint(1, 60))))
        else:
            survives(mutated(dice, dice.choice(TEXTS), PIECES))

    fuzz(record_property, "texts of FQL", one)


def test_patterns(record_property: Callable[[str, object], None]) -> None:
    def one(dice: random.Random) -> None:
        pattern = "".join(dice.choices("ab*?[]^-\\é\U0001f600", k=dice.randint(0, 200)))
        text = "".join(dice.choices("ab*]é\U0001f600", k=dice.randint(0, 2000)))
        fql.matches(fql.call("match", fql.field("a"), pattern) == True, {"a": text})  # noqa: E712 - the builder's own `==`

    fuzz(record_property, "glob patterns", one)


def _value(dice: random.Random, depth: int) -> Any:
    kind = dice.random()
    if kind < 0.5 or not depth:
        return dice.choice(
            (None, True, 0, 1.5, "", "$.a", "text", "{{a}}", "[", "x" * 2000, -1e300)
        )
    if kind < 0.6:
        return [_value(dice, depth - 1) for _ in range(dice.randint(0, 3))]
    keys = [*NAMES, *(key for options in OPTIONS.values() for key in options), "a", "_metadata"]
    return {
        dice.choice((dice.choice(keys), dice.choice(NAMES))): _value(dice, depth - 1)
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3)))
    }


def test_mappings(record_property: Callable[[str, object], None]) -> None:
    fields = [{"fieldKey": "a", "type": kind, "multiple": True} for kind in ("STRING", "OBJECT")]

    def one(dice: random.Random) -> None:
        mapping = _value(dice, 5)
        check(mapping, fields)
        fields_of(mapping)
        try:
            evaluate(mapping, {"a": _value(dice, 4)})
        except MappingError:
            return
        assert [found for found in check(mapping) if found.severity == "error"] == []

    fuzz(record_property, "mappings", one)


def test_templates(record_property: Callable[[str, object], None]) -> None:
    makers: dict[int, LiquidMaker] = {}

    def one(dice: random.Random) -> None:
        maker = makers.setdefault(0, LiquidMaker(dice.randrange(10**6)))
        text = maker.parts(3)
        if dice.random() < 0.6:
            text = mutated(dice, text, ("{{", "}}", "{%", "%}", "|", ":", "'", "..", "raw", "if"))
        told(text[:1000])

    fuzz(record_property, "Liquid templates", one)


def test_explanations(record_property: Callable[[str, object], None]) -> None:
    workspace = SNAPSHOT["workspaces"][0]

    def one(dice: random.Random) -> None:
        odd = {
            "filters": [
                {"id": "f", "title": "f", "sourceId": "s1", "destinationId": "d1",
                 "if": mutated(dice, dice.choice(TEXTS), PIECES), "actions": [_value(dice, 3)]}
            ],
            "transformations": [
                {"id": "t", "sourceId": "s1", "if": "all", "newEventName": _value(dice, 1),
                 "propertyRenames": [_value(dice, 2)], "allowProperties": _value(dice, 1)}
            ][: dice.randrange(2)],
            "subscriptions": [
                {"id": "p", "destinationId": "d1", "actionId": "a1", "name": "p",
                 "trigger": mutated(dice, 'type = "track"', PIECES), "settings": _value(dice, 3)}
            ],
        }  # fmt: skip
        found = explain(
            {**EVENT, "properties": _value(dice, 3)}, "d1", {**workspace, **odd}, CATALOG
        )
        found.to_text()

    fuzz(record_property, "explanations", one)
