"""Snapshots that are kept on this machine before something is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from segform.errors import ConfigurationError

from . import files
from .live import Live
from .snapshot import of_live

if TYPE_CHECKING:
    from .engine import Workspace

FOLDER = Path(".segform") / "snapshots"


def keep(engine: Workspace, live: Live) -> Path:
    """Write what was seen to `.segform/snapshots/<workspace>/<time>.json` (0600); its path."""
    folder = engine.folder / FOLDER / engine.id
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ConfigurationError(
            f"the workspace cannot be saved before it is written to, so nothing was: "
            f"{problem.filename}: {problem.strerror}. Run this in a folder that can be written"
        ) from None
    name = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    path = folder / f"{name}.json"
    facts = {"id": engine.id, "slug": engine.slug, "name": engine.name}
    files.write(of_live(live, facts), path)
    return path


def kept(engine: Workspace) -> list[Path]:
    """The snapshots of a workspace that are kept here, the oldest first."""
    return sorted((engine.folder / FOLDER / engine.id).glob("*.json"))
