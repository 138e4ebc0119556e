"""Snapshots and what is wanted, as files: JSON, YAML, a folder, a Python module."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segform.resources.exact import dumps, loads, pretty

from . import documents
from .desired import Desired
from .snapshot import FORMAT, VERSION, load, text

# The file of a folder that says whose it is; each family has another beside it.
_HEAD = "workspace.json"
_YAML = (".yaml", ".yml")
_FAMILY = re.compile(r"[a-z][A-Za-z]*\Z")


def read(path: Path) -> dict[str, Any]:
    """A snapshot from a JSON or YAML file, or from a folder, also one of Segment's Git Sync.

    Raises ValueError.
    """
    if not path.is_dir():
        return load(path)
    from . import git_sync

    if not (path / _HEAD).is_file() and git_sync.is_git_sync(path):
        return git_sync.read(path)
    return _folder(path)


def write(snapshot: Mapping[str, Any], path: Path) -> None:
    """Write a snapshot: a folder where the name has no ending, else JSON or YAML by its ending.

    Files are written whole or not at all, and for their owner alone: names of people are in them.
    Raises ValueError for another ending.
    """
    if not path.suffix or path.is_dir():
        _write_folder(snapshot, path)
    elif path.suffix == ".json":
        put(path, text(snapshot))
    elif path.suffix in _YAML:
        put(path, _as_yaml(snapshot))
    else:
        raise ValueError(f"{path}: a snapshot is a .json or .yaml file, or a folder")


def put(path: Path, content: str) -> None:
    """Write a file whole or not at all, readable for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    beside.replace(path)


def _write_folder(snapshot: Mapping[str, Any], path: Path) -> None:
    [workspace] = snapshot["workspaces"]
    head = {key: one for key, one in workspace.items() if not isinstance(one, list)}
    families = {key: one for key, one in workspace.items() if isinstance(one, list)}
    for family, objects in families.items():
        put(path / f"{family}.json", _json(objects))
    for left in path.glob("*.json"):
        # A family that is gone must not come back with the next read.
        if left.name != _HEAD and left.stem not in families and _FAMILY.match(left.stem):
            left.unlink()
    put(path / _HEAD, _json({"format": FORMAT, "version": VERSION, **head}))


def _folder(path: Path) -> dict[str, Any]:
    head_file = path / _HEAD
    if not head_file.is_file():
        raise ValueError(f"{path} is no snapshot: it has no {_HEAD}")
    head = documents.read(head_file).value
    if not isinstance(head, dict) or head.get("format") != FORMAT or head.get("version") != VERSION:
        raise ValueError(f"{head_file} is no snapshot: its `format` has to be {FORMAT!r}")
    workspace = {key: one for key, one in head.items() if key not in ("format", "version")}
    for file in sorted(path.glob("*.json")):
        if file.name != _HEAD and _FAMILY.match(file.stem):
            found = documents.read(file).value
            if not isinstance(found, list):
                raise ValueError(f"{file}: a list of objects is wanted")
            workspace[file.stem] = found
    return {"format": FORMAT, "version": VERSION, "workspaces": [workspace]}


def _json(value: Any) -> str:
    return pretty(value) + "\n"


def _as_yaml(snapshot: Mapping[str, Any]) -> str:
    try:
        from .yaml_form import written
    except ImportError:
        raise ValueError("YAML needs PyYAML: pip install 'segform[tracking]'") from None
    return written(loads(dumps(snapshot)))


def of_python(path: Path) -> Desired:
    """What a Python file declares as `desired`: a `Desired`, or a function that returns one.

    The file is run, as `python FILE` would. Raises ValueError where it has no `desired`.
    """
    import runpy
    import sys

    folder = str(path.resolve().parent)
    before = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        found = runpy.run_path(str(path)).get("desired")
        if callable(found):
            found = found()
    finally:
        sys.path.remove(folder)
        # The same file of another revision has modules of the same names.
        for name in set(sys.modules) - before:
            home = getattr(sys.modules[name], "__file__", None) or ""
            if home.startswith(folder + os.sep):
                del sys.modules[name]
    if not isinstance(found, Desired):
        raise ValueError(
            f"{path} declares nothing: it needs `desired = Desired()`, or a function `desired()` "
            "that returns one"
        )
    return found
