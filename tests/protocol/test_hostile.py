"""Input that nobody means well, for every kind and every attribute, made from the definitions.

Unknown values at any depth, nulls and empty ones, long texts, Unicode and colons, objects that go
while they are read, roles that go between plan and apply. Each gets the right plan, or a diagnostic
at its attribute; nothing is lost, and what was applied is planned empty.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

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
from segform.resources.values import UNKNOWN
from segform_emulator import Emulator
from segform_provider.protocol.wire import message
from segform_provider.session import Current

from .conftest import Start
from .core import Config, Core, DiagnosticsError, Ref
from .shop import ADDRESSES, OBJECT, shop
from .test_official_state import resolved

# A sweep over all kinds and attributes.
pytestmark = pytest.mark.slow

KINDS = list(registry())
# Settings of a source cannot be deleted, by nobody.
LASTING = {"source_schema_settings"}
_TEXTS = (STRING, JSON, SETTINGS, RULE_SCHEMA)

Path = tuple[str | int, ...]


def settable(kind: str) -> list[Attribute]:
    return [one for one in registry()[kind].attributes.values() if one.settable]


def leaves(items: Any, given: Any, at: Path = ()) -> Iterator[tuple[Path, Attribute]]:
    """Every attribute at every depth that a configuration gives, outside of sets' elements."""
    for item in items:
        value = given.get(item.name)
        if value is None or not item.settable:
            continue
        yield (*at, item.name), item
        if isinstance(item.type, Nested) and item.type.mode == "object":
            yield from leaves(item.type.attributes, value, (*at, item.name))
        elif isinstance(item.type, Nested) and item.type.mode == "map":
            for key, one in value.items():
                yield from leaves(item.type.attributes, one, (*at, item.name, key))
        elif isinstance(item.type, Nested):
            for index, one in enumerate(value):
                yield from leaves(item.type.attributes, one, (*at, item.name, index))


def put(values: Any, path: Path, value: Any) -> Any:
    made = copy.deepcopy(values)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return made


def given_alone(core: Core, kind: str) -> dict[str, Any]:
    """The configuration of an object of the shop, alone: references are ids."""
    found: dict[str, Any] = resolved(shop()[ADDRESSES[kind]], core)
    return found


def plans(core: Core, kind: str, given: dict[str, Any]) -> list[Any]:
    """The plan of one object, as an update; errors have to be at an attribute."""
    address = ADDRESSES[kind]
    held = {address: core.state[address]}
    alone = alone_with(core, held)
    return alone.plan({address: given}, refresh=False)


def alone_with(core: Core, state: dict[str, tuple[str, bytes]]) -> Core:
    made = Core(core._start, core._provider)
    made.state = dict(state)
    made.order = list(state)
    return made


def refused_at_attributes(problem: DiagnosticsError) -> None:
    for told, path in zip(problem.diagnostics, problem.paths, strict=True):
        assert path, (told.summary, told.detail)
        assert "\n\n" in told.detail, told.detail
        assert len(told.detail) < 2000


@pytest.mark.parametrize("kind", KINDS)
def test_a_null_in_every_optional_is_absence(core: Core, kind: str) -> None:
    config = shop(source={"labels": []})
    address = ADDRESSES[kind]
    nulls = {x.name: None for x in settable(kind) if x.optional and x.name not in _NEEDED}
    config[address] = {**config[address], **nulls}
    core.apply(config)
    assert core.plan(config) == []
    absent = copy.deepcopy(config)
    absent[address] = {key: one for key, one in config[address].items() if one is not None}
    assert core.plan(absent) == []


# A function has to be made with a name, and a schedule needs its model.
_NEEDED = {"display_name", "model_id", "key"}


@pytest.mark.parametrize("kind", KINDS)
def test_empty_collections_and_absent_ones(core: Core, kind: str) -> None:
    """`[]` may mean "none" or the same as absence: both plan, apply and then plan empty."""
    for item in settable(kind):
        empty = _empty(item)
        if empty is None or item.required or (kind, item.name) == ("tracking_plan", "rules"):
            continue
        address = ADDRESSES[kind]
        config = shop()
        for value in (empty, None, empty):
            config[address][item.name] = value
            core.apply(config)
            assert core.plan(config) == [], (item.name, value)
        core.apply(shop())


def _empty(item: Attribute) -> Any:
    if item.write_only or not isinstance(item.type, (Items, Nested)):
        return None
    return {"object": None, "map": {}}.get(item.type.mode, [])


@pytest.mark.parametrize("kind", KINDS)
def test_empty_texts_are_planned_or_refused_at_their_attribute(core: Core, kind: str) -> None:
    core.apply(shop())
    given = given_alone(core, kind)
    for path, item in leaves(registry()[kind].attributes.values(), given):
        if item.type not in _TEXTS:
            continue
        try:
            changes = plans(core, kind, put(given, path, ""))
        except DiagnosticsError as problem:
            refused_at_attributes(problem)
        else:
            assert all(change.action in ("update", "replace") for change in changes)


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_an_optional_empty_text_is_settled_by_one_apply(core: Core, kind: str, there: bool) -> None:
    if there:
        core.apply(shop(source={"labels": []}))
    for item in settable(kind):
        if item.type != STRING or item.required or item.name in _NEEDED or item.pattern:
            continue
        if item.reference or item.name.startswith("schedule_") or item.name.endswith("_version"):
            continue
        config = shop(source={"labels": []})
        config[ADDRESSES[kind]][item.name] = ""
        try:
            core.apply(config)
        except DiagnosticsError as problem:
            refused_at_attributes(problem)
        else:
            assert core.plan(config) == [], item.name


LONG = "x" * 64 * 1024


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_64_kib_are_planned_or_refused_at_their_attribute(core: Core, kind: str) -> None:
    core.apply(shop())
    given = given_alone(core, kind)
    for path, item in leaves(registry()[kind].attributes.values(), given):
        if item.type not in _TEXTS:
            continue
        values = {
            SETTINGS: f'{{"long": "{LONG}"}}',
            JSON: f'{{"properties": ["{LONG}"]}}',
            RULE_SCHEMA: f'{{"description": "{LONG}"}}',
        }
        try:
            plans(core, kind, put(given, path, values.get(str(item.type), LONG)))
        except DiagnosticsError as problem:
            refused_at_attributes(problem)


def test_what_is_long_is_applied_whole(core: Core, emulator: Emulator) -> None:
    config = shop(
        function={"code": f"// {LONG}"},
        destination={"settings": f'{{"sharedSecret": "{LONG}"}}'},
        tracking_plan={
            "description": LONG,
            "rules_by_key": {"TRACK:A": {"json_schema": f'{{"description": "{LONG}"}}'}},
        },
    )
    core.apply(config)
    core.refresh()
    assert core.plan(config) == []
    held = emulator.dump()["workspaces"][0]
    assert len(held["functions"][0]["code"]) > len(LONG)
    assert held["destinations"][0]["settings"]["sharedSecret"] == LONG


NAMES = [
    "Größe: 日本 🎉",
    "a:b:c",
    "TRACK:A@2",
    " two  blanks ",
    "q\"uo'te\\",
    "\u202eright to left",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_letters_are_applied_and_imported(core: Core, name: str) -> None:
    named = {kind: "name" for kind in KINDS if "name" in registry()[kind].attributes}
    named |= {
        "destination_filter": "title",
        "function": "display_name",
        "tracking_plan_rule": "key",
    }
    changes: dict[str, dict[str, Any]] = {
        kind: {attribute: name}
        for kind, attribute in named.items()
        if registry()[kind].attributes[attribute].settable
    }
    changes["tracking_plan"]["rules_by_key"] = {_key(name): {"json_schema": OBJECT}}
    config = _changed(changes)
    core.apply(config)
    core.refresh()
    assert core.plan(config) == []
    for kind in changes:
        address = ADDRESSES[kind]
        values = core.values(address)
        tail = "#rules_by_key" if kind == "tracking_plan" else ""
        text = registry()[kind].about.import_id.format(**values) + tail
        del core.state[address]
        core.order.remove(address)
        core.import_(address, text)
    assert core.plan(config) == []


def _changed(changes: Any) -> Config:
    return shop(**changes)


def _key(name: str) -> str:
    from segform.tracking.rules import rule_key

    return rule_key("TRACK", name, 1)


@pytest.mark.parametrize("form", ["rules", "rules_by_key"])
def test_two_thousand_rules(core: Core, emulator: Emulator, form: str) -> None:
    address = "segment_tracking_plan.p"

    def config(changed: str = OBJECT) -> dict[str, dict[str, Any]]:
        schemas = [changed if number == 7 else OBJECT for number in range(2000)]
        rules: Any = [
            {"type": "TRACK", "key": f"Event {number}", "version": 1, "json_schema": schema}
            for number, schema in enumerate(schemas)
        ]
        if form == "rules_by_key":
            rules = {f"TRACK:{one['key']}": {"json_schema": one["json_schema"]} for one in rules}
        return {address: {"name": "P", "type": "LIVE", form: rules}}

    core.apply(config())
    assert core.plan(config()) == []
    emulator.recorder.clear()
    core.apply(config('{"type":"object","required":["a"]}'))
    sent = [e["operation"] for e in emulator.recorder.entries if e["method"] != "GET"]
    assert sent == ["updateRulesInTrackingPlan"]
    assert core.refresh() == {}
    assert len(emulator.dump()["workspaces"][0]["trackingPlans"][0]["rules"]) == 2000


def _delete(core: Core, address: str) -> None:
    """Another state that knows only this object deletes it."""
    other = alone_with(core, {address: core.state[address]})
    other.destroy()


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LASTING])
def test_an_object_that_goes_while_it_is_read(
    core: Core, monkeypatch: pytest.MonkeyPatch, kind: str, after: int
) -> None:
    """It is gone, or as it was, or an error that leaves the state; the next look says which."""
    config = shop(source={"labels": []})
    core.apply(config)
    core.restart()
    address = ADDRESSES[kind]
    before = core.values(address)
    session = Current.session
    assert session is not None
    real, asked = session.client.request, 0

    def request(*arguments: Any, **options: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == after + 1:
            _delete(core, address)
            Current.session = session
        return real(*arguments, **options)

    monkeypatch.setattr(session.client, "request", request)
    read = message("ReadResource.Request")(
        type_name=f"segment_{kind}",
        current_state=core.encode(address, before),
        private=core.state[address][1],
    )
    answer = core._handlers["ReadResource"](read)
    found = core.decode(address, answer.new_state)
    if any(one.severity == 1 for one in answer.diagnostics):
        assert found == before
    if asked <= after:
        _delete(core, address)
    core.restart()
    assert [one.address for one in core.plan(config)][:1] == [address]
    core.apply(config)
    assert core.plan(config) == []


# Another value of an attribute that is changed in place.
CHANGES: dict[str, dict[str, Any]] = {
    "source": {"enabled": False},
    "destination": {"enabled": False},
    "destination_filter": {"title": "Other"},
    "tracking_plan": {"name": "Other"},
    "source_tracking_plan_connection": {
        "schema_settings": {"track": {"allow_unplanned_events": True}}
    },
    "tracking_plan_rule": {"json_schema": '{"type":"object","required":["a"]}'},
    "source_schema_settings": {"identify": {"allow_unplanned_traits": True}},
    "reverse_etl_model": {"name": "Other"},
    "destination_subscription": {"name": "Other"},
    "transformation": {"name": "Other"},
    "warehouse": {"enabled": False},
    "profiles_warehouse": {"enabled": False},
    "function": {"code": "async function onTrack() {}"},
    "insert_function_instance": {"name": "Other"},
    "user": {"permissions": []},
    "user_group": {"name": "Other"},
}


# What is only made and deleted, never changed: one more of it.
MORE: dict[str, dict[str, Any]] = {
    "label": {"key": "team", "value": "growth"},
    "source_warehouse_connection": {
        "source_id": Ref("segment_source.app", "id"),
        "warehouse_id": Ref("segment_warehouse.main", "id"),
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_that_loses_its_role_between_plan_and_apply(
    start: Start, emulator: Emulator, kind: str
) -> None:
    core = start()
    config = shop()
    core.apply(config)
    core.refresh()
    strong, state = core._provider, dict(core.state)
    if kind in MORE:
        config[f"segment_{kind}.more"] = MORE[kind]
    else:
        config[ADDRESSES[kind]].update(CHANGES[kind])
    changes = core.plan(config)
    assert {change.action for change in changes} <= {"create", "update"}
    assert changes
    held = emulator.dump()["workspaces"]
    core.restart({**strong, "token": emulator.tokens["member"]})
    for change in changes:
        with pytest.raises(DiagnosticsError) as caught:
            core._write(change, config)
        assert "role of this token" in str(caught.value) or "may not" in str(caught.value)
    assert emulator.dump()["workspaces"] == held
    assert core.state == state
    # The role is back: nothing was lost on the way.
    core.restart(strong)
    core.apply(config)
    assert core.plan(config) == []


def _write_only(kind: str) -> list[Attribute]:
    return [one for one in settable(kind) if one.write_only]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if _write_only(kind)])
def test_a_terraform_before_write_only_attributes_is_told(core: Core, kind: str) -> None:
    secret = _write_only(kind)
    address = f"segment_{kind}.x"
    for item in secret:
        given: dict[str, Any] = {x.name: UNKNOWN for x in core.attributes(address)}
        given |= dict.fromkeys(one.name for one in secret)
        given[item.name] = {"key": "hush"}
        for allowed in (True, False):
            answer = core._handlers["ValidateResourceConfig"](
                message("ValidateResourceConfig.Request")(
                    type_name=f"segment_{kind}",
                    config=core.encode(address, given),
                    client_capabilities={"write_only_attributes_allowed": allowed},
                )
            )
            paths = [one.attribute.steps[0].attribute_name for one in answer.diagnostics]
            # Terraform quotes the line that a path leads to: not the one with the secret.
            assert paths == ([] if allowed else [f"{item.name}_version"])
            assert "hush" not in str(answer)


ODD_JSON = {
    "deep objects": '{"a":' * 150 + "1" + "}" * 150,
    "deeper lists": '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    "no number": '{"a": NaN}',
    "no end": '{"a": [-Infinity]}',
    "half a character": '{"a": "\\ud800"}',
    "half a name": '{"\\uDC00": 1}',
}


_JSONS = (JSON, SETTINGS, RULE_SCHEMA)
WITH_JSON = [
    kind
    for kind in KINDS
    if any(item.type in _JSONS for _, item in leaves(settable(kind), shop()[ADDRESSES[kind]]))
]


@pytest.mark.parametrize("kind", WITH_JSON)
def test_json_that_nobody_can_send_is_refused_at_its_attribute(core: Core, kind: str) -> None:
    core.apply(shop())
    given = given_alone(core, kind)
    for path, item in leaves(settable(kind), given):
        for odd, text in ODD_JSON.items() if item.type in _JSONS else ():
            with pytest.raises(DiagnosticsError) as caught:
                plans(core, kind, put(given, path, text))
            assert f"Invalid {path[0]}" in str(caught.value), odd
            assert any(one in str(caught.value).lower() for one in ("100 deep", "it holds")), odd
