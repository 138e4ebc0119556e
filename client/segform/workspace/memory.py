"""What this machine remembers of the objects that it wrote: which settings it manages.

The service shows secrets as masks, so that nobody can see whether one was changed in the
declaration. The same salted hashes that the Terraform provider keeps in its private data are kept
here, in `.segform/managed/<workspace>.json` (0600, not meant to be committed), and a hash that
tells the token of the last apply from others. A file that is lost costs this much: a secret that
was changed since is not noticed before the next other change, and that an object is gone needs
other evidence than that this token knew it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from segform.resources.exact import dumps, loads

# In place of kind and id: what is true of the whole workspace.
_WORKSPACE = "workspace"


class Memory:
    """Private data by kind and id; one file, read at the start and written at the end."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, dict[str, Any]] = {}
        if path is not None:
            try:
                found = loads(path.read_text(encoding="utf-8"))
                self._known = {str(key): dict(one) for key, one in found.items()}
            except (OSError, ValueError, AttributeError, TypeError):
                self._known = {}

    def of(self, kind: str, object_id: str) -> dict[str, Any]:
        """What is remembered of an object; empty where nothing is."""
        return dict(self._known.get(f"{kind}.{object_id}", {}))

    def keep(self, kind: str, object_id: str, private: dict[str, Any]) -> None:
        """Remember an object's private data."""
        kept: dict[str, Any] = {
            name: private[name] for name in ("managed", "salt") if name in private
        }
        if kept:
            self._known[f"{kind}.{object_id}"] = kept

    def drop(self, kind: str, object_id: str) -> None:
        """Forget an object."""
        self._known.pop(f"{kind}.{object_id}", None)

    def seen(self) -> dict[str, Any]:
        """Which token has seen everything that is bound, as private data of an object has it."""
        return dict(self._known.get(_WORKSPACE, {}))

    def saw(self, mark: str) -> None:
        """Remember that a token has seen everything that is bound."""
        self._known[_WORKSPACE] = {"seen_by": mark}

    def save(self) -> None:
        """Write the file; one that cannot be written is done without."""
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(json.loads(dumps(self._known)), indent=1))
            beside.replace(self._path)
        except OSError:
            return
