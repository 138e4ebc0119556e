"""Checks on one configuration: no I/O, nothing known but what is written there.

Each takes the values of a configuration by attribute name (unknowns as `UNKNOWN`) and gives the
problems it found. What definitions say of single attributes (patterns, limits, one of) is checked
by `attributes`, for all kinds; what ties attributes together has a function of its own, named in
the definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .definition import JSON, SETTINGS, Attribute, Items, Nested
from .exact import parsed, unwritable
from .ids import LOOKALIKES
from .parts import SHOWN, Problem, short
from .values import UNKNOWN

Path = tuple[str | int, ...]

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
_MASK = "•"


def attributes(known: Mapping[str, Attribute], values: Mapping[str, Any]) -> list[Problem]:
    """What the attributes say of themselves: limits, patterns, allowed values, valid JSON.

    Elements that are null come first and alone: whatever else looks at a collection may rely on
    there being none.
    """
    return list(_nulls(known.values(), values, ())) or list(_object(known.values(), values, ()))


def required(known: Mapping[str, Attribute], values: Mapping[str, Any]) -> list[Problem]:
    """What is required and null: Terraform itself only sees to it that it is written."""
    return list(_missing(known.values(), values, ()))


def _missing(items: Any, values: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    for item in items:
        kind, value, here = item.type, values.get(item.name), (*path, item.name)
        if value is None and item.required:
            mend = f"Give a value: {item.description}"
            if item.sensitive:
                mend += " `terraform plan -generate-config-out` leaves out what may be a secret."
            yield Problem(here, "it is required, and null", mend)
        if value is None or value is UNKNOWN or not isinstance(kind, Nested):
            continue
        if kind.mode == "object":
            yield from _missing(kind.attributes, value, here)
            continue
        for key, element in value.items() if isinstance(value, dict) else enumerate(value):
            if element is not None and element is not UNKNOWN:
                yield from _missing(kind.attributes, element, (*here, key))


def _nulls(items: Any, values: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """The elements of collections that are null; Terraform lets them through."""
    for item in items:
        kind, value, here = item.type, values.get(item.name), (*path, item.name)
        if value is None or value is UNKNOWN or not isinstance(kind, (Nested, Items)):
            continue
        if kind.mode == "object":
            yield from _nulls(kind.attributes, value, here)
        elif not item.write_only:
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for key, element in pairs:
                if element is None:
                    mend = "Remove it; `[for one in … : one if one != null]` leaves nulls out."
                    yield Problem((*here, key), "an element is null", mend)
                elif isinstance(kind, Nested) and element is not UNKNOWN:
                    yield from _nulls(kind.attributes, element, (*here, key))


def _object(items: Any, values: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    for item in items:
        value = values.get(item.name)
        if value is not None and value is not UNKNOWN:
            yield from _attribute(item, value, (*path, item.name))


def _attribute(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    kind = item.type
    if isinstance(kind, (Nested, Items)) and kind.mode != "object":
        yield from _collection(item, kind, value, path)
    elif isinstance(kind, Nested):
        yield from _object(kind.attributes, value, path)
    else:
        for rule in (_one_of, _pattern, _foreign, _length, _range, _json):
            yield from rule(item, value, path)


def _collection(item: Attribute, kind: Nested | Items, value: Any, path: Path) -> Iterator[Problem]:
    if item.max_items is not None and len(value) > item.max_items:
        yield Problem(
            path,
            f"{len(value)} elements; the service takes at most {item.max_items}",
            f"Keep {item.max_items} of them.",
        )
    if item.min_items is not None and len(value) < item.min_items:
        yield Problem(
            path,
            f"{len(value)} elements; the service wants at least {item.min_items}",
            f"Give {item.min_items}: {item.description}",
        )
    if not isinstance(kind, Nested):
        return
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, element in pairs:
        if element is not None and element is not UNKNOWN:
            yield from _object(kind.attributes, element, (*path, key))


def _one_of(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    if item.one_of and value not in item.one_of:
        import difflib

        near = difflib.get_close_matches(str(value)[:SHOWN].upper(), item.one_of, n=1, cutoff=0.5)
        meant = f"Did you mean {near[0]}? " if near else ""
        known = ", ".join(item.one_of)
        if item.closed:
            yield Problem(path, f"{short(value)} is not possible here", f"{meant}Allowed: {known}.")
            return
        # The service may have learned it since; what it does not know it refuses by itself.
        yield Problem(
            path,
            f"{short(value)} is not a value that the service was known to take",
            f"{meant}Known: {known}.",
            "warning",
        )


def _foreign(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    for one in (*item.foreign, *LOOKALIKES.get(item.reference or "", ())):
        if str(value).startswith(one.prefix):
            yield Problem(path, f"{short(value)} {one.message}", one.mend, one.severity)


def _pattern(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    if item.pattern and not re.fullmatch(item.pattern, str(value)):
        yield Problem(path, f"{short(value)} does not match {item.pattern}", item.description)


# The longest id that the API takes in a path.
_LONGEST_ID = 255


def _length(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    most = item.max_length or (_LONGEST_ID if item.reference or item.one_of else None)
    if most is not None and len(value) > most:
        yield Problem(
            path,
            f"{len(value)} characters; the service takes at most {most}",
            f"Shorten it to {most} characters.",
        )
    if item.required and value == "" and not item.blank:
        yield Problem(path, "it is empty", f"Give a value: {item.description}")


def _range(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    low, high = item.minimum, item.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        span = f"{low} to {high}" if low is not None and high is not None else f"{low or high}"
        yield Problem(path, f"{value} is out of range", f"Give a number from {span}.")


def _json(item: Attribute, value: Any, path: Path) -> Iterator[Problem]:
    # Rules' schemas are looked at more closely by the tracking plan's own check.
    if item.type not in (JSON, SETTINGS) or not isinstance(value, str):
        return
    try:
        found = parsed(value)
    except ValueError as problem:
        yield Problem(path, f"it is not valid JSON: {problem}", "Write it with jsonencode(…).")
        return
    odd = any(one in value for one in _ODD) and unwritable(found)
    if odd:
        yield Problem(path, odd, "Write it with jsonencode(…).")
    elif item.type == SETTINGS and not isinstance(found, dict):
        yield Problem(
            path,
            f"settings are a JSON object, not {_json_type(found)}",
            'Write jsonencode({ … }), for example jsonencode({ apiKey = "…" }).',
        )


# In the text of what no JSON can be written of.
_ODD = ("NaN", "Infinity", "\\ud", "\\uD")


def _json_type(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


def source(values: Mapping[str, Any]) -> list[Problem]:
    """A source: its labels name a key once, its settings hold no mask."""
    problems = settings(values)
    seen: dict[str, int] = {}
    labels = values.get("labels")
    for index, label in enumerate(labels if isinstance(labels, list) else ()):
        key = None if label is UNKNOWN else label.get("key")
        if not isinstance(key, str):
            continue
        if key in seen:
            problems.append(
                Problem(
                    ("labels", index, "key"),
                    f"the label key {key!r} is given twice; an object has one value per key",
                    "Keep one of them.",
                )
            )
        seen[key] = index
    return problems


def settings(values: Mapping[str, Any]) -> list[Problem]:
    """Settings hold no mask, and nothing that the write-only ones hold too."""
    return _in_both(values) + _copied(values)


def _in_both(values: Mapping[str, Any]) -> list[Problem]:
    text, problems, seen = values.get("settings"), [], set()
    try:
        found = parsed(text) if isinstance(text, str) else {}
    except ValueError:
        found = {}
    for name in ("secret_settings_wo", "setting_secrets_wo"):
        secret = values.get(name)
        for key, value in secret.items() if isinstance(secret, dict) else ():
            if value is None:
                continue
            where = "settings" if isinstance(found, dict) and key in found else ""
            where = where or ("secret_settings_wo" if key in seen else "")
            if where:
                problems.append(
                    Problem(
                        (where,),
                        f"{key} is in `{where}` and in `{name}`",
                        f"Keep it in `{name}`, which is in no state.",
                    )
                )
            seen.add(key)
    return problems


def _copied(values: Mapping[str, Any]) -> list[Problem]:
    """Settings that were copied from an answer of the service hold its mask, not the secret."""
    text = values.get("settings")
    if not isinstance(text, str) or not any(one in text for one in (_MASK, "\\u2022")):
        return []
    try:
        found = _masked(parsed(text), "")
    except ValueError:
        return []
    return [
        Problem(
            ("settings",),
            f"{pointer} holds the mask that the service shows in place of a secret",
            "It is never written back. Give the secret itself (from a variable), or leave the key "
            "out and it stays as it is.",
            "warning",
        )
        for pointer in found
    ]


def _masked(value: Any, pointer: str) -> list[str]:
    if isinstance(value, str):
        return [pointer or "/"] if _MASK in value else []
    if isinstance(value, dict):
        return [p for key, item in value.items() for p in _masked(item, f"{pointer}/{key}")]
    if isinstance(value, list):
        return [p for i, item in enumerate(value) for p in _masked(item, f"{pointer}/{i}")]
    return []


def destination_filter(values: Mapping[str, Any]) -> list[Problem]:
    """A filter: FQL that can be carried out, and actions whose attributes belong together."""
    problems: list[Problem] = []
    when = values.get("if")
    if isinstance(when, str):
        problems += fql_problems(when, ("if",))
    actions = values.get("actions")
    if not isinstance(actions, list):
        return problems
    if not actions:
        problems.append(
            Problem(("actions",), "a filter without actions does nothing", "Give one action.")
        )
    for index, action in enumerate(actions):
        if action is not None and action is not UNKNOWN:
            problems += _action(action, ("actions", index))
    return problems


# What each action needs and what it may have beside its type.
_ACTION_NEEDS = {
    "DROP": (set(), set()),
    "SAMPLE": ({"percent"}, {"percent", "path"}),
    "DROP_PROPERTIES": ({"fields"}, {"fields"}),
    "ALLOW_PROPERTIES": ({"fields"}, {"fields"}),
}


def _action(action: Mapping[str, Any], path: Path) -> list[Problem]:
    kind = action.get("type")
    if not isinstance(kind, str) or kind not in _ACTION_NEEDS:
        return []
    needs, may = _ACTION_NEEDS[kind]
    problems = [
        Problem((*path, name), f"{kind} needs `{name}`", f"Give `{name}`.")
        for name in sorted(needs)
        if action.get(name) is None
    ]
    problems += [
        Problem((*path, name), f"`{name}` has no meaning for {kind}", f"Remove `{name}`.")
        for name in ("fields", "path", "percent")
        if action.get(name) not in (None, UNKNOWN) and name not in may
    ]
    fields = action.get("fields")
    if isinstance(fields, str) and "fields" in may:
        problems += _fields(fields, (*path, "fields"))
    return problems


def _fields(text: str, path: Path) -> list[Problem]:
    try:
        found = parsed(text)
    except ValueError:
        return []
    good = isinstance(found, dict) and all(
        isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        for keys in found.values()
    )
    if good:
        return []
    mend = 'Write a map of lists, for example jsonencode({ properties = ["email"] }).'
    return [Problem(path, "it is not a map of objects to the lists of their keys", mend)]


def fql_problems(text: str, path: Path, *, trigger: bool = False) -> list[Problem]:
    """What is wrong with an FQL text, with line and column; `trigger`: the one of a mapping.

    `AND` and `==`, which the service has stored for others, are warnings: a workspace that has
    such filters can still be planned.
    """
    # Only who has FQL pays for it.
    from segform.fql import check

    return [
        Problem(
            path,
            f"FQL, line {one.line}, column {one.column}: {one.message}",
            sentence(one.mend),
            one.severity,
        )
        for one in check(text, trigger=trigger, lenient=True)
    ]


def sentence(text: str) -> str:
    """A mend with a full stop at its end."""
    return f"{text}." if text and text[-1] not in ".?!" else text


def label(values: Mapping[str, Any]) -> list[Problem]:
    """A label: both parts start with a letter and hold letters, digits and dashes."""
    return [
        Problem(
            (name,),
            f"{short(value)} is no label {name}",
            "Start with a letter; use letters, digits, hyphens and dashes.",
        )
        for name in ("key", "value")
        if isinstance(value := values.get(name), str) and value and not _LABEL.match(value)
    ]


def one_look_up(values: Mapping[str, Any]) -> list[Problem]:
    """A catalogue look-up: exactly one of `id`, `slug` and `name`."""
    given = [name for name in ("id", "slug", "name") if values.get(name) is not None]
    # What is not known yet may turn out to be null; it is looked at again when it is known.
    if len(given) == 1 or any(values[name] is UNKNOWN for name in given):
        return []
    found = "none is given" if not given else f"{' and '.join(given)} are given"
    where: Path = (given[1],) if given else ()
    return [Problem(where, f"{found}; the catalogue is looked up by one", "Keep exactly one.")]


def run_pure(
    checks: Any, known: Mapping[str, Attribute], values: Mapping[str, Any]
) -> list[Problem]:
    """All pure checks of a definition on one configuration, the general ones first."""
    from importlib import import_module

    problems = list(_nulls(known.values(), values, ()))
    if problems:
        return problems
    problems = list(_object(known.values(), values, ()))
    for check in checks:
        if check.stage == "pure":
            module, _, name = check.run.partition(":")
            function: Callable[[Mapping[str, Any]], list[Problem]]
            function = getattr(import_module(module), name)
            problems += function(values)
    return problems
