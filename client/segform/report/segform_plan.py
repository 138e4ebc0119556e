"""Our own plan format, version 1 (`contract/schemas/plan.schema.json`)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from segform.resources.exact import parsed

from .model import ChangeSet, Hidden, PlanError, Subject
from .values import hidden_settings

_ACTIONS = ("create", "update", "replace", "delete")
# Two forms of the same: the rules of a plan.
_RULES = frozenset({"rules", "rules_by_key"})


def read(document: Mapping[str, Any], beside: Iterable[Subject]) -> ChangeSet:
    """A change set. Raises PlanError."""
    if document.get("version") != 1:
        raise PlanError(f"a plan of version {document.get('version')!r}; this reads version 1")
    changes = document.get("changes")
    if not isinstance(changes, list):
        raise PlanError("the plan has no list of `changes`")
    workspace = document.get("workspace") or {}
    others = {_key(one): one for one in (*map(_staying, document.get("beside", ())), *beside)}
    found = []
    for change in changes:
        stays = others.pop((str(change["kind"]), change.get("id") or str(change["address"])), None)
        found.append(_subject(change, stays))
    return ChangeSet(
        subjects=(*found, *others.values()),
        source="segform",
        workspace=workspace.get("slug") or workspace.get("id"),
    )


def _key(subject: Subject) -> tuple[str, str]:
    return subject.kind, subject.id or subject.address


def _staying(one: Mapping[str, Any]) -> Subject:
    values = dict(one["values"])
    return Subject(str(one["address"]), str(one["kind"]), str(one["id"]), "none", values, values)


def _subject(change: Mapping[str, Any], stays: Subject | None) -> Subject:
    """A change on top of what the object is now; `stays` tells more of that, if anything."""
    action = change["action"]
    if action not in _ACTIONS:
        raise PlanError(f"{change.get('address')}: an unknown action {action!r}")
    told = change.get("before")
    held = told if told is not None else _of_snapshot(stays, change["attributes"])
    before, after = copy.deepcopy(dict(held)), copy.deepcopy(dict(held))
    for attribute in change["attributes"]:
        path = attribute["path"]
        secret = bool(attribute.get("secret"))
        for side, name in ((before, "before"), (after, "after")):
            if name in attribute:
                value = attribute[name]
                _put(side, path, Hidden(value) if secret and value is not None else value)
    kind = str(change["kind"])
    return Subject(
        address=str(change["address"]),
        kind=kind,
        id=change.get("id"),
        action=action,
        before=None if action == "create" else hidden_settings(kind, _listed(before)),
        after=None if action == "delete" else hidden_settings(kind, _listed(after)),
        reasons=tuple(map(str, change.get("reasons", ()))),
        consequence=str(change.get("consequence", "")),
    )


def _put(target: dict[Any, Any], path: list[Any], value: Any) -> None:
    for step in path[:-1]:
        inner = target.get(step)
        if isinstance(inner, str):
            # A schema is a text, of which the plan tells the parts that differ.
            inner = parsed(inner)
        target[step] = target = dict(inner) if isinstance(inner, Mapping) else {}
    if value is None and len(path) > 1:
        # What is not there, inside of a value that is.
        target.pop(path[-1], None)
    else:
        target[path[-1]] = value


def _listed(value: Any) -> Any:
    """Objects whose keys are all places are lists, of which only some elements are known."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    if inner and all(isinstance(key, int) for key in inner):
        return [inner[key] for key in sorted(inner)]
    return inner


def _of_snapshot(stays: Subject | None, attributes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a snapshot says of a changed object, but for what the change tells by itself."""
    told = {attribute["path"][0] for attribute in attributes}
    if told & _RULES:
        told |= _RULES
    return (
        {name: one for name, one in (stays.before or {}).items() if name not in told}
        if stays
        else {}
    )
