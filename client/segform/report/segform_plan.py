"""Our own plan format, version 1 (`contract/schemas/plan.schema.json`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .model import ChangeSet, Hidden, PlanError, Subject
from .values import hidden_settings

_ACTIONS = ("create", "update", "replace", "delete")


def read(document: Mapping[str, Any], beside: Iterable[Subject]) -> ChangeSet:
    """A change set. Raises PlanError."""
    if document.get("version") != 1:
        raise PlanError(f"a plan of version {document.get('version')!r}; this reads version 1")
    changes = document.get("changes")
    if not isinstance(changes, list):
        raise PlanError("the plan has no list of `changes`")
    workspace = document.get("workspace") or {}
    others = {_key(one): one for one in beside}
    found = []
    for change in changes:
        subject = _subject(change)
        stays = others.pop(_key(subject), None)
        found.append(_completed(subject, stays) if stays else subject)
    return ChangeSet(
        subjects=(*found, *others.values()),
        source="segform",
        workspace=workspace.get("slug") or workspace.get("id"),
    )


def _key(subject: Subject) -> tuple[str, str]:
    return subject.kind, subject.id or subject.address


def _subject(change: Mapping[str, Any]) -> Subject:
    action = change["action"]
    if action not in _ACTIONS:
        raise PlanError(f"{change.get('address')}: an unknown action {action!r}")
    before: dict[Any, Any] = {}
    after: dict[Any, Any] = {}
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
    if value is None and len(path) > 1:
        # What is not there, inside of a value that is.
        return
    for step in path[:-1]:
        inner = target.get(step)
        if not isinstance(inner, dict):
            inner = target[step] = dict(inner) if isinstance(inner, Mapping) else {}
        target = inner
    target[path[-1]] = value


def _listed(value: Any) -> Any:
    """Objects whose keys are all places are lists, of which only some elements are known."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    if inner and all(isinstance(key, int) for key in inner):
        return [inner[key] for key in sorted(inner)]
    return inner


def _completed(subject: Subject, stays: Subject) -> Subject:
    """A change of which only what differs is told, on top of what the workspace holds."""
    from dataclasses import replace

    held = stays.before or {}
    before = None if subject.before is None else {**held, **subject.before}
    after = None if subject.after is None else {**held, **subject.after}
    return replace(subject, before=before, after=after)
