"""What tracking plans cost: validation against jsonschema, a diff, folders of event files."""

from __future__ import annotations

import copy
import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema

from segform.tracking import diff, validator
from segform.tracking.files import load_folder, write_folder
from segform.tracking.planned import PlannedEvent, planned_event
from segform.tracking.spec import ecommerce

from .figure import Figure
from .timing import paired, whole

_EVENTS = 400
_RULES = 2000
_CHANGES = 40
_PLANS, _FILES, _STARTS = 12, 150, 15


def _seconds(work: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def _messages() -> list[dict[str, Any]]:
    """Events of the e-commerce plan: three valid ones to one that is not."""
    product = ecommerce.Product(product_id="p1", sku="s1", name="Lamp", price=9.5, quantity=2)
    order = ecommerce.OrderCompleted(
        order_id="o1", total=20, currency="EUR", products=[product] * 3
    ).message()
    viewed = ecommerce.ProductViewed(product_id="p1", price=9.5, currency="EUR").message()
    coupon = ecommerce.CouponApplied(coupon_id="c1", discount=1).message()
    wrong = copy.deepcopy(order)
    wrong["properties"]["products"][1]["price"] = "much"
    wrong["properties"]["total"] = "20"
    return [order, viewed, coupon, wrong] * (_EVENTS // 4)


def validation() -> list[Figure]:
    """Events of the e-commerce plan, rule found and violations told, against jsonschema alone."""
    rules = [event.planned().api_rule() for event in ecommerce.EVENTS]
    events = _messages()
    plan = validator(rules)
    peers = {
        rule["key"]: jsonschema.Draft7Validator(
            rule["jsonSchema"], format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
        )
        for rule in rules
    }

    def ours() -> int:
        return sum(len(plan.validate(event)) for event in events)

    def theirs() -> int:
        return sum(len(list(peers[event["event"]].iter_errors(event))) for event in events)

    if ours() != theirs():
        raise RuntimeError("the two validators do not agree")
    mine, peer, ratio = paired(_seconds(ours), _seconds(theirs), 9)
    name = f"tracking: {_EVENTS} events validated"
    return [Figure(name, mine, peer, "jsonschema", ratio, 1 / 3, "ms")]


def _plan(count: int) -> list[dict[str, Any]]:
    kinds = [event.planned().api_rule() for event in ecommerce.EVENTS]
    return [
        {**copy.deepcopy(kinds[index % len(kinds)]), "key": f"Event {index}"}
        for index in range(count)
    ]


def _changed(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = copy.deepcopy(plan)
    for index in range(_CHANGES):
        schema = made[index * (len(plan) // _CHANGES)]["jsonSchema"]
        inner = schema["properties"]["properties"]
        name = next(iter(inner["properties"]))
        if index % 4 == 0:
            inner["properties"][name] = {"type": "boolean"}
        elif index % 4 == 1:
            inner["required"] = [name]
        elif index % 4 == 2:
            del inner["properties"][name]
        else:
            inner["properties"]["something_new"] = {"type": "string"}
    return made


def _rewritten(schema: Any, at: str = "") -> Any:
    """A schema as the service gives it back."""
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {"id": at}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {n: _rewritten(s, f"{at}/properties/{n}") for n, s in value.items()}
        elif key == "type" and isinstance(value, str):
            made[key] = [value]
        else:
            made[key] = value
    return made


def changes() -> list[Figure]:
    """Two plans of 2,000 rules with 40 changes, against reading both as JSON; and how it grows."""
    figures = []
    taken: dict[int, float] = {}
    for count in (_RULES, 2 * _RULES):
        old = _plan(count)
        new = _changed(old)
        live = [{**rule, "jsonSchema": _rewritten(rule["jsonSchema"])} for rule in old]
        texts = (json.dumps(old), json.dumps(new))
        if len(diff(old, new)) != _CHANGES or len(diff(live, new)) != _CHANGES:
            raise RuntimeError("there are not forty changes")

        def read(texts: tuple[str, str] = texts) -> None:
            for text in texts:
                json.loads(text)

        for what, before in (("as written", old), ("as the service has it", live)):
            mine, peer, ratio = paired(_seconds(partial(diff, before, new)), _seconds(read), 5)
            taken[count] = mine
            if count == _RULES:
                name = f"tracking: {_RULES} rules compared, {what}"
                figures.append(Figure(name, mine, peer, "json.loads of both", ratio, 20, "ms"))
    name = "tracking: twice the rules compared"
    ratio = taken[2 * _RULES] / taken[_RULES]
    return [*figures, Figure(name, taken[2 * _RULES], taken[_RULES], "half", ratio, 2.5, "ms")]


def _typical(plan: int) -> list[PlannedEvent]:
    events = [event.planned() for event in ecommerce.EVENTS]
    made = []
    for index in range(_FILES):
        event = events[index % len(events)]
        properties = dict(list(event.properties.items())[:8])
        rule = {
            **event.rule(),
            "key": f"Event {plan} {index}",
            "json_schema": {
                **event.schema,
                "properties": {"properties": {"properties": properties, "type": "object"}},
            },
        }
        made.append(planned_event(rule))
    return made


def folders() -> list[Figure]:
    """12 plans of 150 event files each, loaded and checked, against 15 starts of Python."""
    bare = whole([sys.executable, "-I", "-c", "pass"])
    figures = []
    with tempfile.TemporaryDirectory() as root:
        for as_json in (True, False):
            kind = "JSON" if as_json else "YAML"
            homes = [Path(root) / kind / str(plan) for plan in range(_PLANS)]
            for plan, home in enumerate(homes):
                write_folder(_typical(plan), home, as_json=as_json)

            def load(homes: list[Path] = homes) -> None:
                if sum(len(load_folder(home)) for home in homes) != _PLANS * _FILES:
                    raise RuntimeError("not all files were loaded")

            mine, starts, ratio = paired(
                _seconds(load), lambda: sum(bare() for _ in range(_STARTS)), 3
            )
            name = f"tracking: {_PLANS} x {_FILES} event files, {kind}"
            figures.append(Figure(name, mine, starts, f"{_STARTS} bare starts", ratio, 1, "ms"))
    return figures


FIGURES = [validation, changes, folders]
