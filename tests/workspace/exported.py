"""An export as Python, run in this process."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from segform.export import export, write
from segform.workspace import Bindings, Desired


def as_python(snapshot: dict[str, Any], bindings: Bindings, folder: Path) -> Desired:
    """Write a snapshot as Python to an empty folder, and import what it declares."""
    write(export(snapshot, "python", bindings=bindings).files, folder)
    return declared(folder)


def declared(folder: Path) -> Desired:
    """What the `main.py` of a folder wants, imported in this process."""
    names = [path.stem for path in folder.glob("*.py")]
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        found: Desired = importlib.import_module("main").wanted()
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(kept)
    return found
