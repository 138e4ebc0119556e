"""The provider's functions: what they give, and how Terraform learns of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from segform_provider.protocol import codec
from segform_provider.protocol.wire import message
from segform_provider.rpc import handlers
from segform_provider.rpc.functions import FUNCTIONS


def _answer(name: str, *texts: str | None) -> Any:
    arguments = [codec.encode(text, "string") for text in texts]
    request = message("CallFunction.Request")(name=name, arguments=arguments)
    return handlers()["CallFunction"](request)


def _given(name: str, text: str) -> Any:
    answer = _answer(name, text)
    assert not answer.error.text
    return codec.decode(answer.result, FUNCTIONS[name].returns)


@pytest.mark.parametrize(
    ("text", "valid"),
    [('type = "track"', True), ("type = page(", False), ("", False), ("a =", False)],
)
def test_whether_a_condition_is_valid(text: str, valid: bool) -> None:
    assert _given("fql_valid", text) is valid


def test_a_condition_in_its_usual_form() -> None:
    assert _given("fql_format", "type='track'and event=\"A\"") == 'type = "track" and event = "A"'


EVENT = "name: Order Paid\nversion: 2\nproperties:\n  total: {type: number}\nrequired: [total]\n"


@pytest.mark.parametrize("text", [EVENT, json.dumps({"name": "Order Paid", "version": 2})])
def test_a_rule_of_an_events_file(text: str) -> None:
    rule = _given("event_rule", text)
    schema = json.loads(rule.pop("json_schema"))
    assert rule == {
        "type": "TRACK",
        "key": "Order Paid",
        "version": 2,
        "rule_key": "TRACK:Order Paid@2",
    }
    if text is EVENT:
        properties = schema["properties"]["properties"]
        assert properties["properties"]["total"]["type"] == "number"
        assert properties["required"] == ["total"]


@pytest.mark.parametrize("text", ["events/paid.yaml", " paid.yml\n", "paid.json"])
def test_the_name_of_a_file_is_not_its_text(text: str) -> None:
    error = _answer("event_rule", text).error
    assert "is the name of a file; give its text: file(" in error.text
    assert error.HasField("function_argument")
    assert error.function_argument == 0


def test_what_an_error_is_about() -> None:
    error = _answer("fql_format", "type = page(").error
    assert error.text
    assert error.HasField("function_argument")
    # Of the call as a whole: Terraform points at no argument.
    for whole in (_answer("fql_valid").error, _answer("fql_valid", "a", "b").error):
        assert "takes 1 arguments" in whole.text
        assert not whole.HasField("function_argument")


def test_terraform_learns_of_each_with_all_that_is_to_be_said() -> None:
    told = handlers()["GetFunctions"](message("GetFunctions.Request")()).functions
    schema = handlers()["GetProviderSchema"](message("GetProviderSchema.Request")())
    assert dict(told) == dict(schema.functions)
    assert set(told) == set(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        made = told[name]
        assert (made.summary, made.description) == (function.summary, function.description)
        assert json.loads(getattr(made, "return").type) == function.returns
        given = [(x.name, json.loads(x.type), x.description) for x in made.parameters]
        assert given == [(x.name, "string", x.description) for x in function.parameters]
        markdown = {made.description_kind, *(x.description_kind for x in made.parameters)}
        assert markdown == {1}
