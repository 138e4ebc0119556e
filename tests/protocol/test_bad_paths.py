"""A hundred bad inputs and more: what is said of them names its attribute and the mend.

One part is made from the definitions (each limit, list of values, pattern, reference), the other is
what people get wrong. Every input is planned by itself against a workspace of all kinds.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from segform.resources import registry
from segform.resources.definition import (
    JSON,
    RULE_SCHEMA,
    SETTINGS,
    STRING,
    Attribute,
    Items,
    Nested,
)
from segform.resources.ids import LOOKALIKES
from segform_emulator import Emulator
from segform_provider.protocol.wire import message

from . import rules
from .conftest import Start
from .core import Core
from .shop import ADDRESSES, OBJECT, shop
from .test_official_state import resolved


class Bad(NamedTuple):
    """A kind, where in its configuration, and what is given there; the rest is as in the shop."""

    kind: str
    path: tuple[str | int, ...]
    value: Any


def _derived() -> Iterator[Bad]:
    for name, address in ADDRESSES.items():
        kind, given = registry()[name], shop()[address]
        for attribute, item in kind.attributes.items():
            if item.settable and not item.write_only:
                yield from _of(name, item, (attribute,), given.get(attribute))


def _of(kind: str, item: Attribute, path: tuple[str | int, ...], sample: Any) -> Iterator[Bad]:
    for value in _wrong(item):
        yield Bad(kind, path, value)
    inner = item.type
    if isinstance(inner, (Nested, Items)) and item.max_items and sample:
        yield Bad(kind, path, [*sample] * (item.max_items + 1))
    if not isinstance(inner, Nested) or not sample:
        return
    if inner.mode == "object":
        elements = [(path, sample)]
    elif inner.mode == "map":
        elements = [((*path, key), one) for key, one in list(sample.items())[:1]]
    else:
        elements = [((*path, 0), sample[0])]
    for at, element in elements:
        for one in inner.attributes:
            if one.settable:
                yield from _of(kind, one, (*at, one.name), element.get(one.name))


def _wrong(item: Attribute) -> Iterator[Any]:
    if item.type in (JSON, SETTINGS, RULE_SCHEMA):
        yield '{"a": '
    if item.type in (SETTINGS, RULE_SCHEMA):
        yield "[1]"
    if item.one_of:
        yield "NOT_KNOWN"
    if item.max_length:
        yield "x" * (item.max_length + 1)
    if item.pattern:
        yield "not at all"
    if item.type == STRING and item.required and not item.blank:
        yield ""
    if item.maximum is not None:
        yield item.maximum + 1
    if item.minimum is not None:
        yield item.minimum - 1
    for one in (*item.foreign, *LOOKALIKES.get(item.reference or "", ())):
        yield f"{one.prefix}abc"


def _rule(text: str) -> dict[str, Any]:
    return {"TRACK:A": {"json_schema": text}}


CURATED = [
    Bad("source", ("metadata", "id"), "javascriptt"),
    Bad("source", ("labels",), [{"key": "a", "value": "b"}, {"key": "a", "value": "c"}]),
    Bad("source", ("settings",), '{"websiteUrl": "••••••••••here"}'),
    Bad("label", ("key",), "1st"),
    Bad("label", ("key",), "with space"),
    Bad("label", ("value",), "a:b"),
    Bad("destination", ("metadata", "id"), "webhookz"),
    Bad("destination", ("settings",), '{"sharedSecrte": "x"}'),
    Bad("destination", ("settings",), '{"sharedSecret": ["x"]}'),
    Bad("destination", ("settings",), '{"sharedSecret": 7}'),
    *(
        Bad("destination_filter", ("if",), text)
        for text in (
            " ",
            "(a = 1",
            "a = 'b",
            "a = 1)",
            "event == 'x'",
            "a AND b",
            "contain(event, 'x')",
            "event =",
            "match(event)",
            "a = 1 and",
        )
    ),
    Bad("destination_filter", ("actions",), []),
    Bad("destination_filter", ("actions",), [{"type": "SAMPLE"}]),
    Bad("destination_filter", ("actions",), [{"type": "SAMPLE", "percent": 7}]),
    Bad("destination_filter", ("actions",), [{"type": "DROP", "percent": 1}]),
    Bad("destination_filter", ("actions",), [{"type": "DROP", "path": "a"}]),
    Bad("destination_filter", ("actions",), [{"type": "DROP_PROPERTIES"}]),
    Bad("destination_filter", ("actions",), [{"type": "ALLOW_PROPERTIES", "fields": "[]"}]),
    Bad("destination_filter", ("actions",), [{"type": "DROP_PROPERTIES", "fields": "{"}]),
    *(
        Bad("tracking_plan", ("rules_by_key",), given)
        for given in (
            _rule("{"),
            _rule("[]"),
            _rule('{"type": "objekt"}'),
            _rule('{"properties": {"a": {"minimum": "1"}}}'),
            _rule('{"required": "a"}'),
            _rule('{"pattern": "("}'),
            {"TRACK": {"json_schema": OBJECT}},
            {"IDENTIFY:A": {"json_schema": OBJECT}},
            {"TRACK:A@1": {"json_schema": OBJECT}},
            {"NOTHING:A": {"json_schema": OBJECT}},
            {"TRACK:A": {"json_schema": OBJECT, "version": 2}},
            {"TRACK:A": {"json_schema": OBJECT, "key": "B"}},
        )
    ),
    Bad("tracking_plan", ("rules",), [{"type": "TRACK", "version": 1, "json_schema": OBJECT}]),
    Bad("tracking_plan_rule", ("key",), None),
    Bad("tracking_plan_rule", ("type",), "IDENTIFY"),
    Bad("tracking_plan_rule", ("json_schema",), '{"type": 7}'),
    *(
        Bad("destination_subscription", ("trigger",), text)
        for text in ("type = 'track", "type ==", "", "a = 1 and (b = 2 or (c = 3 and d != null))")
    ),
    *(
        Bad("destination_subscription", ("settings",), text)
        for text in (
            '{"url": {"@path": 7}}',
            '{"url": {"@path": "$.a", "@template": "b"}}',
            '{"url": {"@nothing": "$.a"}}',
            '{"data": {"@if": {}}}',
            '{"url": {"@template": "{{a"}}',
        )
    ),
    Bad("destination_subscription", ("action_id",), "noaction"),
    Bad("destination_subscription", ("model_id",), None),
    *(
        Bad("destination_subscription", ("reverse_etl_schedule",), given)
        for given in (
            {"strategy": "MANUAL", "config": '{"interval": "1h"}'},
            {"strategy": "PERIODIC"},
            {"strategy": "PERIODIC", "config": '{"interval": "1m"}'},
            {"strategy": "CRON", "config": '{"spec": "* * *", "timezone": "UTC"}'},
            {"strategy": "CRON", "config": '{"spec": "*/5 * * * *", "timezone": "UTC"}'},
            {"strategy": "SPECIFIC_DAYS", "config": '{"days": [9]}'},
            {"strategy": "DBT_CLOUD", "config": "{}"},
        )
    ),
    Bad("transformation", ("if",), "event ="),
    Bad("transformation", ("drop",), True),
    Bad(
        "transformation",
        ("property_renames",),
        [{"old_name": "a", "new_name": "b"}, {"old_name": "a", "new_name": "c"}],
    ),
    Bad("transformation", ("fql_defined_properties",), [{"fql": "(", "property_name": "a"}]),
    Bad("warehouse", ("settings",), '{"name": "Main"}'),
    Bad("warehouse", ("metadata", "id"), "postgress"),
    Bad(
        "function",
        ("settings",),
        [
            {**one, "name": "a", "label": label}
            for label in ("A", "B")
            for one in shop()["segment_function.clean"]["settings"]
        ],
    ),
    Bad("insert_function_instance", ("function_id",), "dfn_abc"),
    Bad("insert_function_instance", ("function_id",), "sfnc_abc"),
    Bad("user", ("email",), "ann"),
    Bad("user_group", ("members",), ["ann"]),
    Bad("user_group", ("members",), ["ann@shop.example", "Ann@shop.example"]),
    Bad("user_group", ("permissions",), []),
]
INPUTS = [*_derived(), *CURATED]


class Said(NamedTuple):
    """What is told of one input."""

    bad: Bad
    diagnostics: list[Any]


@pytest.fixture
def ring(start: Start) -> Core:
    """A workspace of all kinds that is there."""
    core = start()
    core.apply(shop())
    core.restart()
    return core


def _put(values: Any, path: tuple[str | int, ...], value: Any) -> None:
    *above, last = path
    for step in above:
        if isinstance(values, dict) and values.get(step) is None:
            values[step] = {}
        values = values[step]
    values[last] = value


def _told(core: Core, bad: Bad) -> list[Any]:
    """Everything that validation and planning say, as of an object that is there."""
    address = ADDRESSES[bad.kind]
    config = copy.deepcopy(resolved(shop()[address], core))
    if bad.path[0] == "rules":
        config["rules_by_key"] = None
    _put(config, bad.path, bad.value)
    given = {x.name: config.get(x.name) for x in core.attributes(address)}
    value = core.encode(address, given)
    validated = core._handlers["ValidateResourceConfig"](
        message("ValidateResourceConfig.Request")(
            type_name=f"segment_{bad.kind}",
            config=value,
            client_capabilities={"write_only_attributes_allowed": True},
        )
    )
    found = list(validated.diagnostics)
    if any(one.severity == 1 for one in found):
        return found
    prior, private = core.values(address), core.state[address][1]
    proposed = rules.proposed(core.attributes(address), prior, given)
    planned = core._handlers["PlanResourceChange"](
        message("PlanResourceChange.Request")(
            type_name=f"segment_{bad.kind}",
            prior_state=core.encode(address, prior),
            proposed_new_state=core.encode(address, proposed),
            config=value,
            prior_private=private,
        )
    )
    return [*found, *planned.diagnostics]


def test_what_is_said_of_bad_input_names_its_attribute_and_the_mend(
    ring: Core, emulator: Emulator
) -> None:
    emulator.recorder.clear()
    said = [Said(bad, _told(ring, bad)) for bad in INPUTS]
    assert len(INPUTS) >= 100
    silent = [one.bad for one in said if not one.diagnostics]
    assert not silent, silent
    every = [(one.bad, told) for one in said for told in one.diagnostics]
    without = [(bad, told.summary) for bad, told in every if not told.attribute.steps]
    assert len(without) <= len(every) * 5 // 100, without
    for bad, told in every:
        words, _, mend = told.detail.partition("\n\n")
        assert words, bad
        assert mend, (bad, told.detail)
        assert "hush" not in told.detail
        # Texts as large as the input would drown what is said.
        assert len(told.detail) < 2000, (bad, len(told.detail))
    # Nothing is written to find that out.
    assert [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"] == []
    print(f"{len(INPUTS)} inputs, {len(every)} diagnostics, {len(without)} without a path")
