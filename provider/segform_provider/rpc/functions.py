"""GetFunctions, CallFunction: `provider::segment::fql_valid(…)` and its like, in any expression.

They are pure: Terraform calls them in processes that know no token. Terraform 1.8 and newer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from segform_provider.protocol import codec
from segform_provider.protocol.wire import message

from .common import answer


class Argument(NamedTuple):
    """A parameter: its name and what it is."""

    name: str
    description: str


class Function(NamedTuple):
    """What Terraform is told of a function, and what it does. All parameters are strings.

    `run` raises ValueError with words for the author of the configuration.
    """

    summary: str
    description: str
    parameters: tuple[Argument, ...]
    returns: Any
    run: Callable[..., Any]


def _fql_valid(text: str) -> bool:
    from segform import fql

    return not any(found.severity == "error" for found in fql.check(text))


def _fql_format(text: str) -> str:
    from segform import fql

    try:
        return str(fql.format(text))
    except fql.FQLError as problem:
        raise ValueError(str(problem)) from None


def _event_rule(text: str) -> dict[str, Any]:
    from segform.resources.exact import dumps
    from segform.tracking.files import load_text
    from segform.tracking.rules import rule_key

    if "\n" not in text.strip() and text.strip().endswith((".yaml", ".yml", ".json")):
        raise ValueError(f"{text.strip()!r} is the name of a file; give its text: file({text!r})")
    try:
        event = load_text(text, "event", is_json=text.lstrip().startswith("{"))
    except ImportError as problem:
        raise ValueError(str(problem)) from None
    return {
        "type": event.call,
        "key": event.name,
        "version": event.version,
        "json_schema": dumps(event.rule()["json_schema"]),
        "rule_key": rule_key(event.call, event.name, event.version),
    }


_RULE = [
    "object",
    {
        "type": "string",
        "key": "string",
        "version": "number",
        "json_schema": "string",
        "rule_key": "string",
    },
]
_FQL = Argument("fql", "FQL: the condition of a filter, a mapping's trigger, a transformation.")

FUNCTIONS = {
    "fql_valid": Function(
        "Whether a text is FQL that the service takes",
        "True for FQL without errors. Use it in `validation` blocks of variables.",
        (_FQL,),
        "bool",
        _fql_valid,
    ),
    "fql_format": Function(
        "FQL in its canonical spelling",
        "The same condition with the same blanks, quotes and brackets, however it was written. An "
        "error for what is no FQL.",
        (_FQL,),
        "string",
        _fql_format,
    ),
    "event_rule": Function(
        "The rule of an event file",
        "An event file, in YAML or JSON, as a rule of a tracking plan: `type`, `key`, `version` "
        "and `json_schema`, and `rule_key`, its key in `rules_by_key`. Give the text, so that "
        'Terraform knows of the file: `provider::segment::event_rule(file("plan/order.yaml"))`. '
        "A mistake is told with line and column.",
        (Argument("event", "Text of the event file."),),
        _RULE,
        _event_rule,
    ),
}


def signatures() -> dict[str, Any]:
    """Every function as Terraform's schema has it."""
    return {name: _signature(function) for name, function in FUNCTIONS.items()}


def _signature(function: Function) -> Any:
    made = message("Function")(summary=function.summary, description=function.description)
    made.description_kind = 1
    for argument in function.parameters:
        made.parameters.add(
            name=argument.name,
            type=json.dumps("string").encode(),
            description=argument.description,
            description_kind=1,
        )
    getattr(made, "return").type = json.dumps(function.returns).encode()
    return made


def get_functions(_request: Any) -> Any:
    """All functions."""
    return answer("GetFunctions", functions=signatures())


def call_function(request: Any) -> Any:
    """What a function gives; an error of the text names the argument."""
    function = FUNCTIONS.get(request.name)
    if function is None:
        return _error(f"this provider has no function {request.name!r}")
    arguments = [codec.decode(value, "string") for value in request.arguments]
    if len(arguments) != len(function.parameters):
        return _error(f"{request.name} takes {len(function.parameters)} arguments")
    if None in arguments:
        return _error(f"{request.name} takes no null", arguments.index(None))
    try:
        found = function.run(*arguments)
    except ValueError as problem:
        return _error(str(problem), 0)
    return answer("CallFunction", result=codec.encode(found, function.returns))


def _error(text: str, argument: int | None = None) -> Any:
    error: dict[str, Any] = {"text": text}
    if argument is not None:
        error["function_argument"] = argument
    return answer("CallFunction", error=error)
