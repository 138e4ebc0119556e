"""What jsonschema-rs finds, told as the service tells violations.

The service's own names are known for `Required` and `Invalid Type` (and the field `(root)`); its
texts are those of a Go library whose names for the other kinds are used here in the same spelling,
which is inferred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

ROOT = "(root)"
Path = Sequence[str | int]


class Violation(NamedTuple):
    """One violation: the path that it is about (`properties.total`), its kind, and what is wrong.

    `field` is `(root)` for the whole message; `type` is the service's name, such as `Required`.
    """

    field: str
    type: str
    message: str


def told(errors: Sequence[Any], event: Any) -> list[Violation]:
    """Errors of jsonschema-rs about an event as violations, by field, each once."""
    # A value of a wrong type is told as that: what else its schema asks is not looked at.
    wrong = {
        (tuple(error.instance_path), tuple(error.schema_path[:-1]))
        for error in errors
        if _kind(error) == "Type"
    }
    found: dict[Violation, None] = {}
    for error in errors:
        if wrong and _is_moot(error, wrong):
            continue
        for violation in _violations(error, event):
            found[violation] = None
        for violation in _around(error):
            found[violation] = None
    return sorted(found)


def _unexpected(error: Any, event: Any) -> list[str] | None:
    """The properties that may not be there, where that is what an error is about."""
    if _kind(error) == "AdditionalProperties":
        return list(error.kind.unexpected)
    if _kind(error) != "FalseSchema" or error.schema_path[-1:] != ["additionalProperties"]:
        return None
    # Where a schema names no properties at all, it is told without their names.
    for step in error.instance_path:
        event = event[step]
    return list(event)


def paths(error: Any, event: Any) -> list[tuple[str | int, ...]]:
    """Where there is something that does not fit; a property that is missing is nowhere."""
    at = tuple(error.instance_path)
    if _kind(error) == "Required":
        return []
    unexpected = _unexpected(error, event)
    return [at] if unexpected is None else [(*at, name) for name in unexpected]


def _is_moot(error: Any, wrong: set[tuple[tuple[Any, ...], tuple[Any, ...]]]) -> bool:
    at, schema = tuple(error.instance_path), tuple(error.schema_path)
    return any(
        at == place and schema[: len(below)] == below and schema != (*below, "type")
        for place, below in wrong
    )


def _kind(error: Any) -> str:
    # Older versions call the class ValidationErrorKind_Type, newer ones Type.
    return type(error.kind).__name__.rpartition("_")[2]


def _field(path: Path) -> str:
    return ".".join(map(str, path)) or ROOT


def _violations(error: Any, event: Any) -> Iterator[Violation]:
    kind, path, about = _kind(error), list(error.instance_path), error.kind
    if kind == "Required":
        field = _field([*path, about.property])
        if "dependencies" in error.schema_path[-2:]:
            yield Violation(_field(path), "Missing Dependency", f"It needs {about.property} too")
        else:
            yield Violation(field, "Required", f"{field} is required")
    elif (unexpected := _unexpected(error, event)) is not None:
        for name in unexpected:
            field = _field([*path, name])
            yield Violation(
                field, "Additional Property Not Allowed", f"{field} is not in the schema"
            )
    else:
        name, words = _WORDS.get(kind, (kind, lambda error: error.message))
        yield Violation(_field(path), name, words(error))


def _around(error: Any) -> Iterator[Violation]:
    """The combinations of schemas that fail because something in them does."""
    steps, at, depth = list(error.schema_path), 0, 0
    path = list(error.instance_path)
    while at < len(steps) - 1:
        step = steps[at]
        if step in ("properties", "patternProperties"):
            at, depth = at + 2, depth + 1
        elif step in ("additionalProperties", "additionalItems", "contains", "items"):
            at, depth = at + 1 + isinstance(steps[at + 1], int), depth + 1
        elif step in ("allOf", "definitions", "dependencies"):
            if step == "allOf":
                yield Violation(_field(path[:depth]), *_ALL_OF)
            at += 2
        else:
            if step in _CONDITIONS:
                yield Violation(_field(path[:depth]), *_CONDITIONS[step])
            at += 1


_ALL_OF = ("Number All Of", "Must validate all the schemas (allOf)")
_CONDITIONS = {
    "then": ("Condition Then", 'Must validate "then" as "if" was valid'),
    "else": ("Condition Else", 'Must validate "else" as "if" was not valid'),
}


def _given(value: Any) -> str:
    """The name of a value's type; a number is told apart by its value, 5.0 is an integer."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, (int, float, Decimal)):
        return "integer" if value == value // 1 else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, (list, tuple)) else "object"


def _wrong_type(error: Any) -> str:
    types = list(error.kind.types)
    expected = types[0] if len(types) == 1 else f"[{','.join(types)}]"
    return f"Invalid type. Expected: {expected}, given: {_given(error.instance)}"


def _limit(words: str) -> Callable[[Any], str]:
    return lambda error: words.format(error.kind.limit)


def _says(words: str) -> Callable[[Any], str]:
    return lambda _error: words


_Words = Callable[[Any], str]
# jsonschema-rs's kind -> (the service's name, what is wrong).
_WORDS: dict[str, tuple[str, _Words]] = {
    "Type": ("Invalid Type", _wrong_type),
    "Enum": ("Enum", lambda error: f"Not one of the permitted values: {error.kind.options}"),
    "Constant": ("Const", lambda error: f"Not the one value: {error.kind.expected_value}"),
    "AnyOf": ("Number Any Of", _says("Fits none of the schemas of anyOf")),
    "OneOfNotValid": ("Number One Of", _says("Fits none of the schemas of oneOf")),
    "OneOfMultipleValid": ("Number One Of", _says("Fits more than one schema of oneOf")),
    "Not": ("Number Not", _says("Fits the schema that it must not fit (not)")),
    "AdditionalItems": ("Array No Additional Items", _says("Has more elements than the schema")),
    "MinItems": ("Array Min Items", _limit("Needs at least {} elements")),
    "MaxItems": ("Array Max Items", _limit("May have at most {} elements")),
    "UniqueItems": ("Unique", _says("Has an element twice")),
    "Contains": ("Contains", _says("Has no element that fits `contains`")),
    "MinProperties": ("Array Min Properties", _limit("Needs at least {} properties")),
    "MaxProperties": ("Array Max Properties", _limit("May have at most {} properties")),
    "PropertyNames": ("Invalid Property Name", _says("Has a property whose name does not fit")),
    "MinLength": ("String Gte", _limit("Needs at least {} characters")),
    "MaxLength": ("String Lte", _limit("May have at most {} characters")),
    "Pattern": ("Pattern", lambda error: f"Does not match the pattern {error.kind.pattern}"),
    # The one keyword of ours: patterns with flags.
    "Custom": ("Pattern", lambda error: error.message),
    "Format": ("Format", lambda error: f"Is not in the format {error.kind.format}"),
    "MultipleOf": ("Multiple Of", lambda error: f"Is no multiple of {error.kind.multiple_of}"),
    "Minimum": ("Number Gte", _limit("Has to be {} or more")),
    "ExclusiveMinimum": ("Number Gt", _limit("Has to be more than {}")),
    "Maximum": ("Number Lte", _limit("Has to be {} or less")),
    "ExclusiveMaximum": ("Number Lt", _limit("Has to be less than {}")),
    "FalseSchema": ("False", _says("Nothing is allowed here")),
}
