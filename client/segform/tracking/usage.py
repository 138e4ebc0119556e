"""Who uses a changed event or property: sources, destinations, filters, mappings, transformations.

A filter or a trigger uses an event if it asks for it and could be true for it. It uses a property
if it asks for that property and could be true for its event. A workspace is given in the form of a
snapshot: `sources`, `destinations`, `filters`, `subscriptions`, `transformations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from segform.fql import FQLError, parse
from segform.fql.evaluation import test_of
from segform.fql.syntax import And, Call, Compare, Everything, List, Not, Or, Path

from .comparing.plans import Change

Workspace = Mapping[str, Any]
# What is known of an event of a rule; all else may be anything.
_KNOWN = {("type",), ("event",), ("name",)}
_TEMPLATE = re.compile(r"\{\{\{?\s*([^{}]+?)\s*\}?\}\}")


class Use(NamedTuple):
    """One object that uses what changed. `how` says it in words."""

    kind: str
    id: str
    name: str
    how: str


def affects(
    change: Change, workspace: Workspace, source_ids: Iterable[str] | None = None
) -> list[Use]:
    """The objects of a workspace that use what a change is about.

    `source_ids` are the sources that are connected to the plan; None stands for all of the
    workspace. Text that is no FQL uses nothing.
    """
    return list(_Uses(change, workspace, source_ids).all())


class _Uses:
    def __init__(
        self, change: Change, workspace: Workspace, source_ids: Iterable[str] | None
    ) -> None:
        self._workspace = workspace
        ids = {str(one["id"]) for one in self._each("sources")}
        self._sources = ids if source_ids is None else set(source_ids)
        self._about = _About(change)

    def _each(self, name: str) -> list[Mapping[str, Any]]:
        found = self._workspace.get(name)
        return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []

    def all(self) -> Iterator[Use]:
        for one in self._each("sources"):
            if str(one["id"]) in self._sources:
                how = "its events are held against the plan"
                yield Use("source", str(one["id"]), _name(one), how)
        mine = {str(one["id"]): one for one in self._destinations()}
        for key, one in mine.items():
            yield Use("destination", key, _name(one), "it gets the events of such a source")
        yield from self._filters()
        yield from self._mappings(set(mine))
        yield from self._transformations()

    def _destinations(self) -> Iterator[Mapping[str, Any]]:
        for one in self._each("destinations"):
            if str(one.get("sourceId")) in self._sources:
                yield one

    def _filters(self) -> Iterator[Use]:
        for one in self._each("filters"):
            if str(one.get("sourceId")) not in self._sources:
                continue
            how = self._about.asked(one.get("if")) or self._about.cut(one)
            if how:
                yield Use("filter", str(one["id"]), str(one.get("title") or one["id"]), how)

    def _mappings(self, destinations: set[str]) -> Iterator[Use]:
        for one in self._each("subscriptions"):
            if str(one.get("destinationId")) not in destinations:
                continue
            how = self._about.asked(one.get("trigger"))
            if not how and self._about.could(one.get("trigger")):
                how = self._about.mapped(one.get("settings"))
            if how:
                yield Use("mapping", str(one["id"]), _name(one), how)

    def _transformations(self) -> Iterator[Use]:
        for one in self._each("transformations"):
            if str(one.get("sourceId")) not in self._sources:
                continue
            how = self._about.asked(one.get("if"))
            if not how and self._about.could(one.get("if")):
                how = self._about.transformed(one)
            if how:
                yield Use("transformation", str(one["id"]), _name(one), how)


def _name(one: Mapping[str, Any]) -> str:
    return str(one.get("name") or one.get("slug") or one.get("title") or one["id"])


class _About:
    """What a change is about: an event, or a property of an event."""

    def __init__(self, change: Change) -> None:
        kind, name, _ = change.rule
        self._kind, self._event_name = kind, name
        path = None if change.path is None else _steps(change.path)
        # A place in a list is used by whoever uses the list.
        self._path = None if path is None else tuple(step for step in path if step != "$")
        self._event = {"type": kind.lower()} if kind != "COMMON" else {}
        if name:
            self._event["event" if kind == "TRACK" else "name"] = name

    def could(self, text: Any) -> bool:
        """Whether a condition may be true for the event."""
        tree = _tree(text)
        return tree is not None and self._could(tree) is not False

    def asked(self, text: Any) -> str:
        """How a condition uses what changed; empty where it does not."""
        tree = _tree(text)
        if tree is None or isinstance(tree, Everything) or self._could(tree) is False:
            return ""
        paths = set(_paths(tree))
        if self._path is None:
            asks = ("event",) in paths or ("name",) in paths
            return "its condition asks for the event" if asks and self._event_name else ""
        if any(_overlap(path, self._path) for path in paths):
            return "its condition asks for the property"
        return ""

    def _could(self, node: Any) -> bool | None:
        """Whether a condition holds for the event; None where more would have to be known."""
        if isinstance(node, Everything):
            return True
        if isinstance(node, (And, Or)):
            found = [self._could(item) for item in node.items]
            decisive = isinstance(node, Or)
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        if isinstance(node, Not):
            inner = self._could(node.operand)
            return None if inner is None else not inner
        if self._kind == "COMMON" or not set(_paths(node)) <= _KNOWN:
            return None
        return bool(test_of(node)(self._event))

    def cut(self, one: Mapping[str, Any]) -> str:
        """How the actions of a filter use a property."""
        if self._path is None or len(self._path) < 2 or not self.could(one.get("if")):
            return ""
        for action in one.get("actions") or ():
            fields = action.get("fields") if isinstance(action, Mapping) else None
            for holder, names in fields.items() if isinstance(fields, Mapping) else ():
                at = _steps(str(holder)) if holder else ()
                if any(_overlap((*at, str(name)), self._path) for name in names or ()):
                    word = "keeps" if action.get("type") == "ALLOW_PROPERTIES" else "removes"
                    return f"it {word} the property"
        return ""

    def mapped(self, settings: Any) -> str:
        """How a mapping uses a property."""
        if self._path is None:
            return ""
        for path in _mapped_paths(settings):
            if _overlap(path, self._path):
                return "it sends the property on"
        return ""

    def transformed(self, one: Mapping[str, Any]) -> str:
        """How a transformation uses what changed."""
        if self._path is None:
            same = self._kind == "TRACK" and one.get("newEventName") == self._event_name
            return "it renames an event to this one" if same else ""
        for path, how in _transformed_paths(one):
            if _overlap(path, self._path):
                return how
        return ""


def _transformed_paths(one: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for rename in one.get("propertyRenames") or ():
        yield _steps(str(rename.get("oldName"))), "it renames the property"
        yield _steps(str(rename.get("newName"))), "it renames a property to this one"
    for value in one.get("propertyValueTransformations") or ():
        for path in value.get("propertyPaths") or ():
            yield _steps(str(path)), "it sets the property"
    for defined in one.get("fqlDefinedProperties") or ():
        yield _steps(str(defined.get("propertyName"))), "it computes the property"
        tree = _tree(defined.get("fql"))
        for path in _paths(tree) if tree is not None else ():
            yield path, "it computes another property from it"
    for path in one.get("allowProperties") or ():
        yield _steps(str(path)), "it keeps the property"
    hashed = one.get("hashPropertiesConfiguration")
    for path in hashed.get("paths") or () if isinstance(hashed, Mapping) else ():
        yield _steps(str(path)), "it hashes the property"


def _tree(text: Any) -> Any:
    return _parsed(text) if isinstance(text, str) and text.strip() else None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:
    """The same few conditions are asked about every change."""
    try:
        return parse(text)
    except FQLError:
        return None


def _paths(node: Any) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Path):
        yield node.segments
    elif isinstance(node, (And, Or, List)):
        for item in node.items:
            yield from _paths(item)
    elif isinstance(node, Compare):
        yield from _paths(node.left)
        yield from _paths(node.right)
    elif isinstance(node, Not):
        yield from _paths(node.operand)
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from _paths(argument)


def _mapped_paths(settings: Any) -> Iterator[tuple[str, ...]]:
    """The paths that a mapping reads, wherever in it."""
    todo = [settings]
    while todo:
        one = todo.pop()
        if isinstance(one, Mapping):
            for key, value in one.items():
                if key == "@path" and isinstance(value, str):
                    yield _bracketed(value.removeprefix("$."))
                elif key == "@arrayPath" and isinstance(value, list) and value:
                    if isinstance(value[0], str):
                        yield _bracketed(value[0].removeprefix("$."))
                    todo.extend(value)
                elif key in ("@template", "@liquid") and isinstance(value, str):
                    yield from (_bracketed(found) for found in _TEMPLATE.findall(value))
                else:
                    todo.append(value)
        elif isinstance(one, list):
            todo.extend(one)


def _bracketed(path: str) -> tuple[str, ...]:
    """`a[1].b['c']` as steps, without places in lists."""
    plain = re.sub(r"\[['\"]?([^\]'\"]*)['\"]?\]", r".\1", path)
    return tuple(step for step in _steps(plain) if not step.isdigit())


def _steps(path: str) -> tuple[str, ...]:
    """A path as steps; a dot behind a backslash is part of a name."""
    found = re.split(r"(?<!\\)\.", path)
    return tuple(step.replace("\\.", ".") for step in found if step)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one path is the other, or leads into it. `properties` alone is everybody's."""
    size = min(len(one), len(other))
    return (size > 1 and one[:size] == other[:size]) or one == other


__all__ = ["Use", "affects"]
