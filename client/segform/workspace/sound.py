"""Whether a snapshot that somebody wrote or edited can be read: the first thing that is wrong.

`segform check` lists all that is wrong in a file; commands that work with a snapshot need to know
that its objects have the form of the API, or say where they have not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from segform.lifecycle.mapping import wire_name
from segform.resources import registry
from segform.resources.definition import Nested, Resource
from segform.resources.parts import Problem

from .documents import Document, DocumentError
from .families import FAMILIES, LINKS
from .things import Path, is_snapshot, malformed, objects, thing, wire_path, workspaces, wrong_of


def sound(document: Document) -> None:
    """Raise DocumentError for the first object that cannot be read; other documents are let be."""
    if not is_snapshot(document.value):
        return
    try:
        held = list(workspaces(document.value))
    except ValueError as bad:
        raise DocumentError(document.path, str(bad)) from None
    for at, workspace in held:
        for path, words, mend in _wrong(workspace):
            file, line, column = document.place((*at, *path))
            raise DocumentError(file, words, mend, line, column)
        for kind, where, raw in objects(workspace, at):
            for problem in chain(wrong_of(kind, raw), _incomplete(kind, raw)):
                path = (*where, *wire_path(kind, raw, problem.path))
                file, line, column = document.place(path)
                name = ".".join(map(str, problem.path))
                words = f"{thing(kind, where, raw).address} {name}".strip()
                raise DocumentError(file, f"{words}: {problem.message}", problem.mend, line, column)


def _incomplete(kind: type[Resource], raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What has to be in the parts of an object, and is not."""
    for item in kind.attributes.values():
        if isinstance(item.type, Nested):
            value = raw.get(wire_name(item))
            if value is not None:
                yield from _without(item.type, value, (item.name,))


def _without(kind: Nested, value: Any, path: Path) -> Iterator[Problem]:
    if kind.mode == "object":
        elements = [(path, value)]
    elif isinstance(value, Mapping):
        elements = [((*path, key), one) for key, one in value.items()]
    else:
        elements = [((*path, index), one) for index, one in enumerate(value)]
    for at, one in elements:
        for item in kind.attributes if isinstance(one, Mapping) else ():
            inner = one.get(wire_name(item))
            if inner is None and item.required:
                yield Problem((*at, item.name), "it is missing", item.description)
            elif isinstance(item.type, Nested) and inner is not None:
                yield from _without(item.type, inner, (*at, item.name))


def _wrong(workspace: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Lists that are none, and what the objects in them are known by: path, words, mend."""
    for path, family, message in malformed(workspace):
        yield path, f"{family}: {message}", "Write a list of objects."
    yield from _unknown(workspace)
    for link in LINKS.values():
        for index, owner in enumerate(workspace.get(link.owner.family) or ()):
            ids = owner.get(link.ids)
            good = ids is None or (isinstance(ids, list) and all(isinstance(x, str) for x in ids))
            if not good:
                path = (link.owner.family, index, link.ids)
                yield path, f"{link.ids}: it is not a list of ids", "Write a list of texts."


def _unknown(workspace: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Objects without what they are known by."""
    for name, kind in registry().items():
        keys = {FAMILIES.get(name, ""): "id" if "id" in kind.attributes else ""}
        if kind.about.open_family:
            # What has no id yet is known by what the service is to make of it.
            keys[kind.about.open_family] = wire_name(kind.attributes[kind.about.key[0]])
        for family, key in keys.items():
            for index, row in enumerate(workspace.get(family) or () if family else ()):
                if key and not (isinstance(row.get(key), str) and row[key]):
                    words = f"{family}: element {index} has no {key}"
                    mend = "Write the one that it has, or any text that no other object has."
                    yield (family, index), words, mend
