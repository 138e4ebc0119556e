"""What is no configuration and still comes from outside: functions' texts, states, import ids.

Each gets an answer or a message for people, in a moment; no call of the provider ends in an error
of its own.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from segform.resources import data_sources, registry
from segform_provider.protocol import codec
from segform_provider.protocol.wire import message
from segform_provider.rpc import handlers
from segform_provider.rpc.functions import FUNCTIONS

from .core import Core, CoreError, DiagnosticsError
from .shop import ADDRESSES, shop

KINDS = list(registry())
MOST = 3000  # letters of a message

TEXTS = {
    "nothing": "",
    "a blank": " ",
    "a null byte": "a = 'b\x00'",
    "brackets": "(" * 70_000,
    "nots": "not " * 20_000,
    "a long word": "a" * 65_536,
    "a long number": "a = " + "1" * 65_536,
    "a long path": "a." * 30_000 + "b = 1",
    "calls": "contains(" * 5000,
    "a large number": "a = 1e999999999",
    "other letters": "日本 = '\u202ex'",
    "braces": "{" * 60_000,
    "lists": "[" * 60_000,
    "dashes": "- " * 30_000,
    "aliases": "a1: &a1 [x,x,x]\n"
    + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 40)}]\n" for i in range(2, 8)),
    "infinite": "name: x\nversion: .inf",
    "infinite by size": "name: x\nversion: 1e400",
    "infinite in JSON": '{"name": "x", "version": 1e999999999}',
    "no number": "name: x\nversion: .nan",
    "a list for a name": "name: [x]",
    "a tag": "name: !!python/object/apply:os.system [id]",
    "deep properties": '{"name":"x","properties":'
    + '{"a":{"properties":' * 3000
    + "{}"
    + "}}" * 3000
    + "}",
    "two documents": "name: x\n---\nname: y",
    "a name twice": "name: x\nname: y",
    "a number": "5",
    "null": "null",
    "a mark": "\ufeffname: x",
    "a reference to a file": "name: x\nproperties: {a: {$ref: 'file:///etc/passwd'}}",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_answer_whatever_they_are_given(name: str, text: str) -> None:
    answer = _called(name, text)
    if answer.error.text:
        assert answer.error.function_argument == 0
        assert len(answer.error.text) < MOST
        assert "\x00" not in answer.error.text
        return
    found = codec.decode(answer.result, FUNCTIONS[name].returns)
    assert found is not None
    if name == "event_rule":
        assert json.loads(found["json_schema"])


def _called(name: str, *texts: str | None) -> Any:
    arguments = [codec.encode(text, "string") for text in texts]
    request = message("CallFunction.Request")(name=name, arguments=arguments)
    return handlers()["CallFunction"](request)


def test_functions_say_what_they_take() -> None:
    assert "takes 1 arguments" in _called("fql_valid").error.text
    assert "takes no null" in _called("fql_valid", None).error.text
    assert "has no function" in _called("fql_wrong", "").error.text


WHOLE = [b"[]", b"null", b"5", b'"x"', b"{", b"\xff\xfe", b"{}"]
PARTS = [5, 1.5, True, "x", [], [None], [[]], [{"a": 1}], {}, {"a": None}]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_state_of_another_form_is_told(core: Core, kind: str) -> None:
    """Damaged by hand, or of another provider that has the same name for its type."""
    core.apply(shop())
    values = json.loads(core.state[ADDRESSES[kind]][0])
    for raw in WHOLE:
        assert bool(_upgraded(core, kind, raw)) is (raw != b"{}"), raw
        assert _moved(core, kind, raw)
    for name, part in ((name, part) for name in values for part in PARTS):
        raw = json.dumps({**values, name: part}).encode()
        for said in (*_upgraded(core, kind, raw), *_moved(core, kind, raw)):
            assert said.startswith("This state cannot be read: ")
            assert f"`{name}" in said or "it lacks" in said, (name, part, said)
            assert len(said) < MOST


def _upgraded(core: Core, kind: str, raw: bytes) -> list[str]:
    return _told(core, "UpgradeResourceState", type_name=f"segment_{kind}", raw_state={"json": raw})


def _moved(core: Core, kind: str, raw: bytes) -> list[str]:
    return _told(
        core,
        "MoveResourceState",
        source_provider_address="registry.terraform.io/segmentio/segment",
        source_type_name=f"segment_{kind}",
        target_type_name=f"segment_{kind}",
        source_state={"json": raw},
    )


def _told(core: Core, rpc: str, **fields: Any) -> list[str]:
    try:
        core.call(rpc, **fields)
    except DiagnosticsError as problem:
        return [f"{one.summary}: {one.detail}" for one in problem.diagnostics]
    return []


IDS = [
    "",
    " ",
    ":",
    "a:b",
    "a:b:c:d:e",
    "../../x",
    "%2e%2e",
    "x" * 65_536,
    "日本",
    "a\nb",
    "\x00",
    "a/b",
    "?x=1#y",
    "tp_x#",
    "tp_x#nope",
    "tp_x#rules_by_key#x",
    "tp_x:TRACK",
    "tp_x:NOTHING:a",
    "{id}",
    "•",
]


@pytest.mark.slow
@pytest.mark.parametrize("text", IDS, ids=lambda text: repr(text[:12]))
def test_an_import_id_that_names_nothing(core: Core, text: str) -> None:
    for kind in KINDS:
        with pytest.raises((DiagnosticsError, CoreError)) as caught:
            core.import_(f"segment_{kind}.x", text)
        # "There is no …" is what the driver says, as Terraform does, of what was not found.
        if isinstance(caught.value, DiagnosticsError):
            assert len(str(caught.value)) < MOST
        else:
            assert str(caught.value).endswith(f"there is no {text}")


LOOK_UPS = {
    name: [one for one in ("id", "slug", "name") if one in kind.attributes]
    for name, kind in data_sources().items()
    if not kind.about.lists and "id" in kind.attributes and kind.attributes["id"].settable
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_data_source_that_finds_nothing_says_where(core: Core, name: str) -> None:
    settable = data_sources()[name].attributes
    for field in (one for one in LOOK_UPS[name] if settable[one].settable):
        for text in ("", " ", "x" * 65_536, "../..", "a/b", "日本", "\x00", "%00"):
            with pytest.raises(DiagnosticsError) as caught:
                core.data(f"segment_{name}", **{field: text})
            # Where `id` is required, that is what is missed.
            assert caught.value.paths in ([field], ["id"]), (field, text)
            assert len(str(caught.value)) < MOST
