"""Checks of single kinds: what ties their attributes together; `checks` says how they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .checks import fql_problems, sentence
from .exact import parsed
from .parts import Problem
from .values import UNKNOWN, is_known


def warehouse(values: Mapping[str, Any]) -> list[Problem]:
    """A warehouse: its name is an attribute, although the service keeps it in the settings."""
    text = values.get("settings")
    try:
        found = parsed(text) if isinstance(text, str) else None
    except ValueError:
        return []
    if not isinstance(found, dict) or "name" not in found:
        return []
    return [
        Problem(
            ("settings",),
            "the name of a warehouse stands among its settings",
            "Give it as the attribute `name`.",
        )
    ]


def profiles_warehouse(values: Mapping[str, Any]) -> list[Problem]:
    """A profiles warehouse: its name may be an attribute or a setting, and there is one name."""
    if values.get("schema_name") == "":
        mend = "Give the name of a schema, or leave it out: then it is the slug of the space."
        return [Problem(("schema_name",), "it is empty", mend)]
    name, text = values.get("name"), values.get("settings")
    try:
        found = parsed(text) if isinstance(text, str) else None
    except ValueError:
        return []
    inner = found.get("name") if isinstance(found, dict) else None
    if not isinstance(name, str) or inner is None or inner == name:
        return []
    return [
        Problem(
            ("name",),
            "the attribute `name` and the `name` among the settings differ",
            "The service keeps one name; give it once.",
        )
    ]


def subscription(values: Mapping[str, Any]) -> list[Problem]:
    """A mapping: its trigger can be carried out, its schedule is for the rows of a model."""
    trigger = values.get("trigger")
    problems = []
    if isinstance(trigger, str):
        problems += fql_problems(trigger, ("trigger",), trigger=True)
    problems += mapping_problems(values.get("settings"))
    schedule = values.get("reverse_etl_schedule")
    if not isinstance(schedule, dict):
        return problems
    if values.get("model_id") is None:
        problems.append(
            Problem(
                ("reverse_etl_schedule",),
                "there is a schedule, but no model whose rows it would read",
                "Give `model_id`, or remove the schedule.",
            )
        )
    # Only who has a schedule pays for it.
    from . import schedules

    where = ("reverse_etl_schedule", "config")
    found = schedules.problems(schedule.get("strategy"), schedule.get("config"), where)
    return [*problems, *found]


def mapping_problems(
    text: Any, action: Mapping[str, Any] | None = None, *, pure: bool = True
) -> list[Problem]:
    """What is wrong with a mapping, as JSON text; with `action` (of the catalogue) its fields too.

    `pure=False`: only what the action's fields have against it.
    """
    try:
        found = parsed(text) if isinstance(text, str) else None
    except ValueError:
        return []
    if not isinstance(found, dict):
        return []
    # Only who has a mapping pays for it.
    from segform.mapping import check

    told = set() if pure else {(one.path, one.message) for one in check(found)}
    return [
        Problem(
            ("settings", *_steps(one.path)),
            f"{one.path}: {one.message}" if one.path.count("/") > 1 else one.message,
            sentence(one.mend),
            one.severity,
        )
        for one in check(found, action)
        if (one.path, one.message) not in told
    ]


def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(
        one.replace("~1", "/").replace("~0", "~") for one in pointer.strip("/").split("/") if one
    )


def function(values: Mapping[str, Any]) -> list[Problem]:
    """A function: each of its settings has a name of its own."""
    settings = values.get("settings")
    return _twice(settings, "settings", "name", "the code reads a setting by its name")


def _twice(elements: Any, where: str, name: str, why: str) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        value = None if element is UNKNOWN else element.get(name)
        if not isinstance(value, str):
            continue
        if value in seen:
            problems.append(
                Problem(
                    (where, index, name), f"{value!r} is given twice; {why}", "Keep one of them."
                )
            )
        seen.add(value)
    return problems


def transformation(values: Mapping[str, Any]) -> list[Problem]:
    """A transformation: it changes something, and renames no property twice."""
    problems = _twice(
        values.get("property_renames"), "property_renames", "old_name", "it can have one new name"
    )
    when = values.get("if")
    if isinstance(when, str):
        problems += fql_problems(when, ("if",))
    for index, made in enumerate(_known(values.get("fql_defined_properties"))):
        where = ("fql_defined_properties", index, "fql")
        text = made.get("fql")
        # A value and no condition: that it is never true says nothing.
        found = fql_problems(text, where) if isinstance(text, str) else []
        problems += [one for one in found if one.severity == "error"]
    if values.get("drop") is not True:
        return problems
    for name in _CHANGES:
        if is_known(values.get(name)) and values.get(name):
            problems.append(
                Problem(
                    (name,),
                    f"the events are dropped, so `{name}` has nothing to change",
                    "Remove it, or `drop`.",
                )
            )
    return problems


_CHANGES = (
    "new_event_name",
    "property_renames",
    "property_value_transformations",
    "fql_defined_properties",
    "allow_properties",
    "hash_properties_configuration",
)


def user(values: Mapping[str, Any]) -> list[Problem]:
    """A user: what an invitation could not say is refused: it would grant more than is meant."""
    problems = []
    for index, permission in enumerate(_known(values.get("permissions"))):
        labels = [
            _pairs(resource.get("labels")) for resource in _known(permission.get("resources"))
        ]
        if len({frozenset(one) for one in labels}) > 1:
            problems.append(
                Problem(
                    ("permissions", index, "resources"),
                    "the resources of one role have different labels, which an invitation cannot "
                    "say: it has labels for the whole role",
                    "Give each of them its own role, or the same labels.",
                )
            )
    return problems


def _known(elements: Any) -> Iterator[Any]:
    for one in elements if isinstance(elements, list) else ():
        if one is not None and is_known(one):
            yield one


def _pairs(labels: Any) -> set[tuple[str, str]]:
    return {(label["key"], label["value"]) for label in labels or ()}


def user_group(values: Mapping[str, Any]) -> list[Problem]:
    """A group: no member twice, whatever the letters of the address."""
    members = values.get("members")
    seen: set[str] = set()
    problems = []
    for member in members if isinstance(members, list) else ():
        if not isinstance(member, str):
            continue
        if "@" not in member:
            problems.append(
                Problem(("members",), f"{member!r} is no address", "Give the email of the member.")
            )
        if member.casefold() in seen:
            problems.append(
                Problem(("members",), f"{member!r} is given twice", "Keep one of them.")
            )
        seen.add(member.casefold())
    return problems
