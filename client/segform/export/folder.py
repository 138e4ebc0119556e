"""An export on disk: what people edited since stays as it is.

`.segform-export.json` holds a hash of every file as it was written. A file that differs from it, or
that was there before, is never touched: then nothing at all is written, and the files are named.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path

MANIFEST = ".segform-export.json"
_FORMAT, _VERSION = "segform.export", 1


class Edited(ValueError):
    """Files that an export would overwrite were edited, or are none of its own."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.names = names
        super().__init__(
            f"{folder}: {', '.join(names)} changed since they were written, or were never written "
            "by an export; nothing was touched. Export to another folder and compare, or move "
            "them away."
        )


def write(
    files: Mapping[str, str], folder: Path, objects: Mapping[str, str] | None = None
) -> list[Path]:
    """Write the files of an export; the paths that changed.

    `objects` (address -> import id) are remembered, so that a later export can be merged.

    Files of an earlier export that are no longer in it are removed, where nobody edited them.
    Raises `Edited`, and OSError.
    """
    known = _known(folder)
    wanted = {name: text.encode("utf-8", "replace") for name, text in files.items()}
    edited = [name for name, data in wanted.items() if not _ours(folder / name, known, name, data)]
    gone = [name for name in known if name not in wanted and (folder / name).exists()]
    edited += [name for name in gone if _hash((folder / name).read_bytes()) != known[name]]
    if edited:
        raise Edited(folder, sorted(edited))
    changed: list[Path] = []
    for name, data in wanted.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            _replace(path, data)
            changed.append(path)
    for name in gone:
        (folder / name).unlink()
        changed.append(folder / name)
    _keep(folder, {name: _hash(data) for name, data in wanted.items()}, objects or {})
    return changed


def add(
    files: Mapping[str, str],
    folder: Path,
    objects: Mapping[str, str],
    replaced: Collection[str] = (),
) -> list[Path]:
    """Write files beside those that are there, none of which is touched; the paths.

    `replaced`: files that are no code, and hold what was there and more.

    Raises `Edited` where one of them is there already, with other contents.
    """
    known = _known(folder)
    wanted = {name: text.encode("utf-8", "replace") for name, text in files.items()}
    there = [
        name
        for name, data in wanted.items()
        if (folder / name).is_symlink()
        or (
            name not in replaced
            and (folder / name).exists()
            and (folder / name).read_bytes() != data
        )
    ]
    if there:
        raise Edited(folder, sorted(there))
    # What was edited stays so, also with more in it.
    theirs = set(edited(folder)) & set(replaced)
    for name, data in wanted.items():
        _replace(folder / name, data)
    ours = {name: _hash(data) for name, data in wanted.items() if name not in theirs}
    hashes = {**known, **ours}
    _keep(folder, hashes, {**known_objects(folder), **objects})
    return [folder / name for name in wanted]


def known_objects(folder: Path) -> dict[str, str]:
    """Address -> import id, of what exports have put there."""
    path = folder / MANIFEST
    _known(folder)
    if not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8")).get("objects") or {}
    return {str(address): str(one) for address, one in dict(found).items()}


def edited(folder: Path) -> list[str]:
    """Files of an export that somebody has changed since, or removed."""
    return sorted(
        name
        for name, digest in _known(folder).items()
        if not (folder / name).is_file() or _hash((folder / name).read_bytes()) != digest
    )


def _keep(folder: Path, hashes: Mapping[str, str], objects: Mapping[str, str]) -> None:
    manifest = {
        "format": _FORMAT,
        "version": _VERSION,
        "files": dict(sorted(hashes.items())),
        "objects": dict(sorted(objects.items())),
    }
    _replace(folder / MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())


def _ours(path: Path, known: Mapping[str, str], name: str, data: bytes) -> bool:
    """Whether a path may be written: it is free, as we left it, or as we would write it."""
    if path.is_symlink():
        return False
    if not path.exists():
        return True
    there = path.read_bytes() if path.is_file() else b""
    return path.is_file() and (there == data or known.get(name) == _hash(there))


def _known(folder: Path) -> dict[str, str]:
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != _FORMAT or found["version"] != _VERSION:
            raise ValueError("it has another format or version")
        files = {str(name): str(digest) for name, digest in found["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{path} is no manifest of an export: {problem}") from None
    bad = [one for one in files if Path(one).is_absolute() or ".." in Path(one).parts]
    if bad:
        raise ValueError(f"{path} names a file outside of its folder: {bad[0]!r}")
    return files


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
