"""Snapshots and what is wanted, as files: JSON, YAML, a folder, a Python module."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segform.resources.exact import dumps, loads, pretty

from . import documents
from .desired import Desired
from .families import FORMAT, VERSION
from .snapshot import load, text

_HEAD = documents.HEAD
_YAML = (".yaml", ".yml")


def read(path: Path) -> dict[str, Any]:
    """A snapshot from a JSON or YAML file, or from a folder, also one of Segment's Git Sync.

    Raises ValueError.
    """
    if not path.is_dir():
        return load(path)
    if is_git_sync(path):
        from . import git_sync

        return git_sync.read(path)
    return _folder(path)


def lacking(path: Path) -> list[str]:
    """What the snapshot of a folder of Git Sync does not have, in words. Raises ValueError."""
    if not is_git_sync(path):
        return []
    from . import git_sync

    return git_sync.folder(path).lacking


def is_git_sync(path: Path) -> bool:
    """Whether a folder has files of HCL in folders of kinds, as Segment's Git Sync writes them."""
    if not path.is_dir() or (path / _HEAD).is_file():
        return False
    return next(path.glob("*/*.tf"), None) is not None


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
        raise _no_name(path)


def snapshot_name(path: Path | None) -> None:
    """Raise ValueError where a snapshot could not be written under a name, before one is read."""
    known = (".json", *_YAML)
    if path is not None and path.suffix and path.suffix not in known and not path.is_dir():
        raise _no_name(path)


def _no_name(path: Path) -> ValueError:
    return ValueError(f"{path}: a snapshot is a .json or .yaml file, or a folder")


def writable(path: Path | None) -> None:
    """Raise OSError where a file could not be written, before what it is for has been done."""
    if path is None or path.is_dir():
        return
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def put(path: Path, content: str) -> None:
    """Write a file whole or not at all, readable for its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    except OSError as problem:
        # Whoever asked for the file knows it by its own name.
        raise OSError(problem.errno, problem.strerror, str(path)) from None


def _write_folder(snapshot: Mapping[str, Any], path: Path) -> None:
    [workspace] = snapshot["workspaces"]
    head = {key: one for key, one in workspace.items() if not isinstance(one, list)}
    families = {key: one for key, one in workspace.items() if isinstance(one, list)}
    for family, objects in families.items():
        put(path / f"{family}.json", _json(objects))
    for left in path.glob("*.json"):
        # A family that is gone must not come back with the next read.
        if left.name == _HEAD or left.stem in families:
            continue
        if documents.FAMILY.match(left.stem):
            left.unlink()
    put(path / _HEAD, _json({"format": FORMAT, "version": VERSION, **head}))


def _folder(path: Path) -> dict[str, Any]:
    head_file = path / _HEAD
    if not head_file.is_file():
        raise ValueError(f"{path} is no snapshot: it has no {_HEAD}")
    document = documents.read_folder(path)
    found: dict[str, Any] = document.value
    if found.get("format") != FORMAT or found.get("version") != VERSION:
        raise ValueError(f"{head_file} is no snapshot: its `format` has to be {FORMAT!r}")
    from .sound import sound

    sound(document)
    return found


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

    The file is run, as `python FILE` would. Raises ValueError where it has no `desired`, and for
    what it raises itself: with the last line of its own code that led there.
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
    except (Exception, SystemExit) as problem:
        raise _of_theirs(problem, path, folder) from problem
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


def _of_theirs(problem: BaseException, path: Path, folder: str) -> documents.DocumentError:
    """An error of somebody's Python as an error of a file: where, what, and how to see more."""
    import traceback

    file, line = path, 1
    if isinstance(problem, SyntaxError) and problem.filename:
        file, line = Path(problem.filename), problem.lineno or 1
    else:
        for frame in traceback.extract_tb(problem.__traceback__):
            if frame.filename == str(path) or frame.filename.startswith(folder + os.sep):
                file, line = Path(frame.filename), frame.lineno or 1
    if isinstance(problem, SyntaxError):
        words = f"it is not Python: {problem.msg}"
    elif isinstance(problem, SystemExit):
        words = "it ends the program (SystemExit) before it has declared what is wanted"
    elif isinstance(problem, ValueError):
        words = str(problem)
    else:
        words = f"{type(problem).__name__}: {problem}"
    return documents.DocumentError(file, words.rstrip("."), "", line)
